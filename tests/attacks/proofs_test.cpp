// Mistakes at the one way to a session: proofs that are not looked at, kept, handed to another request, tried twice.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace proof_attacks {

struct SignUp {
  sallyport::Email email;
  sallyport::NewPassword password;
};
struct SignIn {
  sallyport::Email email;
  sallyport::Password password;
};

struct Change {
  sallyport::Email email;
  sallyport::Password password;
  sallyport::NewPassword chosen;
};

// What careless handlers keep from one request for the next.
struct Kept {
  Kept() = default;  // a class, taken at its word
  mutable std::mutex mutex;
  mutable std::optional<sallyport::Proof> proof;
  mutable std::optional<sallyport::Response> answer;
  mutable std::optional<sallyport::SignInAttempt> attempt;
};

}  // namespace proof_attacks

namespace sallyport::testing {
namespace {

namespace types = ::proof_attacks;
using namespace std::chrono_literals;

constexpr const char* right = "a long walk by the river";

Task<void> nothing() { co_return; }

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  constexpr attempts limit{.max = 5, .per = 15min};
  router.post("/signup", why, limit, [](Body<types::SignUp> in, SignUpAttempt attempt) {
    return attempt.create("Some One", in->email,
                          in->password);  // no coroutine: its parameters are gone before the task runs
  });
  router.post("/signin", why, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt) { return attempt.password(in->email, in->password); });
  router.post("/form", why, limit, [](Form<types::SignIn> in, SignInAttempt attempt) {
    return attempt.password(in->email, in->password, Response::see_other("/home"),
                            Page{.title = "Again", .body = html<"<p>Wrong e-mail or password.</p>">()});
  });
  // Nobody looks at the proof.
  router.post("/unasked", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<Response> {
    Proof proof = co_await attempt.try_password(in->email, in->password);
    co_return std::move(proof).begin_session(Response::see_other("/home"));
  });
  router.post("/unasked-user", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<User> {
    const Proof proof = co_await attempt.try_password(in->email, in->password);
    co_return proof.user();
  });
  router.post("/upside-down", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<Response> {
    Proof proof = co_await attempt.try_password(in->email, in->password);
    if (proof) co_return Response::empty();
    co_return std::move(proof).begin_session(Response::see_other("/home"));
  });
  // The proof holds, and another answer than its own is given.
  router.post("/lost", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<Response> {
    Proof proof = co_await attempt.try_password(in->email, in->password);
    static_cast<void>(std::move(proof).begin_session());
    co_return Response::empty();
  });
  router.post("/refused", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<Response> {
    Proof proof = co_await attempt.try_password(in->email, in->password);
    co_return std::move(proof).begin_session(Problem(403, "Not you"));
  });
  // Two guesses in one request.
  router.post("/twice", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<Response> {
    [[maybe_unused]] const bool right_1(co_await attempt.try_password(in->email, in->password));
    co_return co_await attempt.password(in->email, in->password);
  });
  router.post("/moved-twice", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<Response> {
    [[maybe_unused]] const bool right_2(co_await attempt.try_password(in->email, in->password));
    SignInAttempt other = std::move(attempt);
    co_return co_await other.password(in->email, in->password);
  });
  // What one request keeps for another.
  router.post("/keep", why, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
                Proof proof = co_await attempt.try_password(in->email, in->password);
                const std::lock_guard lock(kept->mutex);
                kept->answer = std::move(proof).begin_session();
                co_return NoContent{};
              });
  // The same, and the request goes on for a while.
  router.post("/hold", why, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
                Proof proof = co_await attempt.try_password(in->email, in->password);
                {
                  const std::lock_guard lock(kept->mutex);
                  kept->answer = std::move(proof).begin_session();
                }
                co_await sleep_for(1min);
                co_return NoContent{};
              });
  router.post("/keep-proof", why, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt, State<const types::Kept> kept) -> Task<NoContent> {
                Proof proof = co_await attempt.try_password(in->email, in->password);
                const std::lock_guard lock(kept->mutex);
                kept->proof.emplace(std::move(proof));
                co_return NoContent{};
              });
  router.post("/keep-attempt", why, limit,
              [](Body<types::SignIn>, SignInAttempt attempt, State<const types::Kept> kept) {
                const std::lock_guard lock(kept->mutex);
                kept->attempt.emplace(std::move(attempt));
                return NoContent{};
              });
  router.post("/use", why, [](State<const types::Kept> kept) -> Response {
    const std::lock_guard lock(kept->mutex);
    if (kept->answer) return *std::exchange(kept->answer, std::nullopt);
    return std::move(*kept->proof).begin_session(Response::see_other("/home"));
  });
  router.post("/use-user", why, [](State<const types::Kept> kept) -> User { return kept->proof->user(); });
  router.post("/use-attempt", why, limit, [](Body<types::SignIn> in, SignInAttempt, State<const types::Kept> kept) {
    return kept->attempt->password(in->email, in->password);
  });
  // Nobody looks here either.
  router.post("/change", why, limit, [](Body<types::Change> in, SignInAttempt attempt) -> Task<Response> {
    Proof proof = co_await attempt.try_password(in->email, in->password);
    co_await proof.set_password(in->chosen);
    co_return std::move(proof).begin_session();
  });
  // Nobody looks, and what is private is answered.
  router.post("/export", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<NoContent> {
    const auto proof = co_await attempt.try_password(in->email, in->password);
    co_return NoContent{};
  });
  router.post("/vault", why, limit, [](Body<types::SignIn> in, SignInAttempt attempt) -> Task<NoContent> {
    const Response answer = co_await attempt.password(in->email, in->password);
    co_return NoContent{};
  });
  router.post("/goodbye", signed_in, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt, CurrentSession session) -> Task<Response> {
                const auto proof = co_await attempt.try_password(in->email, in->password);
                static_cast<void>(bool(proof));
                co_return session.delete_account();
              });
  router.post("/goodbye-unlooked", signed_in, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt, CurrentSession session) -> Task<Response> {
                const auto proof = co_await attempt.try_password(in->email, in->password);
                co_return session.delete_account();
              });
  router.post("/change-signed-in", signed_in, limit,
              [](Body<types::Change> in, SignInAttempt attempt) -> Task<NoContent> {
                const Proof proof = co_await attempt.try_password(in->email, in->password);
                co_await proof.set_password(in->chosen);
                co_return NoContent{};
              });
  // Signed out, and something else is answered.
  router.post("/out", signed_in, [](CurrentSession session) {
    static_cast<void>(session.sign_out());
    return NoContent{};
  });
  router.post("/out-thrown", signed_in, [](CurrentSession session) -> Response {
    static_cast<void>(session.sign_out());
    throw Problem(409, "Not now");
  });
  router.post("/out-later", signed_in, [](CurrentSession session) -> Task<Response> {
    static_cast<void>(session.sign_out_everywhere());
    co_await sleep_for(0s);
    throw Problem(409, "Not now");
  });
  router.post("/out-forgotten", signed_in, [](CurrentSession session) -> Task<Response> {
    static_cast<void>(session.sign_out());
    const auto task = nothing();
    co_return Response::empty();
  });
  router.post("/out-refused", signed_in, limit,
              [](Body<types::SignIn> in, SignInAttempt attempt, CurrentSession session) -> Task<NoContent> {
                static_cast<void>(session.sign_out());
                const Response answer = co_await attempt.password(in->email, in->password);
                co_return NoContent{};
              });
  router.get("/me", signed_in, [](SignedIn me) { return small::Greeting{std::string(me.email)}; });
  return router;
}

