// Waivers at start: what they silence, until when, and that nobody can overlook them.
#include "refusals/deployment.hpp"

#include <simdjson.h>

#include <csignal>

namespace sallyport::testing {
namespace {

const std::string day = waiver_day.text;

// One thing wrong that can be waived: a public range of trusted proxies.
Deployment& neighbourhood(Deployment& deployment, const std::string& waiver) {
  return deployment.set("--server.trusted-proxies", "8.8.8.0/24")
      .set("--waivers", Deployment::debug_build + (waiver.empty() ? "" : "," + waiver));
}

TEST(Waiver, SilencesItsCodeIsPrintedAndLogged) {
  Deployment deployment;
  neighbourhood(deployment, "CFG-015 until " + day + ": the load balancer has this range alone");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: ")) << process.errors;
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_NE(process.output.find("waiver: CFG-015 until " + day + ": the load balancer has this range alone\n"),
            std::string::npos)
      << process.output;
  EXPECT_NE(process.output.find(R"("event":"sys_waiver","app":"notes","ver":"0.1.0","run":")"), std::string::npos)
      << process.output;
  EXPECT_NE(process.output.find(R"(","code":"CFG-015","reason":"the )"), std::string::npos) << process.output;
  // Every line of the log has the number of this run, which nothing that the program prints can know.
  const std::size_t at = process.output.find(R"("run":")");
  ASSERT_NE(at, std::string::npos);
  const std::string run = process.output.substr(at, 24);
  std::size_t lines = 0;
  for (std::size_t begin = process.output.find(R"({"ts":")"); begin != std::string::npos;
       begin = process.output.find(R"({"ts":")", begin + 1)) {
    const std::string line = process.output.substr(begin, process.output.find('\n', begin) - begin);
    EXPECT_NE(line.find(run + ","), std::string::npos) << line;
    ++lines;
  }
  EXPECT_GE(lines, 2U);
}

TEST(Waiver, ExpiredOneDoesNot) {
  Deployment deployment;
  neighbourhood(deployment, "CFG-015 until 2025-12-31: the load balancer has this range alone");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  EXPECT_EQ(process.wait(), 78);
  EXPECT_NE(process.errors.find("its waiver has expired (2025-12-31)"), std::string::npos) << process.errors;
}

TEST(Waiver, OfAnotherCodeDoesNot) {
  Deployment deployment;
  neighbourhood(deployment, "CFG-016 until " + day + ": the load balancer has this range alone");
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-015"});
}

TEST(Waiver, DoesNotHelpWhoTrustsEverybody) {
  Deployment deployment;
  neighbourhood(deployment, "CFG-015 until " + day + ": the load balancer has this range alone")
      .set("--server.trusted-proxies", "0.0.0.0/0");
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-015"});
}

TEST(Waiver, DoesNotHideAValueThatIsOutOfBounds) {
  Deployment deployment;
  deployment.set("--password.iterations", "1")
      .set("--waivers", Deployment::debug_build + ",CFG-041 until " + day + ": this machine is a slow one");
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-041"});
}

TEST(Waiver, UnusedOneIsToldAndServes) {
  Deployment deployment;
  deployment.set("--waivers",
                 Deployment::debug_build + ",CFG-016 until " + day + ": nobody remembers what this was for");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: ")) << process.errors;
  EXPECT_NE(process.output.find("what this was for (this start found nothing that it is for)"), std::string::npos);
}

TEST(Waiver, MalformedOnesAreFindings) {
  for (const std::string& entry :
       {std::string("CFG-015"), std::string("CFG-015 until tomorrow: the load balancer has this range alone"),
        std::string("CFG-015 until 2027-02-30: the load balancer has this range alone"),
        "CFG-015 until " + day + ": too short", "CFG-015 until " + day + ": --------------------",
        std::string("CFG-015 until 2099-12-31: the load balancer has this range alone"),
        "CFG-999 until " + day + ": the load balancer has this range alone",
        "CFG-001 until " + day + ": a key would be too much trouble here"}) {
    Deployment deployment;
    deployment.set("--waivers", Deployment::debug_build + "," + entry);
    EXPECT_EQ(deployment.refusals(), Codes{"CFG-024"}) << entry;
  }
}

TEST(Waiver, InTheCode) {
  Deployment deployment;
  deployment.set("--server.trusted-proxies", "8.8.8.0/24");
  deployment.arguments.emplace_back("--check");
  const auto routes = [](App& app) { app.get("/", anyone("for the tests of refusals"), [] { return NoContent{}; }); };
  const auto without = deployment.run(routes);
  EXPECT_EQ(without.status, 78);
  const auto with = deployment.run([&](App& app) {
    app.waive("CFG-015", "the load balancer has this range alone", waiver_day.text);
    routes(app);
  });
  EXPECT_EQ(with.status, 0) << with.output << with.errors;
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(with.output);
  EXPECT_TRUE(bool{root["ok"]});
  EXPECT_EQ(simdjson::dom::array{root["waivers"]}.size(), 2U);
  EXPECT_EQ(std::string_view{root.at_pointer("/waivers/0/code")}, "CFG-015");
  EXPECT_TRUE(bool{root.at_pointer("/waivers/0/used")});

  const auto for_ever = deployment.run([&](App& app) {
    app.waive("CFG-015", "the load balancer has this range alone", "2048-12-31");
    routes(app);
  });
  EXPECT_EQ(for_ever.status, 78);
  EXPECT_NE(for_ever.output.find("more than a year from now"), std::string::npos) << for_ever.output;
}

}  // namespace
}  // namespace sallyport::testing
