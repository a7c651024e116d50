// Start-up refusals of a real program: one thing wrong, exit status 78 and that code alone; all right, it serves.
#include "refusals/deployment.hpp"

#include <gtest/gtest.h>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace sallyport::testing {
namespace {

TEST(Start, AllCorrectServes) {
  Deployment deployment;
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: https://notes.example")) << process.output << process.errors;
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

TEST(Start, ProductionIsTheDefaultAndRefusesWithEverythingAtOnce) {
  Deployment deployment;
  deployment.arguments = {};
  const Codes codes = deployment.refusals();
  EXPECT_TRUE(codes.contains("CFG-001"));
  EXPECT_TRUE(codes.contains("CFG-010"));
  EXPECT_TRUE(codes.contains("CFG-012"));
}

TEST(Start, NoKey) { EXPECT_EQ(Deployment().set("--keys.file", "").refusals(), Codes{"CFG-001"}); }
TEST(Start, KeyFileMissing) { EXPECT_EQ(Deployment().set("--keys.file", "nowhere").refusals(), Codes{"CFG-001"}); }

TEST(Start, WeakKeys) {
  for (const char* key : {"c2hvcnQ", "7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f3a9c7f3a",
                          "correct horse battery staple correct horse battery staple",
                          "a key that somebody made up while setting the service up"}) {
    Deployment deployment;
    deployment.write("key", key, 0400);
    EXPECT_EQ(deployment.refusals(), Codes{"CFG-002"}) << key;
  }
}

TEST(Start, PublishedKeys) {
  for (const char* key : {"keyboard cat", "changeme", "secret123"}) {
    Deployment deployment;
    deployment.write("key", key, 0400);
    EXPECT_EQ(deployment.refusals(), Codes{"CFG-003"}) << key;
  }
}

TEST(Start, KeyThatOthersCanRead) {
  Deployment deployment;
  deployment.write("key", good_key, 0644);
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-004"});
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  EXPECT_EQ(process.wait(), 78);
  EXPECT_NE(process.errors.find("`chmod 0400 key`"), std::string::npos) << process.errors;
}

TEST(Start, KeyBehindALink) {
  Deployment deployment;
  ASSERT_EQ(::symlink("key", deployment.file("link").c_str()), 0);
  EXPECT_EQ(deployment.set("--keys.file", "link").refusals(), Codes{"CFG-004"});
}

TEST(Start, KeyInTheEnvironment) {
  Deployment deployment;
  deployment.environment.push_back(std::string("SALLYPORT_KEY=") + good_key);
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-005"});
}

TEST(Start, NoOrigin) { EXPECT_EQ(Deployment().set("--server.origin", "").refusals(), Codes{"CFG-010"}); }
TEST(Start, OriginNotHttps) {
  EXPECT_EQ(Deployment().set("--server.origin", "http://notes.example").refusals(), Codes{"CFG-011"});
}
TEST(Start, NeitherTlsNorProxy) {
  EXPECT_EQ(Deployment().set("--server.trusted-proxies", "").refusals(), Codes{"CFG-012"});
}
TEST(Start, PlainOnEveryInterface) {
  EXPECT_EQ(Deployment().set("--server.address", "0.0.0.0").refusals(), Codes{"CFG-012"});
}

TEST(Start, UnsafeProxyRanges) {
  for (const char* range : {"0.0.0.0/0", "::/0", "8.8.8.0/24"}) {
    EXPECT_EQ(Deployment().set("--server.trusted-proxies", range).refusals(), Codes{"CFG-015"}) << range;
  }
}

TEST(Start, AmbiguousProxyRange) {
  EXPECT_EQ(Deployment().set("--server.trusted-proxies", "::ffff:10.0.0.0/8").refusals().contains("CFG-024") ||
                Deployment().set("--server.trusted-proxies", "::ffff:10.0.0.0/8").refusals().contains("CFG-015"),
            true);
}

TEST(Start, MisspeltSettingNamesTheNearest) {
  Deployment deployment;
  deployment.set("--limits.genral-burst", "50");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  EXPECT_EQ(process.wait(), 78);
  EXPECT_NE(process.errors.find("CFG-024"), std::string::npos);
  EXPECT_NE(process.errors.find("limits.general-burst"), std::string::npos) << process.errors;
}

TEST(Start, UnreadableCertificate) {
  Deployment deployment;
  deployment.set("--server.trusted-proxies", "")
      .set("--tls.certificate", "nowhere.pem")
      .set("--tls.key", "nowhere.key");
  deployment.arguments.emplace_back("--tls");
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-013"});
}

TEST(Start, RootWithoutAUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(Deployment().set("--server.user", "").refusals(), Codes{"CFG-021"});
}
TEST(Start, UserThatCannotBe) {
  EXPECT_EQ(Deployment().set("--server.user", "no-such-user-here").refusals(), Codes{"CFG-021"});
  EXPECT_EQ(Deployment().set("--server.user", "root").refusals(), Codes{"CFG-021"});
}

TEST(Start, RootServesAsItsUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const passwd* const user = ::getpwnam(Deployment::service_user);
  ASSERT_TRUE(user);
  for (const bool key_is_root_s : {true, false}) {
    Deployment deployment;
    if (!key_is_root_s) {
      ASSERT_EQ(::chown(deployment.file("key").c_str(), user->pw_uid, user->pw_gid), 0);
    }
    deployment.set("--log.file", "log");
    Process process("notes", deployment.arguments, deployment.environment, deployment.path());
    ASSERT_TRUE(process.wait_for("ready: ")) << process.errors;
    for (const char* made : {"notes.db", "log"}) {
      struct stat status {};
      ASSERT_EQ(::stat(deployment.file(made).c_str(), &status), 0) << made;
      EXPECT_EQ(status.st_uid, user->pw_uid) << made;
    }
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0) << process.errors;
  }
}

TEST(Start, CheckingAsRootLeavesNothingOfRootBehind) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  Deployment deployment;
  deployment.set("--log.file", "log");
  deployment.arguments.emplace_back("--check");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  EXPECT_EQ(process.wait(), 0) << process.output;
  struct stat status {};
  ASSERT_EQ(::stat(deployment.file("log").c_str(), &status), 0);
  EXPECT_NE(status.st_uid, 0U);
}

