// Limits of routes, over sockets: whom they count, what they tell, what they give back.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

struct Query1 {
  Text<0, 10> fail;
};

// A gate that holds calls until the test lets them go.
class Turnstile {
 public:
  void arrive() const {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
  }
  void wait_for(int calls) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, 20s, [&] { return waiting_ >= calls; }));
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  [[nodiscard]] bool is_open() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable int waiting_ = 0;
  bool open_ = false;
};

Router limited_routes() {
  Router router;
  const auto answer = [] { return small::Greeting{"hello"}; };
  constexpr limit searches{"search", 3, 60s};
  router.get("/search", anyone("for the tests of limits"), searches, answer);
  router.get("/search/again", anyone("for the tests of limits"), searches.costs(2), answer);
  router.get("/windows", anyone("for the tests of limits"), limit{"windows", 2, 60s}.in_windows(), answer);
  router.get("/everybody", anyone("for the tests of limits"), limit{"everybody", 2, 60s}.for_everybody(), answer);
  router.get("/failures", anyone("for the tests of limits"), limit{"failures", 2, 60s}.of_failures(),
             [](Query<Query1> in) -> small::Greeting {
               if (!in->fail.view().empty()) throw Problem(422, "As you asked");
               return small::Greeting{"hello"};
             });
  router.get("/several", anyone("for the tests of limits"), limit{"second", 2, 1s}, limit{"minute", 5, 60s}, answer);
  router.get("/heavy", anyone("for the tests of limits"), max_concurrent{2},
             [](State<const Turnstile> turnstile) -> Task<NoContent> {
               turnstile->arrive();
               while (!turnstile->is_open()) co_await sleep_for(250ms);
               co_return NoContent{};
             });
  router.get("/free", anyone("for the tests of limits"), answer);
  return router;
}

// Made before the service that shares it.
struct WithTurnstile {
  std::shared_ptr<Turnstile> turnstile = std::make_shared<Turnstile>();
};

class LimitedService : private WithTurnstile, public TestService {
 public:
  explicit LimitedService(const std::function<void(ops::Settings&)>& adjust = {})
      : TestService(limited_routes(), {},
                    [&](ops::Settings& settings) {
                      settings.server.trusted_proxies = {*base::IpRange::parse("127.0.0.1")};
                      if (adjust) adjust(settings);
                    },
                    {{&detail::state_key<Turnstile>, WithTurnstile::turnstile}}) {}

  HttpResponse get(const std::string& path, const std::string& client = "192.0.2.1") {
    return Browser(port(), authority()).get(path, "X-Forwarded-For: " + client + "\r\nX-Forwarded-Proto: https\r\n");
  }
  // How many calls in a row are answered 200 before one is refused.
  int admitted(const std::string& path, const std::string& client = "192.0.2.1") {
    for (int count = 0; count < 50; ++count) {
      if (get(path, client).status != 200) return count;
    }
    return 50;
  }
  Turnstile& turnstile() { return *WithTurnstile::turnstile; }
};

TEST(Limits, CountsClients) {
  LimitedService service;
  EXPECT_EQ(service.admitted("/search"), 3);
  EXPECT_EQ(service.admitted("/search", "192.0.2.2"), 3);
  EXPECT_EQ(service.get("/free").status, 200);
  service.advance(20s);
  EXPECT_EQ(service.admitted("/search"), 1) << "a third of a minute brings a third back";
}

TEST(Limits, Ipv6ClientsAreCountedByTheirNetwork) {
  LimitedService service;
  EXPECT_EQ(service.admitted("/search", "2001:db8:1:100::1"), 3);
  EXPECT_EQ(service.admitted("/search", "2001:db8:1:1ff::2"), 0) << "the same /56";
  EXPECT_EQ(service.admitted("/search", "2001:db8:1:200::1"), 3);
  EXPECT_EQ(service.admitted("/search", "192.0.2.1"), 3);
  EXPECT_EQ(service.admitted("/search", "::ffff:192.0.2.1"), 0) << "the same IPv4 address";
}

TEST(Limits, OneNameIsOneLimitAndCallsHaveTheirCost) {
  LimitedService service;
  EXPECT_EQ(service.get("/search/again").status, 200);
  EXPECT_EQ(service.get("/search/again").status, 429) << "one is left, and it costs two";
  EXPECT_EQ(service.get("/search").status, 200);
  EXPECT_EQ(service.get("/search").status, 429);
}

TEST(Limits, WindowsComeBackAtOnce) {
  LimitedService service;
  EXPECT_EQ(service.admitted("/windows"), 2);
  service.advance(59s);
  EXPECT_EQ(service.admitted("/windows"), 0);
  service.advance(2s);
  EXPECT_EQ(service.admitted("/windows"), 2);
}

TEST(Limits, ForEverybody) {
  LimitedService service;
  EXPECT_EQ(service.get("/everybody", "192.0.2.1").status, 200);
  EXPECT_EQ(service.get("/everybody", "192.0.2.2").status, 200);
  EXPECT_EQ(service.get("/everybody", "192.0.2.3").status, 429);
}

TEST(Limits, OfFailures) {
  LimitedService service;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(service.get("/failures?fail=").status, 200) << i;
  EXPECT_EQ(service.get("/failures?fail=x").status, 422);
  EXPECT_EQ(service.get("/failures?fail=").status, 200);
  EXPECT_EQ(service.get("/failures?fail=x").status, 422);
  EXPECT_EQ(service.get("/failures?fail=").status, 429) << "nobody knows before it has run that it will succeed";
}

