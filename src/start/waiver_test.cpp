// Waivers: how they are read, what they silence and until when.
#include "start/waiver.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sallyport::start {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_days day(int year, unsigned month, unsigned of_month) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(of_month);
}

std::string wrong_with(const std::string& entry) {
  ops::Findings findings;
  const std::vector<std::string> given{entry};
  const Waivers waivers({}, given, day(2026, 1, 1), findings);
  EXPECT_EQ(waivers.list().size() + findings.list().size(), 1U);
  return findings.empty() ? "" : findings.list()[0].reason;
}

TEST(Waivers, SayWhatIsWrongWithThem) {
  EXPECT_EQ(wrong_with("CFG-020 until 2026-12-31: twenty characters are enough"), "");
  EXPECT_EQ(wrong_with("CFG-020 until 2027-01-02: twenty characters are enough"), "");
  EXPECT_EQ(wrong_with("CFG-020 until 2027-01-03: twenty characters are enough"),
            "entry 1 ends more than a year from now");
  EXPECT_EQ(wrong_with("CFG-020 until 2026-12-31: 12345678901234567890"),
            "entry 1 gives no reason in words, of 20 characters or more");
  EXPECT_EQ(wrong_with("CFG-020 until 2026-12-31: nineteen characters"),
            "entry 1 gives no reason in words, of 20 characters or more");
  EXPECT_EQ(wrong_with("CFG-020 until 2026-02-29: 12345678901234567890"), "entry 1 ends on no day of the calendar");
  EXPECT_EQ(wrong_with("CFG-020 until 2026-1-1: 12345678901234567890"), "entry 1 ends on no day of the calendar");
  EXPECT_EQ(wrong_with("CFG-999 until 2026-12-31: 12345678901234567890"), "entry 1 names no code of a refusal");
  EXPECT_EQ(wrong_with("CFG-001 until 2026-12-31: 12345678901234567890"),
            "entry 1 names a refusal that can't be waived");
  for (const char* entry : {"", "CFG-020", "CFG-020 until ", "CFG-020: 12345678901234567890",
                            ": CFG-020 until 2026-12-31", "CFG-020 until 2026-12-31"}) {
    EXPECT_NE(wrong_with(entry).find("is not of the form"), std::string::npos) << entry;
  }
}

struct Applied {
  ops::Findings findings;
  Waivers waivers;
  Applied(base::Clock::WallTime now, std::string_view code = "CFG-020")
      : waivers(std::array{detail::WaiverFacts{code, "until the next release is out", day(2026, 6, 30)}}, {}, now,
                findings) {
    findings.add("CFG-020", "program");
    waivers.apply(findings);
  }
};

TEST(Waivers, HoldToTheEndOfTheirDayInUtc) {
  const Applied last_second(day(2026, 6, 30) + 24h - 1s);
  EXPECT_TRUE(last_second.findings.empty());
  EXPECT_EQ(last_second.waivers.line(last_second.waivers.list()[0]),
            "waiver: CFG-020 until 2026-06-30: until the next release is out");

  Applied next_day(day(2026, 7, 1));
  next_day.waivers.apply(next_day.findings);  // again: it is said once
  ASSERT_EQ(next_day.findings.list().size(), 1U);
  EXPECT_EQ(next_day.findings.list()[0].reason,
            "the program was not built for production; its waiver has expired (2026-06-30)");
}

TEST(Waivers, OfTheProgramEndWithinAYear) {
  const Applied longer(day(2025, 6, 28));
  ASSERT_EQ(longer.findings.list().size(), 2U);
  EXPECT_EQ(longer.findings.list()[0].reason, "the program's waiver of CFG-020 ends more than a year from now");
  EXPECT_TRUE(Applied(day(2025, 6, 29)).findings.empty());
}

TEST(Waivers, OfAnotherCodeIsToldToBeOfNoUse) {
  const Applied other(day(2026, 1, 1), "CFG-016");
  EXPECT_EQ(other.findings.list().size(), 1U);
  EXPECT_NE(other.waivers.line(other.waivers.list()[0]).find("(this start found nothing that it is for"),
            std::string::npos);
}

TEST(Waivers, DoNotSilenceWhatIsUnwaivable) {
  Applied all(day(2026, 1, 1));
  all.findings.add_unwaivable("CFG-020", "program", "for this there is no excuse");
  all.findings.add(ops::Finding{"CFG-020", "x", "made by hand", "mend it"});
  all.waivers.apply(all.findings);
  all.waivers.apply(all.findings);
  ASSERT_EQ(all.findings.list().size(), 2U);
  EXPECT_EQ(all.findings.list()[0].reason, "for this there is no excuse; no waiver accepts this case of CFG-020")
      << "a waiver that is passed over is told, once";
}

TEST(Waivers, AsJson) {
  const Applied applied(day(2026, 1, 1));
  EXPECT_EQ(applied.waivers.json(),
            "[{\"code\":\"CFG-020\",\"until\":\"2026-06-30\",\"reason\":\"until the next release is out\","
            "\"used\":true,\"expired\":false}]");
  EXPECT_EQ(applied.findings.json(applied.waivers.json()),
            "{\"ok\":true,\"findings\":[],\"waivers\":" + applied.waivers.json() + "}\n");
}

}  // namespace
}  // namespace sallyport::start
