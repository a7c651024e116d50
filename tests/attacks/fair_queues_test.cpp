// One client with much slow work at once: others are served between, by the database and by the password hash.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace fair_queues {

struct Rows {
  sallyport::Int<1, 1'000'000'000> rows;
};
struct Number {
  std::int64_t number;
};
using Counted = std::atomic<int>;

}  // namespace fair_queues

template <>
struct sallyport::view<fair_queues::Number> {
  using show = fields<&fair_queues::Number::number>;
};

namespace sallyport::testing {
namespace {

namespace types = ::fair_queues;

// Behind a proxy on this machine, so that clients come from any address.
void proxied(ops::Settings& settings) { settings.server.trusted_proxies = {*base::IpRange::parse("127.0.0.1")}; }
std::string from(const std::string& address) {
  return "Sec-Fetch-Site: same-origin\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: " + address + "\r\n";
}

constexpr int at_once = 30;

Router counting() {
  Router router;
  router.get(
      "/count", anyone("counts as far as it is told"),
      [](Query<types::Rows> in, const Db& db, State<types::Counted> counted) -> Task<types::Number> {
        const types::Number number{co_await db.one<std::int64_t>(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n",
            in->rows.value())};
        if (number.number > 1) ++*counted;
        co_return number;
      });
  return router;
}

TEST(FairQueues, OneClientsSlowQueriesDoNotHoldUpOthers) {
  const auto counted = std::make_shared<types::Counted>(0);
  TestService service(counting(), {"CREATE TABLE unused (id INTEGER PRIMARY KEY) STRICT"}, proxied,
                      {{&detail::state_key<types::Counted>, counted}});
  std::vector<std::unique_ptr<HttpClient>> slow;
  for (int i = 0; i < at_once; ++i) {
    slow.push_back(std::make_unique<HttpClient>(service.port()));
    slow.back()->send("GET /count?rows=1000000 HTTP/1.1\r\nHost: " + service.authority() + "\r\n" +
                      from("203.0.113.5") + "\r\n");
  }
  while (*counted == 0) {
    Browser other(service.port(), service.authority());
    EXPECT_EQ(other.send("GET", "/count?rows=1", "", "", from("198.51.100.1")).status, 200);
  }
  const int before = *counted;
  for (int i = 0; i < 5; ++i) {
    Browser other(service.port(), service.authority());
    EXPECT_EQ(other.send("GET", "/count?rows=1", "", "", from("198.51.100." + std::to_string(2 + i))).status, 200);
  }
  EXPECT_LT(*counted - before, 5) << "each waited for less than one of the slow ones";
  for (const auto& client : slow) EXPECT_EQ(client->receive()->status, 200) << "and these are answered, in their turn";
  EXPECT_EQ(*counted, at_once);
}

// With several accounts, since few attempts at one are looked at together.
TEST(FairQueues, OneClientsPasswordsDoNotHoldUpOthers) {
  NotesService service(proxied);
  const auto body = [](const std::string& name) {
    return R"({"email":")" + name + R"(@example.com","password":")" + NotesService::password + R"("})";
  };
  const auto post = [&](const std::string& path, const std::string& json, const std::string& address) {
    return service.visitor().send("POST", path, "application/json", json, from(address)).status;
  };
  for (const char* name : {"victim", "a0", "a1", "a2", "a3", "a4", "a5"})
    ASSERT_EQ(post("/api/users", R"({"name":"Some One",)" + body(name).substr(1), "198.51.100.9"), 201);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<HttpClient>> many;
    for (int i = 0; i < at_once; ++i) {
      const std::string json = body("a" + std::to_string(i % 6));
      many.push_back(std::make_unique<HttpClient>(service.port()));
      many.back()->send("POST /api/login HTTP/1.1\r\nHost: " + service.authority() +
                        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
                        "\r\n" + from("203.0.113.5") + "\r\n" + json);
    }
    EXPECT_EQ(post("/api/login", body("victim"), "198.51.100." + std::to_string(10 + round)), 200);
    int refused = 0;
    for (const auto& client : many) refused += client->receive()->status == 503 ? 1 : 0;
    EXPECT_GT(refused, 0) << "of one client few wait";
  }
}

}  // namespace
}  // namespace sallyport::testing
