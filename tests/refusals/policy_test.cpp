// `sallyport policy` and the lock file: what the notes example is said to do, and that a start notices when it does more.
#include "refusals/deployment.hpp"

#include <simdjson.h>

namespace sallyport::testing {
namespace {

constexpr const char* notes_program = SALLYPORT_BINARY_DIR "/notes";

struct Told {
  int status;
  std::string output;
  std::string errors;
};

Told policy(const TemporaryFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), "policy");
  Process process("sallyport", words, {}, folder.file("."));
  const int status = process.wait();
  return {status, process.output, process.errors};
}

std::string read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Policy, TableForPeople) {
  const TemporaryFolder folder;
  const Told told = policy(folder, {notes_program});
  EXPECT_EQ(told.status, 0) << told.errors;
  for (const char* line :
       {"POST    /api/login            anyone: the sign-in form\n"
        "        limit 5 failures per account and 20 per source in 15 min\n"
        "        in    json (262144 bytes) email email, password password 1..1024\n"
        "        out   response\n",
        "POST    /.well-known/reports  anyone: browsers report violated policies without signing in\n",
        "GET     /api/notes            signed_in\n"
        "        out   200 json list of Note {id, title, body, updated_at}\n",
        "        in    query welcome optional boolean\n", "        out   204 nothing\n", "\nWaivers: none\n"}) {
    EXPECT_NE(told.output.find(line), std::string::npos) << line << "\nin\n" << told.output;
  }
}

TEST(Policy, JsonForMachines) {
  const TemporaryFolder folder;
  const Told told = policy(folder, {"--json", notes_program, "--waivers", Deployment::debug_build});
  EXPECT_EQ(told.status, 0) << told.errors;
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(told.output);
  EXPECT_EQ(std::string_view{root.at_pointer("/waivers/0/code")}, "CFG-020");
  bool found = false;
  for (const simdjson::dom::element route : simdjson::dom::array{root["routes"]}) {
    if (std::string_view{route["path"]} != "/api/notes" || std::string_view{route["method"]} != "POST") continue;
    found = true;
    EXPECT_EQ(std::string_view{route["policy"]}, "signed_in");
    EXPECT_EQ(std::uint64_t{route.at_pointer("/body/max_bytes")}, 262'144U);
    EXPECT_EQ(std::string_view{route.at_pointer("/inputs/0/type")}, "text 1..200");
    EXPECT_EQ(std::int64_t{route.at_pointer("/output/status")}, 201);
    EXPECT_EQ(std::string_view{route.at_pointer("/output/members/1")}, "title");
  }
  EXPECT_TRUE(found);
}

TEST(Policy, LockIsStableAndCheckedLineByLine) {
  const TemporaryFolder folder;
  ASSERT_EQ(policy(folder, {"--lock", "routes.lock", notes_program}).status, 0);
  const std::string first = read(folder.file("routes.lock"));
  ASSERT_EQ(policy(folder, {"--lock", "routes.lock", notes_program}).status, 0);
  EXPECT_EQ(read(folder.file("routes.lock")), first);
  EXPECT_NE(
      first.find("\nroute POST /api/notes signed_in | in json (262144 bytes) title text 1..200, body text 0..10000"
                 " | out 201 json Note {id, title, body, updated_at}\n"),
      std::string::npos)
      << first;
  EXPECT_EQ(policy(folder, {"--check", "routes.lock", notes_program}).status, 0);

  const Told other = policy(folder, {"--check", "routes.lock", notes_program, "--limits.json", "1000"});
  EXPECT_EQ(other.status, 1);
  EXPECT_NE(other.output.find("- route POST /api/notes signed_in | in json (262144 bytes)"), std::string::npos);
  EXPECT_NE(other.output.find("+ route POST /api/notes signed_in | in json (1000 bytes)"), std::string::npos);
}

TEST(Policy, SaysWhatItCannotDo) {
  const TemporaryFolder folder;
  EXPECT_EQ(policy(folder, {"--check", "nowhere", notes_program}).status, 2);
  EXPECT_EQ(policy(folder, {"/nowhere"}).status, 2);
  EXPECT_EQ(policy(folder, {"--yaml", notes_program}).status, 2);
  EXPECT_EQ(policy(folder, {"--lock", "nowhere/lock", notes_program}).status, 2);
  const Told refused = policy(folder, {notes_program, "--limits.genral-burst", "5"});
  EXPECT_EQ(refused.status, 78);
  EXPECT_NE(refused.errors.find("CFG-024"), std::string::npos);
}

// A program with a lock file of its own routes, to which one more is added afterwards.
class Lock : public ::testing::Test {
 protected:
  static void routes(App& app) {
    app.get("/", anyone("for the tests of refusals"), [] { return NoContent{}; });
  }
  void write_lock(std::string changed = {}) {
    Deployment asked;
    asked.set("--port", "");
    asked.arguments.emplace_back("--policy=lock");
    const auto told = asked.run(routes);
    ASSERT_EQ(told.status, 0) << told.errors;
    deployment.write("routes.lock", changed.empty() ? told.output : changed, 0644);
  }
  void SetUp() override {
    write_lock();
    deployment.set("--policy-lock", "routes.lock");
  }
  Deployment deployment;
};

TEST_F(Lock, SameRoutesStart) {
  deployment.arguments.emplace_back("--check");
  const auto ended = deployment.run(routes);
  EXPECT_EQ(ended.status, 0) << ended.output;
}

TEST_F(Lock, AnotherPublicRoute) {
  const auto ended = deployment.run([](App& app) {
    routes(app);
    app.post("/open", anyone("somebody thought that it is fine"), [] { return NoContent{}; });
  });
  EXPECT_EQ(ended.status, 78);
  EXPECT_NE(ended.errors.find("CFG-033  routes.lock  the public routes differ: + POST /open anyone: somebody thought"),
            std::string::npos)
      << ended.errors;
  EXPECT_EQ(ended.errors.find("CFG-073"), std::string::npos);
}

TEST_F(Lock, ARouteThatIsNotPublicIsForReviewersAlone) {
  deployment.arguments.emplace_back("--check");
  const auto ended = deployment.run([](App& app) {
    routes(app);
    app.get("/mine", signed_in, [] { return NoContent{}; });
  });
  EXPECT_EQ(ended.status, 0) << ended.output;
}

TEST_F(Lock, APublicRouteThatIsGone) {
  EXPECT_EQ(deployment.refusals([](App&) {}), Codes{"CFG-033"});
}

TEST_F(Lock, AnotherWaiver) {
  deployment.set("--waivers",
                 Deployment::debug_build + ",CFG-016 until " + waiver_day.text + ": nobody has reviewed this one yet");
  const auto ended = deployment.run(routes);
  EXPECT_EQ(ended.status, 78);
  EXPECT_NE(ended.errors.find("CFG-073  routes.lock  the relaxations or waivers differ: + waiver CFG-016"),
            std::string::npos)
      << ended.errors;
  EXPECT_EQ(ended.errors.find("CFG-033"), std::string::npos);
}

TEST_F(Lock, ASettingThatRelaxes) {
  deployment.set("--limits.allow", "10.0.0.0/8");
  EXPECT_EQ(deployment.refusals(routes), Codes{"CFG-073"});
}

TEST_F(Lock, AFileThatIsNotThere) {
  EXPECT_EQ(deployment.set("--policy-lock", "nowhere").refusals(routes), Codes{"CFG-033"});
}

}  // namespace
}  // namespace sallyport::testing
