// Routes that the compiler can't judge: refused at start, all at once (CFG-030).
#include "support/small_service.hpp"

#include <gtest/gtest.h>

namespace sallyport::testing {
namespace {

// What stands against serving `router`, one line per finding.
std::vector<std::string> findings_of(const Router& router) {
  const base::SystemClock clock;
  const detail::AppDefinition definition;
  ops::Findings findings;
  const route::Service service(ops::Settings{}, router, definition, clock, findings);
  std::vector<std::string> lines;
  for (const auto& finding : findings.list())
    lines.push_back(std::string(finding.code) + " " + finding.where + ": " + finding.reason);
  return lines;
}

constexpr auto nothing = [] { return NoContent{}; };
constexpr anyone everybody("for the tests of refusals");

TEST(Routes, OneForEachRequest) {
  Router router;
  router.get("/notes/:id", everybody, nothing)
      .get("/notes/:note", everybody, nothing)
      .post("/notes/:id", everybody, nothing);
  const auto findings = findings_of(router);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0], "CFG-030 GET /notes/:note: another route matches the same requests: /notes/:id");
}

TEST(Routes, ParameterThatThePathDoesNotHave) {
  Router router;
  router.get("/notes/:id", everybody, [](Path<"note", Text<1, 9>>) { return NoContent{}; });
  const auto findings = findings_of(router);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].find(":note"), std::string::npos);
}

TEST(Routes, ParameterTwice) {
  Router router;
  router.get("/a/:id/b/:id", everybody, nothing);
  EXPECT_EQ(findings_of(router).size(), 1U);
}

TEST(Routes, StateThatNobodyProvides) {
  Router router;
  router.get("/a", everybody, [](State<const int>) { return NoContent{}; });
  const auto findings = findings_of(router);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].find("provide"), std::string::npos) << findings[0];
}

TEST(Routes, AllFindingsAtOnce) {
  Router router;
  router.get("/a", everybody, nothing).get("/a", everybody, nothing).get("/b", everybody, [](State<const int>) {
    return NoContent{};
  });
  EXPECT_EQ(findings_of(router).size(), 2U);
}

TEST(Routes, GoodOnesPass) { EXPECT_EQ(findings_of(small_routes()).size(), 0U); }

}  // namespace
}  // namespace sallyport::testing
