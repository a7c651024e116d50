// Start-up refusals of a real program: one thing wrong, exit status 78 and that code alone; all right, it serves.
#include "refusals/deployment.hpp"

#include "base/descriptor.hpp"
#include "support/tls_pair.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

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

struct PaymentKeys {
  SecretBytes stripe_api_key;
};

TEST(Start, SecretOfTheApplication) {
  Deployment deployment;
  std::size_t size = 0;
  const auto build = [&](App& app) {
    auto key = app.secret<"stripe_api_key">();
    size = key.expose([](std::string_view text) { return text.size(); });
    app.provide<PaymentKeys>(PaymentKeys{std::move(key)});
    app.get("/", anyone("for the test of this refusal"), [](State<const PaymentKeys>) { return NoContent{}; });
    if (size != 0) std::fprintf(stderr, "%zu bytes\n", size);
    std::fflush(stderr);
  };
  const auto missing = deployment.run(build);
  EXPECT_EQ(missing.status, 78);
  EXPECT_NE(missing.errors.find("CFG-006  var/secrets/stripe_api_key  "), std::string::npos) << missing.errors;
  EXPECT_NE(missing.errors.find("STRIPE_API_KEY_FILE"), std::string::npos) << missing.errors;

  const std::string file = "var/secrets/stripe_api_key";
  ::mkdir(deployment.file("var").c_str(), 0755);
  ::mkdir(deployment.file("var/secrets").c_str(), 0755);
  deployment.write(file, "sk_live_1", 0644);
  EXPECT_EQ(deployment.refusals(build), Codes{"CFG-006"}) << "others can read it";
  deployment.write(file, "\n", 0400);
  EXPECT_EQ(deployment.refusals(build), Codes{"CFG-006"}) << "there is nothing in it";
  deployment.write(file, std::string(70'000, 'x'), 0400);
  EXPECT_EQ(deployment.refusals(build), Codes{"CFG-006"});
  ASSERT_EQ(::symlink("../../key", deployment.file("var/secrets/other").c_str()), 0);
  EXPECT_EQ(deployment.refusals([](App& app) { static_cast<void>(app.secret<"other">()); }), Codes{"CFG-006"});

  deployment.write(file, "sk_live_1\n", 0400);
  deployment.arguments.emplace_back("--check");
  const auto right = deployment.run(build);
  EXPECT_EQ(right.status, 0) << right.output << right.errors;
  EXPECT_NE(right.errors.find("9 bytes"), std::string::npos) << "without the line feed";

  ASSERT_EQ(::mkdir(deployment.file("credentials").c_str(), 0700), 0);
  deployment.write("credentials/stripe_api_key", "sk_live_22", 0400);
  deployment.write("named", "sk_live_333", 0400);
  const auto with = [&](const char* variable, const char* value) {
    return deployment.run([&](App& app) {
      ::setenv(variable, value, 1);
      build(app);
    });
  };
  EXPECT_NE(with("CREDENTIALS_DIRECTORY", "credentials").errors.find("10 bytes"), std::string::npos);
  EXPECT_NE(with("STRIPE_API_KEY_FILE", "named").errors.find("11 bytes"), std::string::npos);
}

TEST(Start, CodesWithoutALimitOfCalls) {
  EXPECT_EQ(Deployment().refusals([](App& app) {
    app.post("/codes", signed_in, limit("codes", 5, std::chrono::minutes(15)).of_failures(),
             [](SignedIn, sallyport::Codes) { return NoContent{}; });
  }),
            Codes{"CFG-031"});
}

// Whoever may call it learns who has an account.
TEST(Start, PeopleWithALimitThatDoesNotLimit) {
  using std::chrono::hours;
  using std::chrono::minutes;
  constexpr auto find = [](SignedIn, sallyport::People) { return NoContent{}; };
  const auto with = [&]<class Limit>(Limit limit) {
    return Deployment().refusals([&](App& app) { app.post("/people", signed_in, limit, find); });
  };
  const auto passes = [&]<class Limit>(Limit limit) {
    return Deployment().passes([&](App& app) { app.post("/people", signed_in, limit, find); });
  };
  EXPECT_TRUE(passes(limit("people", 30, hours(1)).per_account()));
  EXPECT_TRUE(passes(limit("people", 1000, hours(10)).per_account().costs(10)));
  EXPECT_EQ(with(limit("people", 30, hours(1)).per_account().of_failures()), Codes{"CFG-031"});
  EXPECT_EQ(with(limit("people", 30, minutes(1)).per_account()), Codes{"CFG-031"});
  EXPECT_EQ(with(limit("people", 101, hours(24)).per_account()), Codes{"CFG-031"}) << "all of them at once";
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

TEST(Start, CallsOfOtherServicesThatGoElsewhere) {
  const std::string instead = "https://api.example=http://127.0.0.1:9000";
  EXPECT_EQ(Deployment().set("--outbound.instead", instead).refusals(), Codes{"CFG-035"});
}

TEST(Start, CallsOfOtherServicesThatNothingVouchesFor) {
  const auto calls = [](App& app) {
    app.get("/a", anyone("for the tests of refusals"),
            [](Outbound<"https://api.example">) -> Task<NoContent> { co_return NoContent{}; });
  };
  EXPECT_EQ(Deployment().set("--outbound.ca", "nowhere").refusals(calls), Codes{"CFG-035"});
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

TEST(Start, DevelopmentBeyondTheLoopbackByAWaiverIsLoud) {
  Deployment deployment;
  const std::string waiver = "CFG-012 until " + std::string(waiver_day.text) + ": the page is tried on a telephone";
  deployment.arguments = {"--mode", "development", "--port", "0", "--server.address", "0.0.0.0", "--waivers", waiver};
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: ")) << process.errors;
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_NE(process.errors.find("*** WARNING: development mode can be reached from other machines"), std::string::npos)
      << process.errors;
  EXPECT_NE(process.output.find(R"("event":"sys_relaxation")"), std::string::npos) << process.output;
}

TEST(Start, DevelopmentServesBothLoopbacks) {
  Deployment deployment;
  deployment.arguments = {"--mode", "development", "--port", "0"};
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: http://localhost:")) << process.errors;
  const std::size_t at = process.output.find("localhost:") + 10;
  const std::string port = process.output.substr(at, process.output.find('\n', at) - at);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  address.sin6_addr = in6addr_loopback;
  const base::Descriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) GTEST_SKIP() << "needs IPv6";
  ASSERT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::string request = "GET / HTTP/1.1\r\nHost: [::1]:" + port + "\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  std::array<char, 12> answer{};
  ASSERT_EQ(::recv(socket.get(), answer.data(), answer.size(), MSG_WAITALL), 12);
  EXPECT_EQ(std::string_view(answer.data(), answer.size()), "HTTP/1.1 200");
}

TEST(Start, ASecondInterruptEndsAtOnce) {
  Deployment deployment;
  deployment.set("--server.stop-seconds", "60");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: ")) << process.errors;
  process.signal(SIGINT);
  ASSERT_TRUE(process.wait_for("sys_shutdown")) << process.output;
  process.signal(SIGINT);
  EXPECT_NE(process.wait(), 1) << "ended by force, later";
}

TEST(Start, AMisspeltNameIsOneFinding) {
  for (const char* flag : {"--mod", "--keys.fil", "--server.orign"}) {
    Deployment deployment;
    deployment.arguments = {flag, "development"};
    EXPECT_EQ(deployment.refusals(), Codes{"CFG-024"}) << flag;
  }
}

TEST(Start, LinksOfKubernetesAreNoSettings) {
  Deployment deployment;
  for (const char* variable : {"SALLYPORT_PORT=tcp://10.0.0.1:8080", "SALLYPORT_SERVER_PORT=tcp://10.0.0.1:8080",
                               "SALLYPORT_SERVICE_HOST=10.0.0.1", "SALLYPORT_SERVICE_PORT_HTTP=8080",
                               "SALLYPORT_PORT_8080_TCP_ADDR=10.0.0.1", "SALLYPORT_SERVER_PORT_443_TCP_PORT=443"})
    deployment.environment.emplace_back(variable);
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  ASSERT_TRUE(process.wait_for("ready: ")) << process.errors;
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_NE(process.errors.find("notes: SALLYPORT_SERVER_PORT is no setting but a link"), std::string::npos)
      << process.errors;
  deployment.environment.emplace_back("SALLYPORT_SERVR_PORT=8080");
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-024"});
}

// --- What the service's user may not do, found before it serves

TEST(Start, CertificateKeyOfRootAlone) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  Deployment deployment;
  namespace tls = wire::testing;
  const tls::Identity authority = tls::make_identity({.authority = true});
  const tls::Identity leaf = tls::make_identity({.names = "DNS:notes.example", .issuer = &authority});
  deployment.write("tls.pem", tls::pem(leaf.certificate.get()), 0644);
  deployment.write("tls.key", tls::pem(leaf.key.get()), 0600);
  deployment.set("--server.trusted-proxies", "").set("--tls.certificate", "tls.pem").set("--tls.key", "tls.key");
  deployment.arguments.emplace_back("--tls");
  EXPECT_EQ(deployment.refusals(), Codes{"CFG-013"});
}

TEST(Start, FoldersThatTheUserCannotWrite) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  Deployment deployment;
  ASSERT_EQ(::mkdir(deployment.file("of-root").c_str(), 0755), 0);
  EXPECT_EQ(deployment.set("--database.path", "of-root/notes.db").refusals(), Codes{"CFG-061"});
  EXPECT_EQ(deployment.set("--database.path", "of-root/data/notes.db").refusals(), Codes{"CFG-061"});
  deployment.set("--database.path", "notes.db");
  EXPECT_EQ(deployment.set("--log.file", "of-root/log").refusals(), Codes{"CFG-032"});
  deployment.set("--log.file", "");
  const auto keeps = [](App& app) {
    app.folder<"kept">("of-root");
    app.get("/", anyone("for the tests of refusals"), [](const Folder<"kept">&) { return NoContent{}; });
  };
  EXPECT_EQ(deployment.refusals(keeps), Codes{"CFG-023"});
}

TEST(Start, AnAddressOfNoMachine) {
  Deployment elsewhere;  // an address for documentation, of no machine
  elsewhere.set("--server.address", "192.0.2.1")
      .set("--port", "8080")
      .set("--waivers", Deployment::debug_build + ",CFG-012 until " + std::string(waiver_day.text) +
                            ": only to see that it is no address of this machine");
  EXPECT_EQ(elsewhere.refusals(), Codes{"CFG-024"});
}

TEST(Start, HelpNamesEverySetting) {
  Deployment deployment;
  Process process("notes", {"--help", "all"}, {}, deployment.path());
  EXPECT_EQ(process.wait(), 0);
  for (const char* name : {"--limits.general-per-second", "--port", "--mode", "--check", "--keys.file"}) {
    EXPECT_NE(process.output.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace sallyport::testing