class Proofs : public ::testing::Test {
 protected:
  Proofs() {
    Browser owner = browser();
    EXPECT_EQ(owner.post_json("/signup", json("victim@example.com", right)).status, 201);
    EXPECT_EQ(owner.get("/me").status, 200) << "who has just set a password is signed in";
  }
  Browser browser() { return Browser(service.port(), service.authority()); }
  static std::string json(const std::string& email, const std::string& password) {
    return R"({"email":")" + email + R"(","password":")" + password + R"("})";
  }
  static std::string wrong() { return json("victim@example.com", "not the password at all"); }
  static std::string good() { return json("victim@example.com", right); }
  // Whether a browser is signed in after it.
  bool signs_in(const std::string& path, const std::string& body, int status) {
    Browser visitor = browser();
    EXPECT_EQ(visitor.post_json(path, body).status, status) << path;
    return visitor.get("/me").status == 200;
  }

  std::shared_ptr<types::Kept> kept = std::make_shared<types::Kept>();
  TestService service{routes(), {}, {}, {{&detail::state_key<types::Kept>, kept}}};
};

TEST_F(Proofs, RightAndWrong) {
  EXPECT_TRUE(signs_in("/signin", good(), 200));
  EXPECT_FALSE(signs_in("/signin", wrong(), 401));
  EXPECT_FALSE(signs_in("/signin", json("nobody@example.com", right), 401));
  Browser form = browser();
  const auto again = form.post_form("/form", "email=victim%40example.com&password=not+it");
  EXPECT_EQ(again.status, 401);
  EXPECT_NE(again.body.find("<p>Wrong e-mail or password.</p>"), std::string::npos);
  EXPECT_EQ(form.get("/me").status, 401);
  EXPECT_EQ(form.post_form("/form", "email=victim%40example.com&password=a+long+walk+by+the+river").status, 303);
  EXPECT_EQ(form.get("/me").status, 200);
  EXPECT_FALSE(signs_in("/signup", good(), 409));
}