TEST(Limits, SeveralAreOneDecision) {
  LimitedService service;
  EXPECT_EQ(service.admitted("/several"), 2);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(service.get("/several").status, 429);
  // What one limit refused was not charged to the other: three of the minute's five are left.
  service.advance(1s);
  EXPECT_EQ(service.admitted("/several"), 2);
  service.advance(1s);
  EXPECT_EQ(service.admitted("/several"), 1);
}

TEST(Limits, AtOnce) {
  LimitedService service;
  std::vector<std::thread> calls;
  for (int i = 0; i < 2; ++i) calls.emplace_back([&] { EXPECT_EQ(service.get("/heavy").status, 204); });
  service.turnstile().wait_for(2);
  const auto refused = service.get("/heavy");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.field("retry-after"), "1");
  EXPECT_EQ(service.get("/free").status, 200);
  service.turnstile().open();
  service.advance(1s);
  for (auto& call : calls) call.join();
  EXPECT_EQ(service.get("/heavy").status, 204) << "the places have been given back";
}

// --- What the answer tells

TEST(LimitFields, Draft8) {
  LimitedService service([](ops::Settings& settings) {
    settings.limits.general_per_second = 10;
    settings.limits.general_burst = 100;
  });
  const auto free = service.get("/free");
  EXPECT_EQ(free.field("ratelimit-policy"), R"("general";q=100;w=10)");
  EXPECT_EQ(free.field("ratelimit"), R"("general";r=99;t=1)");
  const auto several = service.get("/several");
  EXPECT_EQ(several.field("ratelimit-policy"), R"("general";q=100;w=10, "second";q=2;w=1, "minute";q=5;w=60)");
  EXPECT_EQ(several.field("ratelimit"), R"("general";r=98;t=1, "second";r=1;t=1, "minute";r=4;t=12)");
  EXPECT_EQ(several.count("x-ratelimit-limit"), 0U);
}

// The bytes that express-rate-limit sends: draft-7, draft-6 and the old ones, of the limit that is nearest.
TEST(LimitFields, OlderDraftsAndLegacy) {
  LimitedService seven([](ops::Settings& settings) { settings.limits.fields = {"draft-7"}; });
  auto answer = seven.get("/windows");
  EXPECT_EQ(answer.field("ratelimit-policy"), "2;w=60");
  EXPECT_EQ(answer.field("ratelimit"), "limit=2, remaining=1, reset=60");

  LimitedService six([](ops::Settings& settings) { settings.limits.fields = {"draft-6", "legacy"}; });
  answer = six.get("/windows");
  EXPECT_EQ(answer.field("ratelimit-policy"), "2;w=60");
  EXPECT_EQ(answer.field("ratelimit-limit"), "2");
  EXPECT_EQ(answer.field("ratelimit-remaining"), "1");
  EXPECT_EQ(answer.field("ratelimit-reset"), "60");
  EXPECT_EQ(answer.field("x-ratelimit-limit"), "2");
  EXPECT_EQ(answer.field("x-ratelimit-remaining"), "1");
  EXPECT_EQ(answer.field("x-ratelimit-reset"), "1767225660");  // 2026-01-01T00:01:00Z
  EXPECT_EQ(answer.count("ratelimit"), 0U);
}

TEST(LimitFields, NoneAndRetryAfterAllTheSame) {
  LimitedService service([](ops::Settings& settings) { settings.limits.fields = {}; });
  EXPECT_EQ(service.admitted("/windows"), 2);
  const auto refused = service.get("/windows");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.field("retry-after"), "60");
  EXPECT_EQ(refused.count("ratelimit"), 0U);
  EXPECT_EQ(refused.count("ratelimit-policy"), 0U);
}

// --- Lists and load

TEST(Limits, AllowAndDeny) {
  LimitedService service([](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 2;
    settings.limits.allow = {*base::IpRange::parse("198.51.100.0/24")};
    settings.limits.deny = {*base::IpRange::parse("203.0.113.7")};
  });
  EXPECT_EQ(service.admitted("/free", "198.51.100.9"), 50);
  EXPECT_EQ(service.admitted("/search", "198.51.100.9"), 50);
  EXPECT_EQ(service.admitted("/free", "192.0.2.1"), 2);
  EXPECT_EQ(service.get("/free", "203.0.113.7").status, 403);
  EXPECT_EQ(service.admitted("/everybody", "198.51.100.9"), 2) << "what is scarce is scarce for everybody";
}

TEST(Limits, WhatTheFirstChecksRefuseIsCountedToo) {
  SmallService service([](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 5;
  });
  for (int i = 0; i < 5; ++i) {
    HttpClient client(service.port());
    client.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 421);
  }
  EXPECT_EQ(service.browser().get("/").status, 429);
}

TEST(Limits, ManyMissesAreAnEvent) {
  SmallService service;
  for (int i = 0; i < 40; ++i) EXPECT_EQ(service.browser().get("/wp-login-" + std::to_string(i)).status, 404);
  const std::string log = service.log();
  const std::size_t first = log.find("malicious_excess_404");
  ASSERT_NE(first, log.npos);
  EXPECT_EQ(log.find("malicious_excess_404", first + 1), log.npos) << "once an hour";
}

}  // namespace
}  // namespace sallyport::testing
