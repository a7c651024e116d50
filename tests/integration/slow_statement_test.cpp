// A statement that takes longer than `database.statement_seconds`: an answer of its own, and the connection serves the next.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::testing {
namespace {

TEST(SlowStatement, IsAnswered503WithItsReason) {
  Router router;
  router.get("/slow", anyone("for the tests of deadlines"), [](const Db& db) -> Task<small::Greeting> {
    const auto most = co_await db.one<std::int64_t>(
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c");
    co_return small::Greeting{std::to_string(most)};
  });
  router.get("/quick", anyone("for the tests of deadlines"), [](const Db& db) -> Task<small::Greeting> {
    co_return small::Greeting{std::to_string(co_await db.one<std::int64_t>("SELECT 7"))};
  });
  TestService service(router, {}, [](ops::Settings& settings) { settings.database.statement_seconds = 1; });
  Browser browser(service.port(), service.authority());
  const HttpResponse slow = browser.get("/slow");
  EXPECT_EQ(slow.status, 503);
  EXPECT_EQ(slow.field("retry-after"), "5");
  EXPECT_NE(slow.body.find("The database took too long"), std::string::npos) << slow.body;
  EXPECT_EQ(browser.get("/quick").body, R"({"message":"7"})");
}

}  // namespace
}  // namespace sallyport::testing
