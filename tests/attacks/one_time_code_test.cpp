// One-time codes: guessed, used for another account or purpose, too late, twice in one request.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace code_attacks {

struct Ask {
  sallyport::Email email;
};
struct Typed {
  sallyport::Email email;
  sallyport::OneTimeCode<6> code;
};

// What a mailbox and a table would have.
struct Kept {
  Kept() = default;  // a class, taken at its word
  mutable std::mutex mutex;
  mutable std::string sent;
  mutable std::string digest;
  mutable std::optional<sallyport::Codes> codes;
  mutable std::optional<sallyport::CodeAttempt> attempt;
};

}  // namespace code_attacks

namespace sallyport::testing {
namespace {

namespace types = ::code_attacks;
using namespace std::chrono_literals;

std::string drawn(const Email& email, const Codes& codes) {
  const auto code = OneTimeCode<6>::random();
  static_cast<void>(codes.digest(code, email, "confirm an address", 10min));
  return code.to_send();
}

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  constexpr attempts limit{.max = 5, .per = 15min};
  constexpr sallyport::limit often("codes", 1000, 1min);
  router.post("/ask", why, often, [](Body<types::Ask> in, Codes codes, State<const types::Kept> kept) {
    const auto code = OneTimeCode<6>::random();
    const std::lock_guard lock(kept->mutex);
    kept->sent = code.to_send();
    kept->digest = codes.digest(code, in->email, "confirm an address", 10min);
    return NoContent{};
  });
  router.post("/answers-code", why, often, [](Body<types::Ask> in, Codes codes, State<const types::Kept> kept) {
    kept->sent = drawn(in->email, codes);
    return Response::text("Your code is " + kept->sent + ".");
  });
  router.post("/answers-code-in-field", why, often,
              [](Body<types::Ask> in, Codes codes, State<const types::Kept> kept) {
                kept->sent = drawn(in->email, codes);
                return Response::empty().header("X-Code", kept->sent);
              });
  router.post("/answers-code-in-address", why, often,
              [](Body<types::Ask> in, Codes codes, State<const types::Kept> kept) {
                kept->sent = drawn(in->email, codes);
                return Response::see_other(local_url<"/confirm?sent={}">(kept->sent));
              });
  router.post("/answers-longer-number", why, often, [](Body<types::Ask> in, Codes codes) {
    return Response::text("4" + drawn(in->email, codes) + " calls so far");
  });
  router.post("/confirm", why, limit,
              [](Body<types::Typed> in, CodeAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
                const auto right = co_await attempt.matches(in->code, kept->digest, "confirm an address");
                if (!right) throw Problem(403, "Wrong or old code");
                co_return NoContent{};
              });
  router.post("/other-purpose", why, limit,
              [](Body<types::Typed> in, CodeAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
                const auto right = co_await attempt.matches(in->code, kept->digest, "reset a password");
                if (!right) throw Problem(403, "Wrong or old code");
                co_return NoContent{};
              });
  router.post(
      "/twice", why, limit,
      [](Body<types::Typed> in, CodeAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
        [[maybe_unused]] const bool right_1(co_await attempt.matches(in->code, kept->digest, "confirm an address"));
        [[maybe_unused]] const bool right_2(co_await attempt.matches(in->code, kept->digest, "confirm an address"));
        co_return NoContent{};
      });
  router.post("/unlooked", why, limit,
              [](Body<types::Typed> in, CodeAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
                const auto right = co_await attempt.matches(in->code, kept->digest, "confirm an address");
                co_return NoContent{};
              });
  router.post(
      "/says-success", why, limit,
      [](Body<types::Typed> in, CodeAttempt attempt, State<const types::Kept> kept, Log& log) -> Task<NoContent> {
        const bool right(co_await attempt.matches(in->code, kept->digest, "confirm an address"));
        log.info("code_typed", {{"right", right}});
        co_return NoContent{};
      });
  router.post("/unasked", why, limit, [](Body<types::Typed>, CodeAttempt) { return NoContent{}; });
  router.post("/nothing-kept", why, limit, [](Body<types::Typed> in, CodeAttempt attempt) -> Task<NoContent> {
    const auto right = co_await attempt.matches(in->code, "", "confirm an address");
    if (!right) throw Problem(403, "Wrong or old code");
    co_return NoContent{};
  });
  router.post(
      "/twice-caught", why, limit,
      [](Body<types::Typed> in, CodeAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
        [[maybe_unused]] const bool right_1(co_await attempt.matches(in->code, kept->digest, "confirm an address"));
        try {
          [[maybe_unused]] const bool right_2(co_await attempt.matches(in->code, kept->digest, "confirm an address"));
        } catch (const std::exception&) {
        }
        co_return NoContent{};
      });
  // What one request keeps for another.
  router.post("/keep", why, limit,
              [](Body<types::Typed>, CodeAttempt attempt, Codes codes, State<const types::Kept> kept) {
                kept->codes.emplace(codes);
                kept->attempt.emplace(std::move(attempt));
                return NoContent{};
              });
  router.post("/use-codes", why, often, [](Body<types::Ask> in, State<const types::Kept> kept) {
    const auto code = OneTimeCode<6>::random();
    return Response::text(kept->codes->digest(code, in->email, "confirm an address", 10min));
  });
  // Without a limit: a guess here would not be counted.
  router.post("/use-attempt", why, [](Body<types::Typed> in, State<const types::Kept> kept) -> Task<NoContent> {
    const auto right = co_await kept->attempt->matches(in->code, kept->digest, "confirm an address");
    if (!right) throw Problem(403, "Wrong or old code");
    co_return NoContent{};
  });
  router.post("/sent-on", why, limit,
              [](Body<types::Typed> in, CodeAttempt) { return Response::text(in->code.to_send()); });
  return router;
}

class OneTimeCodes : public ::testing::Test {
 protected:
  int post(const std::string& path, const std::string& code, const std::string& email = "owner@example.com") {
    Browser browser(service.port(), service.authority());
    return browser.post_json(path, R"({"email":")" + email + R"(","code":")" + code + R"("})").status;
  }
  std::string ask() {
    Browser browser(service.port(), service.authority());
    EXPECT_EQ(browser.post_json("/ask", R"({"email":"owner@example.com"})").status, 204);
    return kept->sent;
  }
  static std::string other_than(std::string code) {
    code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
    return code;
  }

