// Time stamps as RFC 3339 writes them, before and after 1970, whichever second was written before.
#include "base/timestamp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::base {
namespace {

using namespace std::chrono;

TEST(Timestamp, KnownTimes) {
  struct Case {
    sys_days day;
    nanoseconds since_midnight;
    std::string_view text;
  };
  const Case cases[] = {
      {2026y / January / 1, 0ns, "2026-01-01T00:00:00.000Z"},
      {2026y / January / 1, 7ms, "2026-01-01T00:00:00.007Z"},  // within the second of the one before
      {2026y / January / 1, 999'999'999ns, "2026-01-01T00:00:00.999Z"},
      {2026y / January / 1, 1s, "2026-01-01T00:00:01.000Z"},
      {2026y / December / 31, 23h + 59min + 58s + 120ms, "2026-12-31T23:59:58.120Z"},
      {2026y / May / 4, 1h, "2026-05-04T01:00:00.000Z"},
      {2024y / February / 29, 12h + 34min + 56s + 789ms, "2024-02-29T12:34:56.789Z"},
      {1970y / January / 1, 0ns, "1970-01-01T00:00:00.000Z"},
      {1969y / December / 31, 23h + 59min + 59s + 999ms, "1969-12-31T23:59:59.999Z"},
      {1969y / December / 31, 24h - 1ns, "1969-12-31T23:59:59.999Z"},
      {1969y / December / 31, 23h + 59min + 59s, "1969-12-31T23:59:59.000Z"},
      {1969y / December / 31, 23h + 59min + 58s + 1ms, "1969-12-31T23:59:58.001Z"},
  };
  Timestamp stamp;
  for (const Case& c : cases) {
    EXPECT_EQ(stamp.at(Clock::WallTime(c.day) + c.since_midnight), c.text);
    EXPECT_EQ(Timestamp().at(Clock::WallTime(c.day) + c.since_midnight), c.text);
  }
}

}  // namespace
}  // namespace sallyport::base
