// What a handler passes over, so that its answer would look like a success: a change that changed nothing, an error beside another one, and a
// task of a function that refers to what the handler had.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <string>

namespace passed_over {

struct Text {
  std::string text;
};

}  // namespace passed_over

template <>
struct sallyport::view<passed_over::Text> {
  using show = fields<&passed_over::Text::text>;
};

namespace sallyport::testing {
namespace {

using passed_over::Text;

const anyone why("for the tests of what is passed over");

// --- Changes

NoContent done() { return {}; }

void routes_of_changes(Router& router) {
  // The money is taken if there is enough, and the goods are sent in any case.
  router.post("/buy", why, [](Db& db) -> Task<NoContent> {
    co_await db.transaction([](Transaction& tx) {
      tx.run("UPDATE wallets SET cents = cents - 100 WHERE name = 'ada' AND cents >= 100");
      tx.run("INSERT INTO orders (what) VALUES ('book')");
    });
    co_return done();
  });
  router.post("/buy-in-two", why, [](Db& db) -> Task<NoContent> {
    co_await db.run("UPDATE wallets SET cents = cents - 100 WHERE name = 'ada' AND cents >= 100");
    co_await db.run("INSERT INTO orders (what) VALUES ('book')");
    co_return done();
  });
  router.post("/buy-and-catch", why, [](Db& db) -> Task<NoContent> {
    co_await db.run("UPDATE wallets SET cents = cents - 100 WHERE name = 'ada' AND cents >= 100");
    try {
      co_await db.transaction([](Transaction& tx) { tx.run("INSERT INTO orders (what) VALUES ('book')"); });
    } catch (...) {
    }
    co_return done();
  });
  router.post("/redeem", why, [](Db& db) -> Task<Response> {
    co_await db.run("DELETE FROM wallets WHERE name = 'a voucher'");
    co_return Response::see_other("/thanks");
  });
  router.post("/upsert", why, [](Db& db) -> Task<NoContent> {
    co_await db.run(
        "INSERT INTO wallets (name, cents) VALUES ('ada', 1) ON CONFLICT (name) DO UPDATE SET cents = 1 WHERE "
        "wallets.cents > 1000");
    co_return done();
  });
  router.post("/copy", why, [](Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO orders (what) SELECT name FROM wallets WHERE name = 'nobody'");
    co_return done();
  });
  router.post("/named", why, [](Db& db) -> Task<NoContent> {
    [[maybe_unused]] const auto changed = co_await db.run("DELETE FROM wallets WHERE name = 'nobody'");
    co_return done();
  });

  // The same, looked at.
  router.post("/or-problem", why, [](Db& db) -> Task<NoContent> {
    co_await db.transaction([](Transaction& tx) {
      tx.run("INSERT INTO orders (what) VALUES ('book')");
      tx.run("UPDATE wallets SET cents = cents - 100 WHERE name = 'ada' AND cents >= 100").or_problem(409, "No money");
    });
    co_return done();
  });
  router.post("/or-none", why, [](Db& db) -> Task<NoContent> {
    co_await db.run("DELETE FROM wallets WHERE name = 'nobody'").or_none();
    co_await db.transaction([](Transaction& tx) { tx.run("DELETE FROM wallets WHERE name = 'nobody'").or_none(); });
    co_return done();
  });
  router.post("/number", why, [](Db& db) -> Task<Text> {
    const std::int64_t gone = co_await db.run("DELETE FROM wallets WHERE name = 'nobody'");
    if (co_await db.run("UPDATE wallets SET cents = 5 WHERE name = 'nobody'") != 0) co_return Text{"some"};
    const auto more =
        co_await db.transaction([](Transaction& tx) { return tx.run("DELETE FROM wallets WHERE name = 'nobody'"); });
    co_return Text{std::to_string(gone + more)};
  });
  router.post("/refused", why, [](Db& db) -> Task<Response> {
    co_await db.run("DELETE FROM wallets WHERE name = 'nobody'");
    co_return Problem(409, "There was none");
  });
  router.post("/there-already", why, [](Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO wallets (name, cents) VALUES ('ada', 1) ON CONFLICT DO NOTHING");
    co_await db.run("INSERT OR IGNORE INTO wallets (name, cents) VALUES ('ada', 1)");
    co_await db.run(
        "WITH w AS (SELECT 1 AS n) INSERT INTO wallets (name, cents) SELECT 'ada', n FROM w WHERE TRUE ON "
        "CONFLICT (name) DO NOTHING");
    co_return done();
  });
  router.post("/taken-back", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.transaction([](Transaction& tx) {
        tx.run("DELETE FROM wallets WHERE name = 'nobody'");
        throw Problem(409, "Another thing is wrong");
      });
    } catch (const Problem&) {
    }
    co_await db.run("INSERT INTO orders (what) VALUES ('book')");
    co_return done();
  });
}