TEST(Start, KeyOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  Deployment deployment;
  const passwd* const other = ::getpwnam("daemon");
  ASSERT_TRUE(other);
  ASSERT_EQ(::chown(deployment.file("key").c_str(), other->pw_uid, other->pw_gid), 0);
  const Codes codes = deployment.refusals();
  EXPECT_EQ(codes.size(), 1U);
  EXPECT_FALSE(codes.contains("CFG-021"));
}

TEST(Start, RedirectWithoutTls) {
  EXPECT_EQ(Deployment().set("--server.redirect-port", "8081").refusals(), Codes{"CFG-012"});
}
TEST(Start, ProxyProtocolWithoutProxies) {
  Deployment deployment;
  deployment.set("--server.trusted-proxies", "");
  deployment.arguments.emplace_back("--server.proxy-protocol");
  EXPECT_EQ(deployment.refusals(), (Codes{"CFG-012", "CFG-015"})) << "without TLS the proxy is missed twice";
}
TEST(Start, TakeoverWhereOthersWrite) {
  EXPECT_EQ(Deployment().set("--server.takeover", "/tmp/sallyport-takeover").refusals(), Codes{"CFG-024"});
  EXPECT_EQ(Deployment().set("--server.takeover", "takeover").refusals(), Codes{"CFG-024"});
}

TEST(Start, TableOfAnotherProgram) {
  Deployment deployment;
  {
    Process first("notes", deployment.arguments, deployment.environment, deployment.path());
    ASSERT_TRUE(first.wait_for("ready:"));
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait(), 0);
  }
  // Another program's database: hello's bench twin would do; a file that is none is simplest.
  std::ofstream(deployment.file("notes.db"), std::ios::trunc)
      << "this is not a database, and is long enough to be looked at";
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-061"});
}

// More spellings: src/data/schema_rules_test.cpp.
TEST(Start, RowsOfNobody) {
  Deployment deployment;
  EXPECT_EQ(deployment.refusals([](App& app) {
    app.migrate({"CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT NOT NULL) STRICT"});
    app.get("/", signed_in, [] { return NoContent{}; });
  }),
            Codes{"CFG-062"});
  EXPECT_EQ(deployment.refusals([](App& app) {
    app.migrate(
        {"CREATE TABLE letters (owner BLOB NOT NULL, text TEXT NOT NULL) STRICT; CREATE TABLE feed (text TEXT NOT "
         "NULL) STRICT; "
         "CREATE TRIGGER letter AFTER INSERT ON letters BEGIN INSERT INTO feed VALUES (new.text); END"});
    app.get("/", signed_in, [] { return NoContent{}; });
  }),
            Codes{"CFG-062"});
  // What is printed works, and the refused step was not kept.
  deployment.arguments.emplace_back("--check");
  EXPECT_EQ(deployment
                .run([](App& app) {
                  app.migrate({"CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT NOT NULL) STRICT",
                               "-- posts.author is not an owner: who wrote the post has no account"});
                  app.get("/", signed_in, [] { return NoContent{}; });
                })
                .status,
            0);
}

