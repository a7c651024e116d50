// Attacks on the gate's own machinery: limits used up by whom they are not for, places held by bodies that never come, attempts that
// were not counted.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gate_attacks {

struct Confirm {
  sallyport::Email email;
  sallyport::Password password;
};
struct Target {
  sallyport::Email target;
};
struct SignUp {
  sallyport::Email email;
  sallyport::NewPassword password;
};
struct Fields {
  sallyport::Text<0, 30'000> a;
};

}  // namespace gate_attacks

namespace sallyport::testing {
namespace {

namespace types = ::gate_attacks;
using namespace std::chrono_literals;

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  router.post("/signup", why, attempts{.max = 3, .per = 15min},
              [](Body<types::SignUp> in, SignUpAttempt attempt) -> Task<NoContent> {
                [[maybe_unused]] const bool right(co_await attempt.try_create("Some One", in->email, in->password));
                co_return NoContent{};
              });
  // A wrong password answers with a redirect, as forms do.
  router.post("/confirm", why, attempts{.max = 3, .per = 15min},
              [](Form<types::Confirm> in, SignInAttempt attempt) -> Task<Response> {
                const Proof proof = co_await attempt.try_password(in->email, in->password);
                co_return proof ? Response::see_other("/in") : Response::see_other("/confirm?wrong");
              });
  // The account that is tried is another than the one that is counted.
  router.post("/decoy", why, attempts{.max = 3, .per = 15min},
              [](Form<types::Confirm> in, Query<types::Target> query, SignInAttempt attempt) -> Task<Response> {
                const Proof proof = co_await attempt.try_password(query->target, in->password);
                co_return proof ? Response::see_other("/in") : Response::see_other("/confirm?wrong");
              });
  router.post("/export", role("admin"), limit{"export", 5, 24h}.for_everybody(), [] { return NoContent{}; });
  router.post("/mine", why, limit{"mine", 5, 24h}, [] { return NoContent{}; });
  router.post("/heavy", why, max_concurrent{2}, [](Form<types::Fields>) { return NoContent{}; });
  return router;
}

class Gate : public ::testing::Test {
 protected:
  TestService service{routes()};
  Browser browser() { return Browser(service.port(), service.authority()); }
  static std::string confirm(int guess) {
    return "email=victim%40example.com&password=wrong+guess+number+" + std::to_string(guess);
  }
};

TEST_F(Gate, FailedAttemptsCountWhateverTheyAreAnswered) {
  ASSERT_EQ(
      browser().post_json("/signup", R"({"email":"victim@example.com","password":"a long walk by the river"})").status,
      204);
  int looked_at = 0;
  for (int i = 0; i < 10; ++i) looked_at += browser().post_form("/confirm", confirm(i)).status == 303 ? 1 : 0;
  EXPECT_EQ(looked_at, 3);
  EXPECT_EQ(browser().post_form("/confirm", "email=victim%40example.com&password=a+long+walk+by+the+river").status,
            429);
}

TEST_F(Gate, OnlyTheCountedAccountCanBeTried) {
  for (int i = 0; i < 5; ++i) {
    const std::string decoy = "email=decoy" + std::to_string(i) + "%40example.com&password=wrong+guess+number+1";
    EXPECT_EQ(browser().post_form("/decoy?target=victim%40example.com", decoy).status, 500) << i;
  }
  EXPECT_EQ(
      browser()
          .post_form("/decoy?target=decoy%40example.com", "email=decoy%40example.com&password=wrong+guess+number+1")
          .status,
      303);
}

TEST_F(Gate, StrangersDoNotUseUpWhatIsNotForThem) {
  for (int i = 0; i < 20; ++i) {
    const auto answer = browser().send("POST", "/export", "", "");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.field("ratelimit").find("export"), std::string::npos) << "nor are they told";
  }
}

TEST_F(Gate, ForeignPagesDoNotUseUpTheVictimsLimit) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(browser()
                  .send("POST", "/mine", "", "",
                        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nOrigin: https://evil.example\r\n")
                  .status,
              403);
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(browser().send("POST", "/mine", "", "").status, 204) << i;
  EXPECT_EQ(browser().send("POST", "/mine", "", "").status, 429);
}

TEST_F(Gate, BodiesThatNeverComeHoldNoPlaces) {
  HttpClient one(service.port());
  HttpClient two(service.port());
  for (HttpClient* client : {&one, &two}) {
    client->send("POST /heavy HTTP/1.1\r\nHost: " + service.authority() +
                 "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20000\r\n"
                 "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client->receive()->status, 100);  // its route has been entered
  }
  EXPECT_EQ(browser().post_form("/heavy", "a=1").status, 204);
}

// An empty password has nothing to verify, so it is not counted: five of them would shut the account for its owner, at no cost.
TEST(GateSignIn, FormsThatAreWrongAreNoAttempts) {
  NotesService notes;
  static_cast<void>(notes.member("owner@example.com"));
  Browser browser = notes.visitor();
  for (int i = 0; i < 10; ++i)
    EXPECT_NE(browser.post_form("/signin", "email=owner%40example.com&password=").status, 429) << i;
  EXPECT_EQ(browser.post_form("/signin", "email=owner%40example.com&password=a+long+walk+by+the+river").status, 303);
}

}  // namespace
}  // namespace sallyport::testing