// --- Errors

void routes_of_errors(Router& router) {
  router.post("/one-of-two", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.run("INSERT INTO orders (what) VALUES (?)", std::nullopt);
    } catch (...) {
    }
    try {
      co_await db.run("UPDATE wallets SET cents = ? WHERE name = 'ada'", std::nullopt);
    } catch (const DatabaseError& error) {
      if (error.kind() != DatabaseError::Kind::not_null) throw;
    }
    co_return done();
  });
  router.post("/both", why, [](Db& db) -> Task<NoContent> {
    for (int i = 0; i < 2; ++i) {
      try {
        co_await db.run("INSERT INTO orders (what) VALUES (?)", std::nullopt);
      } catch (const DatabaseError& error) {
        if (error.kind() != DatabaseError::Kind::not_null) throw;
        if (error.kind() == DatabaseError::Kind::busy) throw;
      }
    }
    co_return done();
  });
  router.post("/ended-by-another", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.transaction([](Transaction& tx) {
        try {
          tx.run("INSERT INTO orders (what) VALUES (?)", std::nullopt);
        } catch (...) {
          throw Problem(409, "Not now");
        }
      });
    } catch (const Problem&) {
    }
    co_return done();
  });
}

// --- Tasks of others

Task<Text> of_reference(const std::string& text) { co_return Text{text}; }
Task<Text> of_view(std::string_view text) { co_return Text{std::string(text)}; }
Task<Text> of_pointer(const Db&, const std::string* text) { co_return Text{*text}; }
Task<Text> of_value(std::string text) { co_return Text{std::move(text)}; }
Task<Text> of_request(const Db& db, Log&, std::string title) {
  co_return Text{std::to_string(co_await db.one<std::int64_t>("SELECT count(*) FROM orders WHERE what = ?", title))};
}
struct Maker {
  std::string text;
  Task<Text> make() const { co_return Text{text}; }
};
Stream<"text/plain"> pieces_of(const std::string& text) { co_yield text; }
Stream<"text/plain"> pieces_by_value(std::string text) { co_yield text; }

void routes_of_tasks(Router& router) {
  router.get("/reference", why, []() -> Task<Text> {
    const std::string text = "a text that is gone when the handler has returned";
    return of_reference(text);
  });
  router.get("/view", why, []() -> Task<Text> {
    const std::string text = "a text that is gone when the handler has returned";
    return of_view(text);
  });
  router.get("/pointer", why, [](const Db& db) -> Task<Text> {
    const std::string text = "a text that is gone when the handler has returned";
    return of_pointer(db, &text);
  });
  router.get("/object", why, []() -> Task<Text> {
    const Maker maker{"a text that is gone when the handler has returned"};
    return maker.make();
  });
  router.get("/lambda", why, []() -> Task<Text> {
    const std::string text = "a text that is gone when the handler has returned";
    return [&text]() -> Task<Text> { co_return Text{text}; }();
  });
  router.get(
      "/stream", why, []() -> Stream<"text/plain"> {
        const std::string text = "a text that is gone when the handler has returned";
        return pieces_of(text);
      });
}

void routes_of_right_tasks(Router& router) {
  router.get("/value", why, []() -> Task<Text> { return of_value("moved into the task"); });
  router.get("/request", why, [](const Db& db, Log& log) -> Task<Text> { return of_request(db, log, "book"); });
  router.get("/awaited", why, []() -> Task<Text> {
    const std::string text = "there while it waits";
    co_return co_await of_reference(text);
  });
  router.get(
      "/pieces", why, []() -> Stream<"text/plain"> { return pieces_by_value("moved as well"); });
  router.get(
      "/own-pieces", why, [](const Db&) -> Stream<"text/plain"> { co_yield "its own"; });
  router.get(
      "/pointer-to-function", why, +[](const Db&) -> Task<Text> { co_return Text{"a function"}; });
}

