// Limits that several services share: by a file on one machine, by Redis on many; and what happens when Redis goes.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/redis_server.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

Router limited() {
  Router router;
  router.get("/search", anyone("for the tests of limits"), limit{"search", 7, 1h}.in_windows(),
             [] { return small::Greeting{"hello"}; });
  router.get("/failing", anyone("for the tests of limits"), limit{"failing", 3, 1h}.of_failures(),
             []() -> small::Greeting { throw Problem(422, "As always"); });
  router.get("/fine", anyone("for the tests of limits"), limit{"fine", 3, 1h}.of_failures(),
             [] { return small::Greeting{"hello"}; });
  return router;
}

class SharedLimits : public ::testing::Test {
 protected:
  using Adjust = std::function<void(ops::Settings&)>;

  std::unique_ptr<TestService> service(const Adjust& adjust) {
    return std::make_unique<TestService>(limited(), std::vector<Migration>{}, [&](ops::Settings& settings) {
      settings.keys.file = folder_.file("key");
      adjust(settings);
    });
  }
  static int status(TestService& service, const std::string& path) {
    return Browser(service.port(), service.authority()).get(path).status;
  }

  TemporaryFolder folder_;
};

TEST_F(SharedLimits, ByAFile) {
  const Adjust by_file = [&](ops::Settings& settings) {
    settings.limits.store = ops::LimitStore::shared;
    settings.limits.shared_file = folder_.file("limits");
  };
  const auto one = service(by_file);
  const auto two = service(by_file);
  int admitted = 0;
  for (int i = 0; i < 20; ++i) admitted += status(i % 2 == 0 ? *one : *two, "/search") == 200 ? 1 : 0;
  EXPECT_EQ(admitted, 7);
}

TEST_F(SharedLimits, ByItselfAService) {
  const auto one = service([](ops::Settings&) {});
  const auto two = service([](ops::Settings&) {});
  int admitted = 0;
  for (int i = 0; i < 20; ++i) admitted += status(i % 2 == 0 ? *one : *two, "/search") == 200 ? 1 : 0;
  EXPECT_EQ(admitted, 14) << "each process counts for itself: that is what the other stores are for";
}

class RedisLimits : public SharedLimits {
 protected:
  void SetUp() override {
    if (!RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
    redis_ = std::make_unique<RedisServer>();
  }
  [[nodiscard]] Adjust by_redis(std::uint32_t timeout = 2000) const {
    return [url = redis_->url(), timeout](ops::Settings& settings) {
      settings.limits.store = ops::LimitStore::redis;
      settings.redis.url = url;
      settings.redis.prefix = "test";
      settings.redis.timeout_milliseconds = timeout;
    };
  }
  // Whether it comes to that while time passes. The service's clock is the test's.
  template <class Service>
  static bool eventually(Service& service, const std::function<bool()>& holds) {
    for (int i = 0; i < 1000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(20ms);
      service.advance(20ms);
    }
    return false;
  }

  std::unique_ptr<RedisServer> redis_;
};

TEST_F(RedisLimits, CountForAllServices) {
  const auto one = service(by_redis());
  const auto two = service(by_redis());
  std::atomic<int> admitted{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i] {
      for (int k = 0; k < 10; ++k) admitted += status(i % 2 == 0 ? *one : *two, "/search") == 200 ? 1 : 0;
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(admitted, 7);
}

TEST_F(RedisLimits, OfFailures) {
  const auto one = service(by_redis());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(status(*one, "/fine"), 200) << i;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(status(*one, "/failing"), 422) << i;
  EXPECT_EQ(status(*one, "/failing"), 429);
}

TEST_F(RedisLimits, AreAskedFor) {
  const auto one = service([&](ops::Settings& settings) {
    by_redis()(settings);
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 4;
  });
  const auto begun = std::chrono::steady_clock::now();
  int admitted = 0;
  while (admitted < 100 && status(*one, "/fine") == 200) ++admitted;
  const auto passed = std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
  EXPECT_GE(admitted, 4);
  EXPECT_LE(admitted, 4 + passed.count()) << "one comes back each second";
}

// Redis is killed while requests are under way: the general limit goes on with this process's own counters and an alarm, sign-in is
// refused, and all is as before once Redis is back.
TEST_F(RedisLimits, KilledUnderLoad) {
  NotesService notes([&](ops::Settings& settings) {
    by_redis(500)(settings);
    settings.limits.general_per_second = 1'000'000;
    settings.limits.general_burst = 1'000'000;
  });
  Browser member = notes.member("a@example.org");
  const std::string credentials =
      R"({"email":"a@example.org","password":")" + std::string(NotesService::password) + R"("})";

  std::atomic<bool> stop{false};
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      while (!stop) ++(notes.visitor().get("/healthy").status == 404 ? good : bad);
    });
  }
  ASSERT_TRUE(eventually(notes, [&] { return good > 20; }));
  redis_->kill();
  ASSERT_TRUE(eventually(notes, [&] { return notes.log().find("sys_limit_store") != std::string::npos; }))
      << "the alarm";
  const int before = good;
  ASSERT_TRUE(eventually(notes, [&] { return good > before + 50; })) << "requests are served all the same";
  EXPECT_EQ(notes.visitor().post_json("/api/login", credentials).status, 503);
  EXPECT_EQ(member.get("/api/notes").status, 200) << "who is signed in stays so";

  redis_->start();
  ASSERT_TRUE(eventually(notes, [&] { return notes.visitor().post_json("/api/login", credentials).status == 200; }));
  stop = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(bad, 0);
}

// A client that goes while its limits are being asked for, and a service that stops then.
TEST_F(RedisLimits, StoppedWhileAsking) {
  auto one = service(by_redis(300));
  redis_->pause();
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<HttpClient>(one->port()));
    clients.back()->send("GET /search HTTP/1.1\r\nHost: " + one->authority() + "\r\n\r\n");
    if (i % 2 == 0) clients.back().reset();
  }
  one.reset();
  for (const auto& client : clients) {
    if (client) {
      EXPECT_TRUE(client->closed()) << "answered though its limits were not known";
    }
  }
  redis_->resume();
  EXPECT_EQ(status(*service(by_redis()), "/fine"), 200) << "what was asked last has broken nothing";
}

}  // namespace
}  // namespace sallyport::testing
