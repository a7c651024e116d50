// The link to Redis in trouble: servers that die, hang, refuse, send wrong answers or have a wrong certificate. No request waits for
// long, and the link comes up again.
#include "limits/redis_link.hpp"

#include "base/descriptor.hpp"
#include "limits/redis_limits.hpp"
#include "support/limits_on_loop.hpp"
#include "support/redis_server.hpp"
#include "support/tls_pair.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace sallyport::limits {
namespace {

using namespace std::chrono_literals;
using sallyport::testing::RedisServer;
using Steady = std::chrono::steady_clock;

constexpr Charge many{1, Counting::fixed_window, 1'000'000, 3'600'000'000'000, 1};

using Limits = sallyport::testing::LimitsOnLoop;

Decision charge(Limits& limits) { return limits.charge({&many, 1}); }

std::vector<Decision> charge_at_once(Limits& limits, std::size_t count, const std::function<void()>& meanwhile = {}) {
  return limits.charge_at_once(many, count, meanwhile);
}

std::size_t failed(const std::vector<Decision>& decisions) {
  std::size_t count = 0;
  for (const Decision& decision : decisions) count += decision.store_failed ? 1 : 0;
  return count;
}

TEST(RedisRetryDelay, GrowsToFiveSecondsAndIsSpread) {
  EXPECT_EQ(redis_retry_delay(0, 0), 50ms);
  EXPECT_EQ(redis_retry_delay(0, 1), 100ms);
  EXPECT_EQ(redis_retry_delay(3, 0.5), 600ms);
  EXPECT_EQ(redis_retry_delay(6, 0), 2500ms);
  EXPECT_EQ(redis_retry_delay(4'000'000'000, 1), 5000ms);
}

class RedisLinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
  }
  // What `connect` says of settings.
  static std::string complaint(const ops::RedisSettings& settings) { return RedisLimits(settings).connect(); }
  static ops::RedisSettings settings_for(const std::string& url, std::uint32_t timeout = 5000) {
    ops::RedisSettings settings;
    settings.url = url;
    settings.prefix = "test";
    settings.timeout_milliseconds = timeout;
    return settings;
  }
  [[nodiscard]] std::string private_file(const std::string& name, const std::string& content) const {
    std::string path = folder_.write(name, content);
    ::chmod(path.c_str(), 0600);
    return path;
  }
  wire::testing::Folder folder_;
};

TEST_F(RedisLinkTest, KilledUnderLoadItFailsWhatWaitsAndComesBack) {
  RedisServer server;
  std::mutex mutex;
  std::vector<std::string> changes;
  Limits limits(settings_for(server.url(), 1000), [&](bool up, std::string_view why) {
    const std::lock_guard lock(mutex);
    changes.push_back((up ? "up " : "down ") + std::string(why));
  });
  ASSERT_EQ(limits.connect(), "");
  server.pause();  // so that everything is under way when it dies
  const std::vector<Decision> in_flight = charge_at_once(limits, 3000, [&] { server.kill(); });
  EXPECT_EQ(failed(in_flight), in_flight.size());
  EXPECT_FALSE(limits.available());

  const auto begin = Steady::now();
  EXPECT_EQ(failed(charge_at_once(limits, 1)), 1U);
  limits.give_back({&many, 1}, 0);
  limits.forget(many);
  EXPECT_LT(Steady::now() - begin, 500ms);
  EXPECT_GE(limits.lost(), 2U);

  server.start();
  ASSERT_TRUE(limits.becomes(true));
  EXPECT_TRUE(charge(limits).admitted);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_TRUE(changes[0].starts_with("down ")) << changes[0];
  EXPECT_EQ(changes[1], "up ");
}

TEST_F(RedisLinkTest, AServerThatHangsIsWaitedForOnce) {
  const RedisServer server;
  Limits limits(settings_for(server.url(), 200));
  ASSERT_EQ(limits.connect(), "");
  EXPECT_TRUE(charge(limits).admitted);
  server.pause();
  auto begin = Steady::now();
  const std::vector<Decision> decisions = charge_at_once(limits, 2000);
  EXPECT_EQ(failed(decisions), decisions.size());
  EXPECT_GE(Steady::now() - begin, 200ms);
  EXPECT_LT(Steady::now() - begin, 3s);
  begin = Steady::now();
  EXPECT_TRUE(charge(limits).store_failed);
  EXPECT_LT(Steady::now() - begin, 150ms);
  server.resume();
  ASSERT_TRUE(limits.becomes(true));
  EXPECT_TRUE(charge(limits).admitted);
}

TEST_F(RedisLinkTest, AServerThatHangsBeforeTheFirstRequest) {
  const RedisServer server;
  std::vector<bool> changes;
  Limits limits(settings_for(server.url(), 200), [&](bool up, std::string_view) { changes.push_back(up); });
  ASSERT_EQ(limits.connect(), "");
  server.pause();
  auto begin = Steady::now();
  EXPECT_EQ(failed(charge_at_once(limits, 100)), 100U);
  EXPECT_LT(Steady::now() - begin, 3s);
  begin = Steady::now();
  EXPECT_TRUE(charge(limits).store_failed);
  EXPECT_LT(Steady::now() - begin, 150ms);
  server.resume();
  ASSERT_TRUE(limits.becomes(true));
  EXPECT_TRUE(charge(limits).admitted);
  EXPECT_EQ(changes, (std::vector<bool>{false, true}));
}

// A client that goes away takes its question with it, wherever that is.
TEST_F(RedisLinkTest, WhoAsksMayGo) {
  const RedisServer server;
  Limits limits(settings_for(server.url()));
  ASSERT_EQ(limits.connect(), "");
  EXPECT_TRUE(charge(limits).admitted);
  const auto ask = [&]() -> Task<void> {
    static_cast<void>(co_await limits.limits().charge(limits.loop(), {&many, 1}));
  };
  for (int turns = 0; turns < 8; ++turns) {
    std::vector<net::Background> tasks;
    for (int i = 0; i < 100; ++i) tasks.push_back(net::Background(limits.loop(), ask()));
    for (int i = 0; i < turns; ++i) limits.runner().turn();
    for (std::size_t i = 0; i < tasks.size(); i += 2) tasks[i] = {};
    limits.runner().turn();
    tasks.clear();
    EXPECT_EQ(failed(charge_at_once(limits, 50)), 0U);
  }
}

// Two loops of one process: one outage, told once.
TEST_F(RedisLinkTest, OneOutageIsOneLine) {
  RedisServer server;
  std::vector<std::string> changes;
  sallyport::testing::LoopRunner one;
  sallyport::testing::LoopRunner two;
  RedisLimits limits(settings_for(server.url()),
                     [&](bool up, std::string_view) { changes.push_back(up ? "up" : "down"); });
  ASSERT_EQ(limits.connect(), "");
  limits.attach(one.loop());
  limits.attach(two.loop());
  const auto until = [&](auto holds) { return one.until([&] { return two.turn(), holds(); }); };
  EXPECT_TRUE(one.run(limits.charge(one.loop(), {&many, 1})).admitted);
  EXPECT_TRUE(two.run(limits.charge(two.loop(), {&many, 1})).admitted);
  server.kill();
  EXPECT_TRUE(one.run(limits.charge(one.loop(), {&many, 1})).store_failed);
  EXPECT_TRUE(two.run(limits.charge(two.loop(), {&many, 1})).store_failed);
  EXPECT_FALSE(limits.available());
  server.start();
  ASSERT_TRUE(until([&] { return limits.available(); }));
  EXPECT_TRUE(two.run(limits.charge(two.loop(), {&many, 1})).admitted);
  EXPECT_EQ(changes, (std::vector<std::string>{"down", "up"}));
  sallyport::testing::LoopRunner unknown;
  EXPECT_TRUE(unknown.run(limits.charge(unknown.loop(), {&many, 1})).store_failed);
  limits.detach(one.loop());
  EXPECT_TRUE(one.run(limits.charge(one.loop(), {&many, 1})).store_failed);
}

TEST_F(RedisLinkTest, ARestartBetweenTwoRequestsIsNoOutage) {
  RedisServer server;
  int outages = 0;
  {
    Limits limits(settings_for(server.url()), [&](bool up, std::string_view) { outages += up ? 0 : 1; });
    ASSERT_EQ(limits.connect(), "");
    EXPECT_TRUE(charge(limits).admitted);
    for (int i = 0; i < 5; ++i) {  // as its idle timeout does
      server.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
      EXPECT_TRUE(charge(limits).admitted);
    }
  }
  EXPECT_EQ(outages, 0);
}

TEST_F(RedisLinkTest, TenThousandMayWaitAndNoMore) {
  const RedisServer server;
  Limits limits(settings_for(server.url()));
  ASSERT_EQ(limits.connect(), "");
  std::vector<Decision> decisions = charge_at_once(limits, 10'000);
  EXPECT_EQ(failed(decisions), 0U);

  server.pause();
  const auto begin = Steady::now();
  decisions = charge_at_once(limits, 12'000, [&] {
    EXPECT_LT(Steady::now() - begin, 4s);  // nobody was waited for
    server.resume();
  });
  // 10,000 wait, and no more than 512 are under way.
  EXPECT_GE(failed(decisions), 12'000U - 10'512U);
  EXPECT_LE(failed(decisions), 2000U);
  EXPECT_TRUE(limits.available());
}

TEST_F(RedisLinkTest, WhatWaitsAtTheEndIsGivenBack) {
  const RedisServer server;
  Limits limits(settings_for(server.url()));
  ASSERT_EQ(limits.connect(), "");
  server.pause();
  const auto begin = Steady::now();
  const std::vector<Decision> decisions = charge_at_once(limits, 1000, [&] { limits.end(); });
  EXPECT_LT(Steady::now() - begin, 3s);
  EXPECT_EQ(failed(decisions), decisions.size());
}

TEST_F(RedisLinkTest, StartsWithoutAServerAndFindsItLater) {
  RedisServer server;
  server.kill();
  Limits limits(settings_for(server.url()));
  const std::string wrong = limits.connect();
  EXPECT_EQ(wrong, "can't connect to 127.0.0.1:" + std::to_string(server.port()) + ": Connection refused");
  EXPECT_TRUE(charge(limits).store_failed);
  server.start();
  ASSERT_TRUE(limits.becomes(true));
  EXPECT_TRUE(charge(limits).admitted);
}

TEST_F(RedisLinkTest, PasswordsAndUsers) {
  const RedisServer server({"--requirepass", "open sesame"});
  auto settings = settings_for(server.url());
  EXPECT_EQ(complaint(settings), "Redis refuses: NOAUTH Authentication required.");
  settings.password_file = private_file("password", "wrong\n");
  EXPECT_TRUE(complaint(settings).starts_with("Redis refuses: WRONGPASS")) << complaint(settings);
  settings.password_file = private_file("password", "open sesame\n");
  EXPECT_EQ(complaint(settings), "");
  settings.user = "nobody";
  EXPECT_TRUE(complaint(settings).starts_with("Redis refuses: WRONGPASS")) << complaint(settings);
  settings.password_file.clear();
  EXPECT_EQ(complaint(settings), "redis.user needs redis.password_file");
  settings.password_file = folder_.file("none");
  EXPECT_NE(complaint(settings).find("No such file"), std::string::npos);
}

TEST_F(RedisLinkTest, AUserWhoMayDoNoMoreThanIsNeeded) {
  const RedisServer server({"--user", "limits", "on", ">open-sesame", "~test:*", "+eval", "+evalsha", "+script|load",
                            "+time", "+mget", "+set", "+del"});
  auto settings = settings_for(server.url());
  settings.user = "limits";
  settings.password_file = private_file("password", "open-sesame");
  Limits limits(settings);
  ASSERT_EQ(limits.connect(), "");
  EXPECT_TRUE(charge(limits).admitted);
  settings.prefix = "other";
  EXPECT_NE(complaint(settings).find("Redis refuses: "), std::string::npos) << complaint(settings);
}

TEST_F(RedisLinkTest, AServerThatOnlyReadsIsNone) {
  const RedisServer replica({"--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "yes"});
  EXPECT_NE(complaint(settings_for(replica.url())).find("READONLY"), std::string::npos);
  const RedisServer full({"--maxmemory", "1"});
  EXPECT_NE(complaint(settings_for(full.url())).find("OOM"), std::string::npos);

  const RedisServer server;
  Limits limits(settings_for(server.url()));
  ASSERT_EQ(limits.connect(), "");
  server.command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(charge(limits).store_failed);
  EXPECT_FALSE(limits.available());
  server.command({"CONFIG", "SET", "maxmemory", "0"});
  ASSERT_TRUE(limits.becomes(true));
  EXPECT_TRUE(charge(limits).admitted);
}

TEST_F(RedisLinkTest, WrongSettings) {
  EXPECT_NE(complaint(settings_for("redis://10.0.0.1")).find("rediss://"), std::string::npos);
  EXPECT_NE(complaint(settings_for("")).find("redis.url"), std::string::npos);
  for (const char* prefix : {"", "a{b}", "a b", "\xc3\xa4"}) {
    auto settings = settings_for("redis://localhost");
    settings.prefix = prefix;
    EXPECT_NE(complaint(settings).find("redis.prefix"), std::string::npos) << prefix;
  }
  auto settings = settings_for("rediss://localhost");
  settings.ca = private_file("ca.pem", "not a certificate");
  EXPECT_NE(complaint(settings).find("redis.ca"), std::string::npos);
  EXPECT_NE(complaint(settings_for("redis://127.0.0.1:1/0")).find("Connection refused"), std::string::npos);

  Limits limits(settings_for("redis://"));
  EXPECT_TRUE(charge(limits).store_failed);  // not connected at all
  EXPECT_NE(limits.connect(), "");
  EXPECT_TRUE(charge(limits).store_failed);
  limits.give_back({&many, 1}, 0);
  limits.forget(many);
}

TEST_F(RedisLinkTest, Tls) {
  using wire::testing::make_identity;
  const auto ours = make_identity({.names = "IP:127.0.0.1,DNS:localhost"});
  const auto other = make_identity({.names = "IP:127.0.0.1"});
  const RedisServer server({}, private_file("cert.pem", wire::testing::pem(ours.certificate.get())),
                           private_file("key.pem", wire::testing::pem(ours.key.get())));
  auto settings = settings_for(server.url());
  settings.ca = folder_.file("cert.pem");
  {
    Limits limits(settings);
    ASSERT_EQ(limits.connect(), "");
    const std::vector<Decision> decisions = charge_at_once(limits, 3000);  // many records
    EXPECT_EQ(failed(decisions), 0U);
    server.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    EXPECT_TRUE(charge(limits).admitted);
  }
  const std::string port = std::to_string(server.port());
  settings.url = "rediss://localhost:" + port;
  EXPECT_EQ(complaint(settings), "");
  settings.url = "rediss://127.0.0.2:" + port;  // bound to .1: refused before any TLS
  EXPECT_NE(complaint(settings).find("Connection refused"), std::string::npos);
  settings.url = "redis://127.0.0.1:" + port;  // no TLS where TLS is expected
  EXPECT_NE(complaint(settings), "");
  settings.url = server.url();
  settings.ca = private_file("other.pem", wire::testing::pem(other.certificate.get()));
  EXPECT_NE(complaint(settings).find("its certificate is refused: self-signed certificate"), std::string::npos)
      << complaint(settings);
  settings.ca.clear();
  EXPECT_NE(complaint(settings).find("its certificate is refused: "), std::string::npos) << complaint(settings);
}

TEST_F(RedisLinkTest, TlsCertificatesOfOthers) {
  using wire::testing::make_identity;
  const auto elsewhere = make_identity({.names = "DNS:elsewhere.example,DNS:local*"});
  const RedisServer server({}, private_file("cert.pem", wire::testing::pem(elsewhere.certificate.get())),
                           private_file("key.pem", wire::testing::pem(elsewhere.key.get())));
  auto settings = settings_for(server.url());
  settings.ca = folder_.file("cert.pem");
  EXPECT_NE(complaint(settings).find("IP address mismatch"), std::string::npos) << complaint(settings);
  settings.url = "rediss://localhost:" + std::to_string(server.port());
  EXPECT_NE(complaint(settings).find("ostname mismatch"), std::string::npos) << complaint(settings);

  const auto old = make_identity({.names = "IP:127.0.0.1", .from = -7200, .until = -3600});
  const RedisServer expired({}, private_file("old.pem", wire::testing::pem(old.certificate.get())),
                            private_file("old.key", wire::testing::pem(old.key.get())));
  settings.url = expired.url();
  settings.ca = folder_.file("old.pem");
  EXPECT_NE(complaint(settings).find("expired"), std::string::npos) << complaint(settings);
}

TEST_F(RedisLinkTest, OldTlsIsRefused) {
  using wire::testing::make_identity;
  const auto ours = make_identity({.names = "IP:127.0.0.1"});
  std::unique_ptr<RedisServer> server;
  try {
    server = std::make_unique<RedisServer>(
        std::vector<std::string>{"--tls-protocols", "TLSv1.1", "--tls-ciphers", "ALL:@SECLEVEL=0"},
        private_file("cert.pem", wire::testing::pem(ours.certificate.get())),
        private_file("key.pem", wire::testing::pem(ours.key.get())));
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "this OpenSSL has no TLS 1.1";
  }
  auto settings = settings_for(server->url());
  settings.ca = folder_.file("cert.pem");
  EXPECT_NE(complaint(settings).find("TLS: "), std::string::npos) << complaint(settings);
}

// --- Servers that are none

// Answers a sign-in as Redis does, and the first call with `answer`; then it is silent, or ends the connection.
class FakeServer {
 public:
  FakeServer(std::string sign_in, std::string answer, bool closes = false)
      : sign_in_(std::move(sign_in)), answer_(std::move(answer)), closes_(closes) {
    listener_ = base::Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    auto* const address = reinterpret_cast<sockaddr*>(&place);
    if (::bind(listener_.get(), address, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), address, &size) != 0)
      throw std::runtime_error("no listener");
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeServer() {
    stopping_ = true;
    thread_.join();
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int connections() const { return connections_; }

  static inline const std::string good_sign_in =
      "$40\r\n" + std::string(40, 'a') + "\r\n*6\r\n:1\r\n:1\r\n:1\r\n:0\r\n:0\r\n:1\r\n";

 private:
  void serve() {
    while (!stopping_) {
      pollfd waiting{listener_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 10) <= 0) continue;
      const base::Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      ++connections_;
      std::string heard;
      if (!hear(client.get(), heard, "EVAL\r\n") || !say(client.get(), sign_in_)) continue;
      if (!hear(client.get(), heard, "EVALSHA\r\n")) continue;
      if (say(client.get(), answer_) && !closes_) hear(client.get(), heard, "never");
    }
  }
  // False when the client has gone.
  bool hear(int client, std::string& heard, std::string_view until) const {
    std::array<char, 65'536> space{};
    while (!stopping_ && heard.find(until) == std::string::npos) {
      pollfd waiting{client, POLLIN, 0};
      if (::poll(&waiting, 1, 10) <= 0) continue;
      const ssize_t got = ::recv(client, space.data(), space.size(), 0);
      if (got <= 0) return false;
      heard.append(space.data(), static_cast<std::size_t>(got));
    }
    return !stopping_;
  }
  static bool say(int client, const std::string& text) {
    std::size_t said = 0;
    while (said < text.size()) {
      const ssize_t put = ::send(client, text.data() + said, text.size() - said, MSG_NOSIGNAL);
      if (put <= 0) return false;
      said += static_cast<std::size_t>(put);
    }
    return true;
  }

  const std::string sign_in_;
  const std::string answer_;
  const bool closes_;
  base::Descriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

class RedisLinkLies : public ::testing::Test {
 protected:
  static ops::RedisSettings settings_for(const FakeServer& server) {
    ops::RedisSettings settings;
    settings.url = server.url();
    settings.prefix = "test";
    settings.timeout_milliseconds = 300;
    return settings;
  }
};

TEST_F(RedisLinkLies, AtSignIn) {
  const std::string digest = "$40\r\n" + std::string(40, 'a') + "\r\n";
  for (const std::string& lie : {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("+OK\r\n+OK\r\n"),
                                 std::string("$3\r\nabc\r\n:1\r\n"), std::string("*2147483647\r\n"),
                                 std::string("-LOADING Redis is loading\r\n"), digest + "-READONLY no\x1b[31m\r\n",
                                 std::string("$2147483647\r\n") + std::string(300'000, 'x')}) {
    const FakeServer server(lie, "");
    Limits limits(settings_for(server));
    const auto begin = Steady::now();
    const std::string wrong = limits.connect();
    EXPECT_NE(wrong, "") << lie.substr(0, 50);
    EXPECT_EQ(wrong.find('\x1b'), std::string::npos);
    EXPECT_LT(Steady::now() - begin, 10s);
    EXPECT_TRUE(charge(limits).store_failed);
  }
}

TEST_F(RedisLinkLies, InAnAnswer) {
  const std::string good = "*6\r\n:1\r\n:1\r\n:1\r\n:5\r\n:0\r\n:9\r\n";
  const std::pair<std::string, bool> lies[] = {{"nonsense\r\n", false},
                                               {"", true},
                                               {"", false},
                                               {"+OK\r\n", false},
                                               {":1\r\n", false},
                                               {"$-1\r\n", false},
                                               {"*-1\r\n", false},
                                               {"*2\r\n:1\r\n:1\r\n", false},
                                               {"*6\r\n:1\r\n:1\r\n", false},
                                               {"*6\r\n:1\r\n:1\r\n", true},
                                               {"*6\r\n:1\r\n:1\r\n:1\r\n:-5\r\n:0\r\n:9\r\n", false},
                                               {"*6\r\n:1\r\n:1\r\n:1\r\n:5\r\n:0\r\n:9223372036854775807\r\n", false},
                                               {"*2147483647\r\n", false},
                                               {"*1\r\n*1\r\n:1\r\n", false},
                                               {"$2147483647\r\n" + std::string(200'000, 'x'), false},
                                               {"-ERR what\r\n", false},
                                               {"-BUSY Redis is busy running a script\r\n", false}};
  for (const auto& [lie, closes] : lies) {
    const FakeServer server(FakeServer::good_sign_in, lie, closes);
    Limits limits(settings_for(server));
    ASSERT_EQ(limits.connect(), "");
    const auto begin = Steady::now();
    EXPECT_TRUE(charge(limits).store_failed) << lie.substr(0, 50);
    EXPECT_LT(Steady::now() - begin, 5s);
    EXPECT_TRUE(limits.becomes(false) || server.connections() > 1);
  }
  const FakeServer server(FakeServer::good_sign_in, good);
  Limits limits(settings_for(server));
  ASSERT_EQ(limits.connect(), "");
  const Decision decision = charge(limits);
  EXPECT_TRUE(decision.admitted);
  EXPECT_EQ(decision.quotas[0].remaining, 5U);
  EXPECT_EQ(decision.quotas[0].reset_ns, 9000);
}

TEST_F(RedisLinkLies, AnAnswerTooManyIsNobodyElses) {
  const std::string good = "*6\r\n:1\r\n:1\r\n:1\r\n:5\r\n:0\r\n:9\r\n";
  const std::string other = "*6\r\n:1\r\n:1\r\n:1\r\n:77\r\n:0\r\n:9\r\n";
  const FakeServer server(FakeServer::good_sign_in, good + other);
  Limits limits(settings_for(server));
  ASSERT_EQ(limits.connect(), "");
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(limits.becomes(true));
    const Decision decision = charge(limits);
    EXPECT_TRUE(decision.store_failed || decision.quotas[0].remaining == 5);
  }
  EXPECT_GT(server.connections(), 1);
}

TEST_F(RedisLinkLies, AScriptThatIsNeverKnown) {
  std::string never;
  for (int i = 0; i < 50; ++i) never += "-NOSCRIPT No matching script.\r\n";
  const FakeServer server(FakeServer::good_sign_in, never);
  Limits limits(settings_for(server));
  ASSERT_EQ(limits.connect(), "");
  const auto begin = Steady::now();
  EXPECT_TRUE(charge(limits).store_failed);
  EXPECT_LT(Steady::now() - begin, 5s);
}

}  // namespace
}  // namespace sallyport::limits
