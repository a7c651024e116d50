// Points in time as JSON, templates and CSV show them.
#include <sallyport/csv.hpp>
#include <sallyport/html.hpp>
#include <sallyport/json.hpp>
#include <sallyport/time.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace time_types {
struct Note {
  std::string title;
  sallyport::Time created;
  sallyport::Maybe<std::chrono::sys_seconds> read;
  std::chrono::system_clock::time_point now;
};
}  // namespace time_types
template <>
struct sallyport::view<time_types::Note> {
  using show =
      fields<&time_types::Note::title, &time_types::Note::created, &time_types::Note::read, &time_types::Note::now>;
};

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

Time at(std::int64_t milliseconds) { return Time{std::chrono::milliseconds(milliseconds)}; }

TEST(Time, IsRfc3339InUtc) {
  EXPECT_EQ(detail::time_text(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(detail::time_text(at(951'782'399'999)), "2000-02-28T23:59:59.999Z");
  EXPECT_EQ(detail::time_text(at(951'782'400'000)), "2000-02-29T00:00:00Z");
  EXPECT_EQ(detail::time_text(at(1'795'944'907'050)), "2026-11-29T09:35:07.050Z");
  EXPECT_EQ(detail::time_text(at(-1)), "1969-12-31T23:59:59.999Z") << "before 1970";
}

TEST(Time, HasNoTextOutsideOfFourDigitYears) {
  EXPECT_EQ(detail::time_text(at(253'402'300'799'999)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(detail::time_text(at(253'402'300'800'000)), "");
  EXPECT_EQ(detail::time_text(at(-62'167'219'200'000)), "0000-01-01T00:00:00Z");
  EXPECT_EQ(detail::time_text(at(-62'167'219'200'001)), "");
}

TEST(Time, OfEveryPrecisionIsShownAlike) {
  const time_types::Note note{"Milk", at(1500), std::chrono::sys_seconds(2s),
                              std::chrono::system_clock::time_point(3s)};
  EXPECT_EQ(
      json(note).text(),
      R"({"title":"Milk","created":"1970-01-01T00:00:01.500Z","read":"1970-01-01T00:00:02Z","now":"1970-01-01T00:00:03Z"})");
  EXPECT_EQ(csv_line(at(1500), std::chrono::sys_seconds(2s)).text(),
            "\"1970-01-01T00:00:01.500Z\",\"1970-01-01T00:00:02Z\"\r\n");
}

TEST(Time, ThatHasNoTextIsNull) {
  const time_types::Note note{"Milk", at(253'402'300'800'000), {}, {}};
  EXPECT_EQ(json(note).text(), R"({"title":"Milk","created":null,"read":null,"now":"1970-01-01T00:00:00Z"})");
}

TEST(Time, StandsInATemplate) {
  const Html html = sallyport::html<"<time datetime=\"{}\">{}</time>">(at(0), at(0));
  EXPECT_NE(std::string(html.view()).find("<time datetime=\"1970-01-01T00:00:00Z\">1970-01-01T00:00:00Z</time>"),
            std::string::npos);
}

}  // namespace
}  // namespace sallyport::testing