TEST_F(Proofs, AForgottenLookSignsNobodyIn) {
  // Somebody has just signed in on the same thread: a recycled frame would show them.
  for (const char* path : {"/unasked", "/unasked-user", "/upside-down", "/lost", "/refused"}) {
    EXPECT_TRUE(signs_in("/signin", good(), 200));
    EXPECT_FALSE(signs_in(path, wrong(), std::string(path) == "/lost" ? 204 : 401)) << path;
  }
  EXPECT_TRUE(signs_in("/unasked", good(), 303));
  EXPECT_FALSE(signs_in("/upside-down", good(), 204));
  EXPECT_FALSE(signs_in("/lost", good(), 204)) << "only the answer of the proof begins the session";
  EXPECT_FALSE(signs_in("/refused", good(), 403));
}

TEST_F(Proofs, OneThatNobodyLooksAtEndsTheRequest) {
  for (const std::string& body : {good(), wrong()}) EXPECT_FALSE(signs_in("/export", body, 500));
  EXPECT_NE(service.log().find("nobody looked at a Proof"), std::string::npos) << "the log says what to do";
  EXPECT_FALSE(signs_in("/vault", wrong(), 500)) << "the refusal is the answer";
  EXPECT_FALSE(signs_in("/vault", good(), 204));
}

TEST_F(Proofs, AnAccountIsDeletedByItsOwnPasswordOnly) {
  Browser mallory = browser();
  EXPECT_EQ(mallory.post_json("/signup", json("mallory@example.com", right)).status, 201);
  Browser victim = browser();
  EXPECT_EQ(victim.post_json("/signin", good()).status, 200);
  EXPECT_EQ(victim.post_json("/goodbye", json("mallory@example.com", right)).status, 403);
  EXPECT_EQ(victim.post_json("/goodbye", wrong()).status, 401);
  EXPECT_EQ(victim.post_json("/goodbye-unlooked", good()).status, 500);
  EXPECT_EQ(victim
                .post_json("/change-signed-in",
                           R"({"email":"mallory@example.com","password":"a long walk by the river","chosen":"another )"
                           R"(walk by the sea"})")
                .status,
            403);
  EXPECT_TRUE(signs_in("/signin", json("mallory@example.com", right), 200)) << "the password is the old one";
  EXPECT_EQ(victim.get("/me").status, 200);
  EXPECT_EQ(victim.post_json("/goodbye", good()).status, 204);
  EXPECT_FALSE(signs_in("/signin", good(), 401));
}

TEST_F(Proofs, SigningOutHoldsWhateverIsAnswered) {
  for (const auto& [path, status] : {std::pair{"/out", 204},
                                     {"/out-thrown", 409},
                                     {"/out-later", 409},
                                     {"/out-forgotten", 500},
                                     {"/out-refused", 500}}) {
    Browser visitor = browser();
    EXPECT_EQ(visitor.post_json("/signin", good()).status, 200);
    const std::string cookie = visitor.cookie();
    const auto answer = visitor.post_json(path, wrong());
    EXPECT_EQ(answer.status, status) << path;
    EXPECT_NE(answer.field("clear-site-data"), "") << path;
    visitor.set_cookie(cookie);
    EXPECT_EQ(visitor.get("/me").status, 401) << path;
  }
}

