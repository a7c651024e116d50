// Handlers that write co_await wherever C++ takes one, served over sockets: ten thousand requests to one process.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace shaped {

namespace sp = sallyport;

struct Answer {
  std::string text;
  std::int64_t number = 0;
};
struct Draft {
  std::string title;
  std::string body;
  std::int64_t number = 0;
};

// A row that the database counts: 2.
sp::Task<std::int64_t> rows(const sp::Db& db) {
  const auto found = co_await db.all<Draft>("SELECT title, body, number FROM drafts ORDER BY number");
  co_return static_cast<std::int64_t>(found.size());
}
sp::Task<std::int64_t> save(Draft draft, const sp::Db& db) {
  co_return draft.number + co_await rows(db) + static_cast<std::int64_t>(draft.title.size());
}

sp::Task<Answer> condition(const sp::Db& db) {
  if (co_await rows(db) == 0) co_return Answer{"none", 0};
  if (!(co_await db.maybe<Draft>("SELECT title, body, number FROM drafts WHERE number = ?", 2))) {
    throw sp::Problem(404, "No such draft");
  }
  co_return Answer{"a title that no short string holds: found", co_await rows(db)};
}
sp::Task<Answer> loops(const sp::Db& db) {
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < co_await rows(db); ++i) total += 1;
  while (co_await rows(db) == 0) co_return Answer{"never", 0};
  switch (co_await rows(db)) {
    case 2:
      total += 10;
      break;
    default:
      total += 100;
  }
  for (const Draft& draft : co_await db.all<Draft>("SELECT title, body, number FROM drafts ORDER BY number")) {
    total += draft.number;
  }
  co_return Answer{"a text that is longer than a short string", total};
}
sp::Task<Answer> aggregates(const sp::Db& db) {
  const std::int64_t positional = co_await save(Draft{std::string(40, 't'), std::string(40, 'b'), 1}, db);
  const std::int64_t named = co_await save(Draft{.title = std::string(40, 't'), .body = "", .number = 2}, db);
  const auto& [title, body, number] =
      co_await db.one<Draft>("SELECT title, body, number FROM drafts WHERE number = ?", 1);
  co_return Answer{title + body, positional + named + number + co_await rows(db)};
}
sp::Task<Answer> failing(const sp::Db& db) {
  try {
    if (co_await rows(db) == 2) throw Draft{std::string(40, 't'), std::string(40, 'b'), co_await rows(db)};
  } catch (const Draft& thrown) {
    if (thrown.number != 2) co_return Answer{"wrong", 0};
  }
  if (co_await rows(db) == 2) throw sp::Problem(409, "As the test wants it");
  co_return Answer{"never", 0};
}

}  // namespace shaped

template <>
struct sallyport::view<shaped::Answer> {
  using show = fields<&shaped::Answer::text, &shaped::Answer::number>;
};

namespace sallyport::testing {
namespace {

TEST(ShapesTest, TenThousandRequestsToHandlersWithEveryShapeAreAnswered) {
  Router router;
  router.get("/condition", anyone("for the tests of coroutines"), shaped::condition);
  router.get("/loops", anyone("for the tests of coroutines"), shaped::loops);
  router.get("/aggregates", anyone("for the tests of coroutines"), shaped::aggregates);
  router.get("/failing", anyone("for the tests of coroutines"), shaped::failing);
  std::vector<Migration> steps{
      "CREATE TABLE drafts (title TEXT NOT NULL, body TEXT NOT NULL, number INTEGER NOT NULL) STRICT;"
      "INSERT INTO drafts VALUES ('one title that no short string holds', 'b', 1), ('two', 'c', 2)"};
  TestService service(router, std::move(steps), [](ops::Settings& settings) {
    settings.limits.general_per_second = 100'000;
    settings.limits.general_burst = 1'000'000;
    settings.limits.keep_alive_requests = 20'000;
  });

  struct Expected {
    std::string path;
    int status;
    std::string body;
  };
  const std::vector<Expected> expected{
      {"/condition", 200, R"({"text":"a title that no short string holds: found","number":2})"},
      {"/loops", 200, R"({"text":"a text that is longer than a short string","number":15})"},
      {"/aggregates", 200, R"({"text":"one title that no short string holdsb","number":90})"},
      {"/failing", 409, ""},
  };
  std::string batch;
  for (int i = 0; i < 2; ++i) {
    for (const Expected& each : expected) {
      batch += "GET " + each.path + " HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n";
    }
  }
  HttpClient client(service.port());
  for (int sent = 0; sent < 10'000; sent += 8) {
    client.send(batch);
    for (int i = 0; i < 8; ++i) {
      const Expected& each = expected[static_cast<std::size_t>(i) % expected.size()];
      const auto answer = client.receive();
      ASSERT_TRUE(answer) << each.path << " after " << sent;
      ASSERT_EQ(answer->status, each.status) << each.path << ": " << answer->body;
      if (each.status == 200) {
        ASSERT_EQ(answer->body, each.body) << each.path;
      }
    }
  }
}

}  // namespace
}  // namespace sallyport::testing
