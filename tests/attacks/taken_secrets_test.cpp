// What a request has taken out of secrets: codes to send, passwords and keys by expose. Bound to a statement or in the answer they end the request; in
// the log they are left out; another request is not asked.
#include <sallyport/sallyport.hpp>

#include "crypto/bytes.hpp"

#include "support/http2_client.hpp"
#include "support/http_client.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace taken_secrets {

struct Ask {
  sallyport::Email email;
};
struct Text {
  sallyport::Line<0, 200> text;
};
struct Join {
  sallyport::Email email;
  sallyport::NewPassword password;
};
struct SignIn {
  sallyport::Email email;
  sallyport::Password password;
};

// What a mailbox and another service would have.
struct Outside {
  Outside() = default;  // a class, taken at its word
  mutable std::mutex mutex;
  mutable std::string sent;
};
struct Keys {
  sallyport::SecretBytes api_key;
};

}  // namespace taken_secrets

namespace sallyport::testing {
namespace {

namespace types = ::taken_secrets;
using namespace std::chrono_literals;

constexpr std::string_view api_key = "sk_live_0123456789abcdef";
constexpr std::string_view password = "otter-kayak-violet-19";

std::string sent(const State<const types::Outside>& outside) {
  const auto code = OneTimeCode<6>::random();
  const std::lock_guard lock(outside->mutex);
  return outside->sent = code.to_send();
}

std::string typed(const auto& secret) {
  std::string text;
  secret.template expose<"the old forum signs in with it too">(
      [&](auto bytes) { text.assign(bytes.begin(), bytes.end()); });
  return text;
}

// Every spelling in which a text that holds `secret` is bound.
void spellings(Router& router) {
  constexpr anyone why("for the tests of attacks");
  constexpr limit often("tests", 1000, 1min);
#define SALLYPORT_CODE_IN(PATH, ...)                                                                           \
  router.post(PATH, why, often,                                                                                \
              [](Body<types::Ask> in, Codes, Db& db, State<const types::Outside> outside) -> Task<NoContent> { \
                static_cast<void>(in);                                                                         \
                const std::string code = sent(outside);                                                        \
                __VA_ARGS__                                                                                    \
                co_return {};                                                                                  \
              });
  SALLYPORT_CODE_IN("/code/plain", co_await db.run("INSERT INTO kept (text) VALUES (?)", code);)
  SALLYPORT_CODE_IN("/code/view", co_await db.run("INSERT INTO kept (text) VALUES (?)", std::string_view(code));)
  SALLYPORT_CODE_IN("/code/json", co_await db.run("INSERT INTO kept (text) VALUES (?)", "{\"code\":\"" + code + "\"}");)
  SALLYPORT_CODE_IN("/code/json-number",
                    co_await db.run("INSERT INTO kept (text) VALUES (?)", "{\"n\":1,\"code\":" + code + "}");)
  SALLYPORT_CODE_IN("/code/sentence", std::string text(100, '\0'); text.resize(static_cast<std::size_t>(
      std::snprintf(text.data(), text.size(), "the code of %s is %s.", "somebody", code.c_str())));
                    co_await db.run("INSERT INTO kept (text) VALUES (?)", text);)
  SALLYPORT_CODE_IN("/code/gap",
                    co_await db.run("INSERT INTO kept (text) VALUES (?)", code.substr(0, 3) + " " + code.substr(3));)
  SALLYPORT_CODE_IN("/code/blob", const std::vector<unsigned char> bytes(code.begin(), code.end());
                    co_await db.run("INSERT INTO kept (bytes) VALUES (?)", bytes);)
  SALLYPORT_CODE_IN("/code/number", co_await db.run("INSERT INTO kept (number) VALUES (?)", std::stoi(code));)
  SALLYPORT_CODE_IN("/code/real", co_await db.run("INSERT INTO kept (real) VALUES (?)", std::stod(code));)
  SALLYPORT_CODE_IN("/code/perhaps",
                    co_await db.run("INSERT INTO kept (text) VALUES (?)", std::optional<std::string>(code));)
  SALLYPORT_CODE_IN("/code/list", const std::vector<std::string> all{"one", code}; static_cast<void>(
                        co_await db.one<std::int64_t>("SELECT count(*) FROM kept WHERE text IN (?...)", all));)
  SALLYPORT_CODE_IN("/code/asked",
                    static_cast<void>(co_await db.one<std::int64_t>("SELECT count(*) FROM kept WHERE text = ?", code));)
  SALLYPORT_CODE_IN("/code/transaction", co_await db.transaction([&](Transaction& tx) {
    tx.run("INSERT INTO kept (text) VALUES ('before')");
    tx.run("INSERT INTO kept (text) VALUES (?)", "code " + code);
  });)
  SALLYPORT_CODE_IN("/code/drawn-in-transaction", co_await db.transaction([&](Transaction& tx) {
    tx.run("INSERT INTO kept (text) VALUES (?)", OneTimeCode<8>::random().to_send());
  });)
  SALLYPORT_CODE_IN(
      "/code/caught", try { co_await db.run("INSERT INTO kept (text) VALUES (?)", code); } catch (...){})
  SALLYPORT_CODE_IN("/code/exposed", std::string digits;
                    OneTimeCode<6>::random().expose<"the gateway for messages sends it">(
                        [&](auto bytes) { digits.assign(bytes.begin(), bytes.end()); });
                    co_await db.run("INSERT INTO kept (text) VALUES (?)", digits);)
#undef SALLYPORT_CODE_IN

#define SALLYPORT_PASSWORD_IN(PATH, ...)                                              \
  router.post(PATH, why, often, [](Body<types::Join> in, Db& db) -> Task<NoContent> { \
    const std::string text = typed(in->password);                                     \
    __VA_ARGS__                                                                       \
    co_return {};                                                                     \
  });
  SALLYPORT_PASSWORD_IN("/password/plain", co_await db.run("INSERT INTO kept (text) VALUES (?)", text);)
  SALLYPORT_PASSWORD_IN("/password/view",
                        co_await db.run("INSERT INTO kept (text) VALUES (?)", std::string_view(text));)
  SALLYPORT_PASSWORD_IN("/password/json", co_await db.run("INSERT INTO kept (text) VALUES (?)",
                                                          R"({"forum":{"pass":")" + text + R"("}})");)
  SALLYPORT_PASSWORD_IN("/password/joined", co_await db.run("INSERT INTO kept (text) VALUES (?)", "x" + text + "y");)
  SALLYPORT_PASSWORD_IN("/password/blob", const std::vector<unsigned char> bytes(text.begin(), text.end());
                        co_await db.run("INSERT INTO kept (bytes) VALUES (?)", bytes);)
  SALLYPORT_PASSWORD_IN("/password/transaction", co_await db.transaction([&](Transaction& tx) {
    tx.run("INSERT INTO kept (text) VALUES (?)", text);
  });)
  SALLYPORT_PASSWORD_IN("/password/two-seconds-later", co_await sleep_for(0s);
                        co_await db.run("INSERT INTO kept (text) VALUES (?)", text);)
#undef SALLYPORT_PASSWORD_IN
}

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  constexpr limit often("tests", 1000, 1min);
  spellings(router);
  router.post("/honest", why, often,
              [](Body<types::Ask> in, Codes codes, Db& db, State<const types::Outside> outside) -> Task<NoContent> {
                const auto code = OneTimeCode<6>::random();
                co_await db.run("INSERT INTO kept (text, number) VALUES (?, ?)",
                                codes.digest(code, in->email, "confirm an address", 10min), 1'764'454'000'123);
                const std::lock_guard lock(outside->mutex);
                outside->sent = code.to_send();
                co_return {};
              });
  router.post("/honest-password", why, often, [](Body<types::Join> in, Db& db) -> Task<NoContent> {
    const bool known = typed(in->password).size() > 20;
    co_await db.run("INSERT INTO kept (text, number) VALUES (?, ?)", in->email, known ? 1 : 0);
    co_return {};
  });
  router.post("/honest-short-password", why, often, [](Body<types::SignIn> in, Db& db) -> Task<NoContent> {
    static_cast<void>(typed(in->password));
    co_await db.run("INSERT INTO kept (text) VALUES ('tried'), (?)", "a password was typed");
    co_return {};
  });
  router.post("/short-password", why, often, [](Body<types::SignIn> in, Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO kept (text) VALUES (?)", "pass=" + typed(in->password) + ";");
    co_return {};
  });
  router.post("/note", why, [](Body<types::Text> in, Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO kept (text) VALUES (?)", in->text);
    co_return {};
  });
  router.post(
      "/log", why, often,
      [](Body<types::Join> in, Codes, State<const types::Outside> outside, State<const types::Keys> keys, Log& log) {
        const std::string code = sent(outside);
        log.info("code_sent", {{"to", in->email},
                               {"digits", code},
                               {"number", std::stoi(code)},
                               {"line", "sent " + code + " to somebody"}});
        const std::string text = typed(in->password);
        log.warning("typed", {{"what", text}, {"length", text.size()}});
        keys->api_key.expose([&](std::string_view key) { log.error("charge", {{"stripe", key}}); });
        return NoContent{};
      });
  router.post("/unlimited", why, [](Body<types::Ask>) {
    static_cast<void>(OneTimeCode<6>::random().to_send());
    return NoContent{};
  });
  router.post("/shows-password", why, often,
              [](Body<types::Join> in) { return Response::text("You have chosen " + typed(in->password)); });
  router.get("/shows-key", why, [](State<const types::Keys> keys) {
    std::string text;
    keys->api_key.expose([&](std::string_view key) { text = key; });
    return Response::text("x").header("X-Key", text);
  });
  router.get(
      "/streams-key", why, [](State<const types::Keys> keys) -> Stream<"text/plain"> {
        std::string text;
        keys->api_key.expose([&](std::string_view key) { text = key; });
        co_yield "the first piece, ";
        co_yield text;
      });
  router.post("/waits", why, often,
              [](Body<types::Ask>, Codes, Db& db, State<const types::Outside> outside) -> Task<NoContent> {
                const std::string code = sent(outside);
                co_await sleep_for(1s);
                co_await db.run("INSERT INTO kept (text) VALUES (?)", code);
                co_return {};
              });
  return router;
}

class TakenSecrets : public ::testing::Test {
 protected:
  int post(const std::string& path, const std::string& body) { return browser.post_json(path, body).status; }
  int ask(const std::string& path) { return post(path, R"({"email":"owner@example.com"})"); }
  int join(const std::string& path) {
    return post(path, R"({"email":"owner@example.com","password":")" + std::string(password) + R"("})");
  }
  std::int64_t rows() {
    return service.database().run_blocking(
        [](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM kept"); });
  }

  std::shared_ptr<types::Outside> outside = std::make_shared<types::Outside>();
  std::shared_ptr<types::Keys> keys = std::make_shared<types::Keys>(SecretBytes(crypto::bytes_of(api_key)));
  TestService service{routes(),
                      {"CREATE TABLE kept (text TEXT, bytes BLOB, number INTEGER, real REAL) STRICT"},
                      {},
                      {{&detail::state_key<types::Outside>, outside}, {&detail::state_key<types::Keys>, keys}}};
  Browser browser{service.port(), service.authority()};
};

TEST_F(TakenSecrets, ACodeIsBoundToNoStatement) {
  for (const char* spelling : {"plain", "view", "json", "json-number", "sentence", "gap", "blob", "number", "real",
                               "perhaps", "list", "asked", "transaction", "drawn-in-transaction", "caught", "exposed"})
    EXPECT_EQ(ask("/code/" + std::string(spelling)), 500) << spelling;
  EXPECT_EQ(rows(), 0) << "not half of a transaction either";
  EXPECT_NE(service.log().find("keep codes.digest("), std::string::npos);
}

TEST_F(TakenSecrets, APasswordIsBoundToNoStatement) {
  for (const char* spelling : {"plain", "view", "json", "joined", "blob", "transaction", "two-seconds-later"})
    EXPECT_EQ(join("/password/" + std::string(spelling)), 500) << spelling;
  EXPECT_EQ(post("/short-password", R"({"email":"a@example.com","password":"hunter2"})"), 500);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(service.log().find(password), std::string::npos);
}

TEST_F(TakenSecrets, WhatIsHonestGoesOn) {
  EXPECT_EQ(ask("/honest"), 204);
  EXPECT_EQ(join("/honest-password"), 204);
  EXPECT_EQ(post("/honest-short-password", R"({"email":"a@example.com","password":"password"})"), 204)
      << "a short word is in texts by chance";
  EXPECT_EQ(rows(), 4);
}

// The next request of the connection lies where the last one did.
TEST_F(TakenSecrets, AnotherRequestIsNotAsked) {
  for (const char* spelling : {"plain", "transaction", "caught"}) {
    EXPECT_EQ(ask("/code/" + std::string(spelling)), 500);
    EXPECT_EQ(post("/note", R"({"text":")" + outside->sent + R"("})"), 204) << spelling;
  }
  EXPECT_EQ(join("/password/plain"), 500);
  EXPECT_EQ(post("/note", R"({"text":")" + std::string(password) + R"("})"), 204);
}

TEST_F(TakenSecrets, NorAnotherStreamOfTheConnection) {
  Http2Client client(service.port());
  const ResponseFields fields{{"sec-fetch-site", "same-origin"}, {"content-type", "application/json"}};
  const std::int32_t waits =
      client.start("POST", "/waits", service.authority(), fields, R"({"email":"owner@example.com"})");
  std::string code;
  while (code.empty()) {
    EXPECT_EQ(client.request("POST", "/note", service.authority(), fields, R"({"text":"a"})").status, 204);
    const std::lock_guard lock(outside->mutex);
    code = outside->sent;
  }
  EXPECT_EQ(client.request("POST", "/note", service.authority(), fields, R"({"text":")" + code + R"("})").status, 204);
  const std::int64_t before = rows();
  service.advance(2s);
  EXPECT_EQ(client.finish(waits).status, 500);
  EXPECT_EQ(rows(), before);
}

TEST_F(TakenSecrets, NoLineOfTheLogHoldsOne) {
  EXPECT_EQ(join("/log"), 204);
  const std::string log = service.log();
  EXPECT_EQ(log.find(outside->sent), std::string::npos) << log;
  EXPECT_EQ(log.find(password), std::string::npos) << log;
  EXPECT_EQ(log.find(api_key), std::string::npos) << log;
  EXPECT_NE(log.find(R"("digits":"[secret]","number":"[secret]","line":"[secret]")"), std::string::npos) << log;
  EXPECT_NE(log.find(R"("what":"[secret]","length":21)"), std::string::npos) << log;
  EXPECT_NE(log.find(R"("stripe":"[secret]")"), std::string::npos) << log;
  EXPECT_NE(log.find(R"("event":"log_secret_masked")"), std::string::npos) << log;
  EXPECT_NE(log.find(R"("to":"owner@example.com")"), std::string::npos) << log;
}

TEST_F(TakenSecrets, NoAnswerHoldsOne) {
  EXPECT_EQ(join("/shows-password"), 500);
  const auto shown = browser.get("/shows-key");
  EXPECT_EQ(shown.status, 500);
  EXPECT_EQ(shown.field("x-key"), "");
  HttpClient client(service.port());
  client.send("GET /streams-key HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  ASSERT_TRUE(client.receive_head());
  std::string streamed;
  while (const auto piece = client.receive_chunk()) {
    if (piece->empty()) break;
    streamed += *piece;
  }
  EXPECT_EQ(streamed.find(api_key), std::string::npos);
}

TEST_F(TakenSecrets, ACodeIsSentOnALimitedRouteOnly) {
  EXPECT_EQ(ask("/unlimited"), 500);
  EXPECT_NE(service.log().find("a one-time code was sent on a route without a limit"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::testing
