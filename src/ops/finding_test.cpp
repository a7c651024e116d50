// Findings: the table of codes, and what people and machines are shown.
#include "ops/finding.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "support/pasted_fix.hpp"

namespace sallyport::ops {
namespace {

TEST(Refusals, AreSortedUniqueAndComplete) {
  std::string_view last;
  for (const Refusal& refusal : refusals) {
    EXPECT_LT(last, refusal.code);
    EXPECT_EQ(refusal.code.size(), 7U);
    EXPECT_FALSE(refusal.reason.empty()) << refusal.code;
    EXPECT_FALSE(refusal.fix.empty()) << refusal.code;
    EXPECT_FALSE(refusal.reason.ends_with('.')) << refusal.code;
    last = refusal.code;
  }
}

TEST(Refusals, SettingsInAFixCanBePasted) {
  for (const Refusal& refusal : refusals) EXPECT_EQ(sallyport::testing::fault_of_fix(refusal.fix), "") << refusal.code;
  using sallyport::testing::fault_of_fix;
  EXPECT_NE(fault_of_fix("write [server] origin = \"https://notes.example\""), "") << "the check itself";
  EXPECT_NE(fault_of_fix("server.trusted_proxies = \"10.0.0.7\""), "");
  EXPECT_NE(fault_of_fix("password.iterations = 1"), "");
  EXPECT_NE(fault_of_fix("--server.orign=https://notes.example"), "");
}

TEST(Findings, ShowsThemAllToAPerson) {
  Findings findings;
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(findings.text("notes"), "notes: nothing to refuse\n");
  findings.add("CFG-011", "server.origin");
  findings.add("CFG-024", "notes.toml:3 a", "no such setting", "did you mean b?");
  EXPECT_EQ(findings.text("notes"),
            "notes: refuses to start: 2 findings\n"
            "  CFG-011  server.origin   the origin is not https\n"
            "                           fix: serve over https, and say so: server.origin = \"https://notes.example\"\n"
            "  CFG-024  notes.toml:3 a  no such setting\n"
            "                           fix: did you mean b?\n");
}

TEST(Findings, ANameCannotWriteToTheTerminal) {
  Findings findings;
  findings.add("CFG-024", "--\x1b[2Jx\n", "no\rsuch\x7f", "a\tb");
  const std::string text = findings.text("notes");
  EXPECT_NE(text.find("--?[2Jx?  no?such?\n"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Findings, ShowsThemAllToAMachine) {
  Findings findings;
  EXPECT_EQ(findings.json(), "{\"ok\":true,\"findings\":[],\"waivers\":[]}\n");
  findings.add("CFG-001", "keys.file");
  findings.add("CFG-024", "--\"x\n\xff" + std::string(600, 'y'), "because", "do");
  simdjson::dom::parser parser;
  const std::string json = findings.json();
  const simdjson::dom::element root = parser.parse(json);
  EXPECT_FALSE(bool{root["ok"]});
  EXPECT_EQ(simdjson::dom::array{root["findings"]}.size(), 2U);
  EXPECT_EQ(std::string_view{root.at_pointer("/findings/0/code")}, "CFG-001");
  EXPECT_EQ(std::string_view{root.at_pointer("/findings/0/reason")}, "no master key");
  EXPECT_EQ(std::string_view{root.at_pointer("/findings/1/where")}, "--\"x\n\xef\xbf\xbd" + std::string(600, 'y'));
  EXPECT_EQ(std::string_view{root.at_pointer("/findings/1/reason")}, "because");
  EXPECT_EQ(std::string_view{root.at_pointer("/findings/1/fix")}, "do");
}

}  // namespace
}  // namespace sallyport::ops