Router all_routes() {
  Router router = small_routes();
  routes_of_changes(router);
  routes_of_errors(router);
  routes_of_tasks(router);
  routes_of_right_tasks(router);
  router.get("/orders", why, [](const Db& db) -> Task<Text> {
    co_return Text{std::to_string(co_await db.one<std::int64_t>("SELECT count(*) FROM orders"))};
  });
  return router;
}

class PassedOver : public ::testing::Test {
 protected:
  PassedOver()
      : service_(all_routes(), {"CREATE TABLE wallets (name TEXT PRIMARY KEY, cents INTEGER NOT NULL) STRICT;"
                                "CREATE TABLE orders (what TEXT NOT NULL) STRICT;"
                                "INSERT INTO wallets (name, cents) VALUES ('ada', 50)"}) {}

  HttpResponse post(const std::string& target) {
    return Browser(service_.port(), service_.authority()).send("POST", target, "", "");
  }
  HttpResponse get(const std::string& target) { return Browser(service_.port(), service_.authority()).get(target); }
  std::string orders() { return get("/orders").body; }

  TestService service_;
};

TEST_F(PassedOver, AChangeOfNothingIsNoSuccess) {
  for (const char* const path : {"/buy", "/buy-in-two", "/buy-and-catch", "/redeem", "/upsert", "/copy", "/named"}) {
    const std::size_t before = service_.log().size();
    EXPECT_EQ(post(path).status, 500) << path;
    const std::string line = service_.log().substr(before);
    EXPECT_NE(line.find("changed no row"), std::string::npos) << line;
    EXPECT_NE(line.find("passed_over_test.cpp:"), std::string::npos) << line;
  }
  EXPECT_EQ(orders(), R"({"text":"0"})") << "no goods without money";
}

TEST_F(PassedOver, AChangeOfNothingThatWasLookedAt) {
  EXPECT_EQ(post("/or-problem").status, 409);
  EXPECT_EQ(orders(), R"({"text":"0"})");
  EXPECT_EQ(post("/or-none").status, 204);
  EXPECT_EQ(post("/number").body, R"({"text":"0"})");
  EXPECT_EQ(post("/refused").status, 409);
  EXPECT_EQ(post("/there-already").status, 204);
  EXPECT_EQ(post("/taken-back").status, 204);
  EXPECT_EQ(orders(), R"({"text":"1"})");
}

TEST_F(PassedOver, ALookAtOneErrorIsNoneAtAnother) {
  EXPECT_EQ(post("/one-of-two").status, 500);
  EXPECT_NE(service_.log().find("was caught and not looked at"), std::string::npos);
  EXPECT_EQ(post("/both").status, 204);
  EXPECT_EQ(post("/ended-by-another").status, 204);
}

TEST_F(PassedOver, ATaskOfWhatTheHandlerHadIsNotRun) {
  for (const char* const path : {"/reference", "/view", "/pointer", "/object", "/lambda", "/stream"}) {
    const std::size_t before = service_.log().size();
    EXPECT_EQ(get(path).status, 500) << path;
    EXPECT_NE(service_.log().find("co_return co_await helper", before), std::string::npos) << path;
  }
}

TEST_F(PassedOver, ATaskOfItsOwnOrOfValuesIsRun) {
  EXPECT_EQ(get("/value").body, R"({"text":"moved into the task"})");
  EXPECT_EQ(get("/request").body, R"({"text":"0"})");
  EXPECT_EQ(get("/awaited").body, R"({"text":"there while it waits"})");
  EXPECT_EQ(get("/pieces").body, "moved as well");
  EXPECT_EQ(get("/own-pieces").body, "its own");
  EXPECT_EQ(get("/pointer-to-function").body, R"({"text":"a function"})");
}

}  // namespace
}  // namespace sallyport::testing