  std::shared_ptr<types::Kept> kept = std::make_shared<types::Kept>();
  TestService service{routes(), {}, {}, {{&detail::state_key<types::Kept>, kept}}};
};

TEST_F(OneTimeCodes, RightAndWrong) {
  const std::string code = ask();
  ASSERT_EQ(code.size(), 6U);
  EXPECT_EQ(kept->digest.find(code), std::string::npos);
  EXPECT_EQ(post("/confirm", other_than(code)), 403);
  EXPECT_EQ(post("/confirm", code, "OWNER@example.com"), 204) << "the same account";
  for (const char* text : {"", "12345", "1234567", "12345a", " 12345", "+12345"})
    EXPECT_EQ(post("/confirm", text), 400) << text;
}

// Though the handler forgets to forget it.
TEST_F(OneTimeCodes, ACodeIsGoodOnce) {
  const std::string code = ask();
  EXPECT_EQ(post("/confirm", code), 204);
  EXPECT_EQ(post("/confirm", code), 403);
  EXPECT_EQ(post("/confirm", ask()), 204) << "another one";
}

TEST_F(OneTimeCodes, ACodeIsNotInTheAnswerToWhoeverAsksForIt) {
  for (const char* path : {"/answers-code", "/answers-code-in-field", "/answers-code-in-address"}) {
    Browser browser(service.port(), service.authority());
    const auto answer = browser.post_json(path, R"({"email":"owner@example.com"})");
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(answer.body.find(kept->sent), std::string::npos) << path;
    EXPECT_EQ(answer.field("x-code") + answer.field("location"), "") << path;
  }
  EXPECT_NE(service.log().find("a one-time code, a password or a key is in the answer"), std::string::npos);
  Browser browser(service.port(), service.authority());
  EXPECT_EQ(browser.post_json("/answers-longer-number", R"({"email":"owner@example.com"})").status, 200);
}

TEST_F(OneTimeCodes, AMatchThatNobodyLooksAtEndsTheRequest) {
  const std::string code = ask();
  EXPECT_EQ(post("/unlooked", other_than(code)), 500);
  EXPECT_EQ(post("/unlooked", code), 500);
  EXPECT_NE(service.log().find("nobody looked at whether a code was right"), std::string::npos);
}

TEST_F(OneTimeCodes, AWrongCodeIsNoSuccess) {
  const std::string code = ask();
  EXPECT_EQ(post("/says-success", other_than(code)), 500);
  EXPECT_NE(service.log().find("a password or a code was wrong"), std::string::npos);
  EXPECT_EQ(post("/says-success", code), 204);
}

TEST_F(OneTimeCodes, OfAnotherAccountOrPurposeIsNone) {
  const std::string code = ask();
  EXPECT_EQ(post("/confirm", code, "other@example.com"), 403);
  EXPECT_EQ(post("/other-purpose", code), 403);
  EXPECT_EQ(post("/confirm", code), 204);
}

TEST_F(OneTimeCodes, GuessesAreCounted) {
  const std::string code = ask();
  for (int guess = 0; guess < 5; ++guess) EXPECT_EQ(post("/confirm", other_than(code)), 403) << guess;
  EXPECT_EQ(post("/confirm", other_than(code)), 429);
  EXPECT_EQ(post("/confirm", code), 429) << "the answer does not tell which is right";
  EXPECT_EQ(post("/other-purpose", code), 429) << "all routes with codes count together";
}

TEST_F(OneTimeCodes, AnAttemptThatIsNotMadeIsCounted) {
  for (int guess = 0; guess < 5; ++guess) EXPECT_EQ(post("/unasked", "123456"), 204) << guess;
  EXPECT_EQ(post("/unasked", "123456"), 429);
}

TEST_F(OneTimeCodes, OneRequestIsOneGuess) { EXPECT_EQ(post("/twice", ask()), 500); }

TEST_F(OneTimeCodes, OneRequestIsOneGuessWhateverIsCaught) {
  EXPECT_EQ(post("/twice-caught", ask()), 500);
  EXPECT_NE(service.log().find("a second code in it would not be counted"), std::string::npos);
}

TEST_F(OneTimeCodes, WhatWasKeptIsOfNoUseToAnotherRequest) {
  const std::string code = ask();
  const std::string body = R"({"email":"owner@example.com","code":")" + code + R"("})";
  const auto request = [&](const std::string& path) {
    return "POST " + path + " HTTP/1.1\r\nHost: " + service.authority() +
           "\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  HttpClient client(service.port());  // the next request of a connection lies where the last one did
  client.send(request("/keep"));
  EXPECT_EQ(client.receive()->status, 204);
  client.send(request("/use-attempt"));
  EXPECT_EQ(client.receive()->status, 500);
  EXPECT_NE(service.log().find("belong to the request that they were made for"), std::string::npos);
  Browser browser(service.port(), service.authority());
  EXPECT_EQ(browser.post_json("/use-codes", R"({"email":"owner@example.com"})").status, 500);
  EXPECT_NE(service.log().find("a parameter of a handler was kept"), std::string::npos);
}

TEST_F(OneTimeCodes, NothingKeptMatchesNothing) {
  EXPECT_EQ(post("/nothing-kept", "000000"), 403);
  ask();
  for (const std::string& damaged :
       {std::string("x"), kept->digest.substr(1), kept->digest + "0", std::string(43, 'A') + ".99999999999",
        kept->digest.substr(0, 44), std::string(500, '.')}) {
    kept->digest = damaged;
    EXPECT_EQ(post("/confirm", kept->sent, "a" + std::to_string(damaged.size()) + "@example.com"), 403) << damaged;
  }
}

TEST_F(OneTimeCodes, ALaterEndIsForged) {
  const std::string code = ask();
  const std::size_t dot = kept->digest.find('.');
  kept->digest = kept->digest.substr(0, dot + 1) + std::to_string(std::stoull(kept->digest.substr(dot + 1)) + 60);
  EXPECT_EQ(post("/confirm", code), 403);
}

TEST_F(OneTimeCodes, WhatAClientTypedIsNotSentOn) { EXPECT_EQ(post("/sent-on", "123456"), 500); }

TEST(OneTimeCode, IsDrawnEvenly) {
  std::array<int, 10> count{};
  std::set<std::string> codes;
  for (int i = 0; i < 5000; ++i) {
    const std::string code = OneTimeCode<6>::random().to_send();
    codes.insert(code);
    for (const char c : code) ++count[static_cast<std::size_t>(c - '0')];
  }
  EXPECT_GT(codes.size(), 4950U);
  for (const int digits : count) EXPECT_NEAR(digits, 3000, 400);
}

}  // namespace
}  // namespace sallyport::testing