TEST_F(Proofs, OneRequestIsOneGuess) {
  for (const char* path : {"/twice", "/moved-twice"}) {
    EXPECT_FALSE(signs_in(path, good(), 500)) << path;
    EXPECT_FALSE(signs_in(path, wrong(), 500)) << path;
  }
  EXPECT_NE(service.log().find("one request is one attempt"), std::string::npos) << "the log says what to do";
}

TEST_F(Proofs, OfARequestThatStillRunsAreRefused) {
  HttpClient owner(service.port());
  owner.send("POST /hold HTTP/1.1\r\nHost: " + service.authority() + "\r\nOrigin: " + service.origin() +
             "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(good().size()) + "\r\n\r\n" +
             good());
  const auto latest = std::chrono::steady_clock::now() + 30s;
  for (bool there = false; !there && std::chrono::steady_clock::now() < latest; std::this_thread::yield()) {
    const std::lock_guard lock(kept->mutex);
    there = kept->answer.has_value();
  }
  EXPECT_FALSE(signs_in("/use", "{}", 500));
  service.advance(2min);
  EXPECT_EQ(owner.receive()->status, 204);
}

TEST_F(Proofs, SeveralPasswordsInOneBodyAreNone) {
  const std::string guesses = R"("not it at all","nor this one either",")" + std::string(right) + '"';
  Browser visitor = browser();
  for (const std::string& body :
       {R"({"email":"victim@example.com","password":[)" + guesses + "]}",
        R"({"email":"victim@example.com","password":"not it","password":")" + std::string(right) + "\"}",
        R"([{"email":"victim@example.com","password":")" + std::string(right) + "\"}]"}) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(visitor.post_json("/signin", body).status, 400) << body;
  }
  const std::string form = "email=victim%40example.com&password=not+it&password=a+long+walk+by+the+river";
  EXPECT_EQ(visitor.post_form("/form", form).status, 400);
  EXPECT_EQ(visitor.get("/me").status, 401);
  EXPECT_EQ(visitor.post_json("/signin", good()).status, 200) << "and nothing was counted";
}

TEST_F(Proofs, APasswordIsChangedByWhoKnowsIt) {
  const std::string chosen = "another walk by the sea";
  const auto change = [&](const std::string& password) {
    return R"({"email":"victim@example.com","password":")" + password + R"(","chosen":")" + chosen + R"("})";
  };
  Browser elsewhere = browser();
  EXPECT_EQ(elsewhere.post_json("/signin", good()).status, 200);
  EXPECT_FALSE(signs_in("/change", change("not the password at all"), 401));
  EXPECT_EQ(elsewhere.get("/me").status, 200);
  EXPECT_FALSE(signs_in("/signin", json("victim@example.com", chosen), 401)) << "nothing was changed";
  EXPECT_TRUE(signs_in("/change", change(right), 200));
  EXPECT_EQ(elsewhere.get("/me").status, 401) << "all other sessions have ended";
  EXPECT_TRUE(signs_in("/signin", json("victim@example.com", chosen), 200));
  EXPECT_FALSE(signs_in("/signin", good(), 401));
}

TEST_F(Proofs, OfAnotherRequestAreRefused) {
  EXPECT_FALSE(signs_in("/keep", good(), 204));
  EXPECT_FALSE(signs_in("/use", "{}", 500)) << "an answer that was kept";
  EXPECT_FALSE(signs_in("/keep-proof", good(), 204));
  EXPECT_FALSE(signs_in("/use-user", "{}", 500));
  EXPECT_FALSE(signs_in("/use", "{}", 500)) << "a proof that was kept";
  EXPECT_FALSE(signs_in("/keep-attempt", good(), 204));
  for (const std::string& body : {wrong(), good()}) EXPECT_FALSE(signs_in("/use-attempt", body, 500));
}

}  // namespace
}  // namespace sallyport::testing