TEST(Start, LimitsThatDoNotLimit) {
  EXPECT_EQ(Deployment().set("--limits.fields", "draft-9").refusals(), Codes{"CFG-051"});
  EXPECT_EQ(Deployment().set("--limits.allow", "0.0.0.0/0").refusals(), Codes{"CFG-051"});
  EXPECT_EQ(Deployment().set("--limits.body", "99999999999").refusals(), Codes{"CFG-051"});
}
TEST(Start, OldTls) { EXPECT_EQ(Deployment().set("--tls.minimum", "1.1").refusals(), Codes{"CFG-014"}); }
TEST(Start, LogThatCannotBeWritten) {
  EXPECT_EQ(Deployment().set("--log.file", "nowhere/log").refusals(), Codes{"CFG-032"});
}
TEST(Start, SessionsThatNeverIdle) {
  EXPECT_EQ(Deployment().set("--sessions.idle-minutes", "1000").refusals(), Codes{"CFG-040"});
}
TEST(Start, BrowsersThatForgetHttps) {
  EXPECT_EQ(Deployment().set("--headers.hsts-seconds", "1000").refusals(), Codes{"CFG-016"});
}
TEST(Start, WeakContentSecurityPolicy) {
  EXPECT_EQ(Deployment().set("--headers.csp", "script-src 'unsafe-inline'").refusals(), Codes{"CFG-044"});
}

TEST(Start, OriginsThatMayDoMore) {
  EXPECT_EQ(Deployment().set("--cors.origins", "http://app.example").refusals(), Codes{"CFG-043"});
  EXPECT_EQ(Deployment().set("--cors.origins", "https://*.example").refusals(), Codes{"CFG-043"});
  EXPECT_EQ(Deployment().set("--csrf.trusted-origins", "null").refusals(), Codes{"CFG-043"});
}

TEST(Start, AmbiguousRoutes) {
  Deployment deployment;
  EXPECT_EQ(deployment.refusals([](App& app) {
    app.get("/a", anyone("for the tests of refusals"), [] { return NoContent{}; });
    app.get("/a", anyone("for the tests of refusals"), [] { return NoContent{}; });
  }),
            Codes{"CFG-030"});
}

struct SignInForm {
  Email email;
  Password password;
};

TEST(Start, StoreOfLimitsThatCantBeReached) {
  Deployment redis;
  redis.set("--limits.store", "redis").set("--redis.url", "redis://127.0.0.1:1");
  EXPECT_EQ(redis.refusals(), Codes{"CFG-031"});
  Deployment far;
  far.set("--limits.store", "redis").set("--redis.url", "redis://redis.example:6379");
  EXPECT_EQ(far.refusals(), Codes{"CFG-031"}) << "in the clear to another machine";
  Deployment file;
  file.set("--limits.store", "shared").set("--limits.shared-file", "/proc/no/such/file");
  EXPECT_EQ(file.refusals(), Codes{"CFG-031"});
}

TEST(Start, AttemptsThatDoNotLimit) {
  using namespace std::chrono_literals;
  for (const attempts limit : {attempts{.max = 0}, attempts{.max = 101}, attempts{.per = 59s}, attempts{.per = 25h},
                               attempts{.max_per_source = 0}}) {
    Deployment deployment;
    EXPECT_EQ(deployment.refusals([&](App& app) {
      app.post("/signin", anyone("for the tests of refusals"), limit,
               [](Body<SignInForm>, SignInAttempt) { return NoContent{}; });
    }),
              Codes{"CFG-031"});
  }
}

TEST(Start, FolderWithSecrets) {
  Deployment deployment;
  ASSERT_EQ(::mkdir(deployment.file("public").c_str(), 0755), 0);
  deployment.write("public/.env", "PASSWORD=1", 0644);
  EXPECT_EQ(deployment.refusals([](App& app) { app.files("/", anyone("for the tests of refusals"), "public"); }),
            Codes{"CFG-023"});
}

TEST(Start, CheckSaysItInJsonAndServesNothing) {
  Deployment deployment;
  deployment.set("--server.origin", "");
  deployment.arguments.emplace_back("--check");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  EXPECT_EQ(process.wait(), 78);
  EXPECT_NE(process.output.find(R"("ok":false)"), std::string::npos) << process.output;
  EXPECT_NE(process.output.find(R"("CFG-010")"), std::string::npos);

  Deployment good;
  good.arguments.emplace_back("--check");
  Process fine("notes", good.arguments, good.environment, good.path());
  EXPECT_EQ(fine.wait(), 0);
  EXPECT_NE(fine.output.find(R"("ok":true)"), std::string::npos) << fine.output;
}

TEST(Start, DevelopmentStaysOnTheLoopback) {
  Deployment deployment;
  deployment.arguments = {"--mode", "development", "--port", "0", "--server.address", "0.0.0.0"};
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-012"});
}

TEST(Start, HelpNamesEverySetting) {
  Deployment deployment;
  Process process("notes", {"--help"}, {}, deployment.path());
  EXPECT_EQ(process.wait(), 0);
  for (const char* name : {"--limits.general-per-second", "--port", "--mode", "--check", "--keys.file"}) {
    EXPECT_NE(process.output.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace sallyport::testing
