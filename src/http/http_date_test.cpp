// HTTP dates: the RFC's own examples, calendars' corners, and what looks like a date and is none.
#include "http/http_date.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sallyport::http {
namespace {

constexpr std::int64_t in_2026 = 1'767'225'600;  // Thu, 01 Jan 2026 00:00:00 GMT
constexpr std::int64_t sample = 784'111'777;     // RFC 9110 5.6.7

std::optional<std::int64_t> parse(std::string_view text, std::int64_t now = in_2026) {
  return parse_http_date(text, now);
}

std::string written(std::int64_t seconds) {
  const auto text = http_date(seconds);
  return {text.data(), text.size()};
}

TEST(HttpDate, ReadsTheThreeFormsOfTheRfc) {
  EXPECT_EQ(parse("Sun, 06 Nov 1994 08:49:37 GMT"), sample);
  EXPECT_EQ(parse("Sunday, 06-Nov-94 08:49:37 GMT"), sample);
  EXPECT_EQ(parse("Sun Nov  6 08:49:37 1994"), sample);
  EXPECT_EQ(parse("Wed Nov 16 08:49:37 1994"), sample + 10 * 86'400);
}

TEST(HttpDate, ReadsAndWritesTheSameSecond) {
  const std::pair<std::string_view, std::int64_t> cases[] = {
      {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
      {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
      {"Tue, 29 Feb 2000 12:00:00 GMT", 951'825'600},
      {"Thu, 29 Feb 2024 23:59:59 GMT", 1'709'251'199},
      {"Tue, 19 Jan 2038 03:14:08 GMT", 2'147'483'648},
      {"Mon, 01 Mar 2100 00:00:00 GMT", 4'107'542'400},
      {"Sat, 01 Jan 0000 00:00:00 GMT", first_http_date},
      {"Fri, 31 Dec 9999 23:59:59 GMT", last_http_date},
  };
  for (const auto& [text, seconds] : cases) {
    EXPECT_EQ(parse(text), seconds) << text;
    EXPECT_EQ(written(seconds), text);
  }
}

TEST(HttpDate, WritesTheNearestItCanSay) {
  EXPECT_EQ(written(INT64_MIN), "Sat, 01 Jan 0000 00:00:00 GMT");
  EXPECT_EQ(written(INT64_MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(HttpDate, ALeapSecondIsTheSecondAfterIt) {
  EXPECT_EQ(parse("Sat, 31 Dec 2016 23:59:60 GMT"), 1'483'228'800);
  EXPECT_EQ(parse("Sat, 31 Dec 2016 23:58:60 GMT"), std::nullopt);
  EXPECT_EQ(parse("Sat, 31 Dec 2016 23:59:61 GMT"), std::nullopt);
}

TEST(HttpDate, TwoDigitYearsLieAtMostFiftyYearsAhead) {
  // 2026-01-01 plus 50 years, to the second; one more is a hundred years earlier, with its own weekday.
  EXPECT_EQ(parse("Wednesday, 01-Jan-76 00:00:00 GMT"), 3'345'062'400);
  EXPECT_EQ(parse("Thursday, 01-Jan-76 00:00:01 GMT"), 189'302'401);
  EXPECT_EQ(parse("Wednesday, 01-Jan-76 00:00:01 GMT"), std::nullopt);
  EXPECT_EQ(parse("Friday, 31-Dec-99 23:59:59 GMT"), 946'684'799);
  EXPECT_EQ(parse("Saturday, 01-Jan-00 00:00:00 GMT"), 946'684'800);
  // In 2080 the window reaches into the next century, and on a leap day into a year without one.
  const auto in_2080 = *parse("Thu, 29 Feb 2080 00:00:00 GMT");
  EXPECT_EQ(parse("Wednesday, 01-Jan-10 00:00:00 GMT", in_2080), parse("Wed, 01 Jan 2110 00:00:00 GMT"));
  EXPECT_EQ(parse("Friday, 01-Mar-30 00:00:00 GMT", in_2080), parse("Fri, 01 Mar 2130 00:00:00 GMT"));
  EXPECT_EQ(parse("Saturday, 02-Mar-30 00:00:00 GMT", in_2080), parse("Sat, 02 Mar 2030 00:00:00 GMT"));
  for (const std::int64_t now : {INT64_MIN, INT64_MAX}) (void)parse("Sunday, 06-Nov-94 08:49:37 GMT", now);
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const std::string_view text : {
           "",
           "0",
           "784111777",
           "Sun, 06 Nov 1994 08:49:37",
           "Sun, 06 Nov 1994 08:49:37 UTC",
           "Sun, 06 Nov 1994 08:49:37 gmt",
           "Sun, 06 Nov 1994 08:49:37 GMT ",
           " Sun, 06 Nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 1994 08:49:37 +0000",
           "sun, 06 Nov 1994 08:49:37 GMT",
           "Sun, 06 nov 1994 08:49:37 GMT",
           "Sun,  6 Nov 1994 08:49:37 GMT",
           "Sun, 6 Nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 94 08:49:37 GMT",
           "Sun, 06-Nov-1994 08:49:37 GMT",
           "Sun, +6 Nov 1994 08:49:37 GMT",
           "Sun, 06 Nov 1994 8:49:37 GMT",
           "Sun, 06 Nov 1994 24:00:00 GMT",
           "Sun, 06 Nov 1994 08:60:37 GMT",
           "Sun, 06 Nov 1994 08:49:60 GMT",
           "Mon, 06 Nov 1994 08:49:37 GMT",  // it was a Sunday
           "Sun, 00 Nov 1994 08:49:37 GMT",
           "Thu, 31 Nov 1994 08:49:37 GMT",
           "Wed, 29 Feb 2023 08:49:37 GMT",
           "Thu, 29 Feb 1900 08:49:37 GMT",
           "Sunday, 06-Nov-1994 08:49:37 GMT",
           "Sun, 06-Nov-94 08:49:37 GMT",
           "Monday, 06-Nov-94 08:49:37 GMT",
           "Wednesday, 29-Feb-23 08:49:37 GMT",
           "Sun Nov 06 08:49:37 1994 GMT",
           "Sun Nov 6 08:49:37 1994",
           "Sun Nov  0 08:49:37 1994",
           "Sun Nov   6 08:49:37 199",
           "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
       }) {
    EXPECT_EQ(parse(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse(std::string_view("Sun, 06 Nov 1994 08:49:3\0 GMT", 29)), std::nullopt);
}

TEST(HttpDate, EveryShorterTextIsRefused) {
  const std::string_view forms[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                    "Sun Nov  6 08:49:37 1994"};
  for (const std::string_view text : forms) {
    for (std::size_t size = 0; size < text.size(); ++size) EXPECT_EQ(parse(text.substr(0, size)), std::nullopt);
  }
}

}  // namespace
}  // namespace sallyport::http
