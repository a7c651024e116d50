// What an adversary got through once: each test is one hole that has been closed.
#include "support/notes_service.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace adversary {

struct Credentials {
  sallyport::Email email;
  sallyport::Password password;
};

// What a handler's frame holds while it waits.
struct Held {
  Held() noexcept {
    ++made;
    ++alive;
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { --alive; }
  static inline std::atomic<int> made{0};
  static inline std::atomic<int> alive{0};
  static inline std::atomic<int> went_on{0};
};

}  // namespace adversary

namespace sallyport::testing {
namespace {

// The database answers while the socket is full of earlier answers. The connection once went on twice then: over TLS the
// same answer was sent twice, over plain TCP two reads shared one buffer.
TEST(Adversary, AnAnswerThatIsReadyWhileAWriteIsInFlightIsSentOnce) {
  NotesService notes([](ops::Settings& settings) { settings.limits.keep_alive_requests = 100'000; });
  const std::string cookie = notes.member("ada@example.org").cookie();
  const std::string host = " HTTP/1.1\r\nHost: " + notes.authority() + "\r\n";
  constexpr int rounds = 150;
  constexpr int assets = 30;
  std::string round;
  for (int i = 0; i < assets; ++i) round += "GET /assets/notes.css" + host + "\r\n";
  round += "GET /api/me" + host + "Cookie: " + cookie + "\r\n\r\n";
  HttpClient client(notes.port());
  for (int i = 0; i < rounds; ++i) client.send(round);
  for (int i = 0; i < rounds; ++i) {
    for (int j = 0; j < assets; ++j) {
      const auto asset = client.receive();
      ASSERT_TRUE(asset);
      ASSERT_EQ(asset->field("content-type"), "text/css; charset=utf-8");
    }
    const auto me = client.receive();
    ASSERT_TRUE(me);
    ASSERT_EQ(me->status, 200);
    ASSERT_EQ(json_text(me->body, "email"), "ada@example.org");
  }
  // A second read into the same place shows when a request comes in two pieces.
  for (int i = 0; i < 3; ++i) {
    client.send("GET /assets/note");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    client.send("s.css" + host + "\r\n");
    const auto asset = client.receive();
    ASSERT_TRUE(asset);
    ASSERT_EQ(asset->status, 200);
  }
}

// Five guesses at the form and five more at the API were ten guesses at one password.
TEST(Adversary, AFormAndAnApiShareTheGuessesOfAnAccount) {
  NotesService notes;
  Browser visitor = notes.visitor();
  for (int i = 0; i < 5; ++i) {
    const HttpResponse guess =
        i % 2 == 0 ? visitor.post_json("/api/login", R"({"email":"ada@example.org","password":"not this one either"})")
                   : visitor.post_form("/signin", "email=ada%40example.org&password=not+this+one+either");
    EXPECT_EQ(guess.status, 401);
  }
  EXPECT_EQ(visitor.post_json("/api/login", R"({"email":"ADA@example.org","password":"not this one either"})").status,
            429);
  EXPECT_EQ(visitor.post_form("/signin", "email=ada%40example.org&password=not+this+one+either").status, 429);
}

// A path that is refused for its shape was refused before it was counted.
TEST(Adversary, BadPathsAreCountedByTheGeneralLimit) {
  SmallService service([](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 5;
  });
  HttpClient client(service.port());
  for (int i = 0; i < 5; ++i) {
    client.send(service.head("GET /a%2fb"));
    EXPECT_EQ(client.receive()->status, 400);
  }
  client.send(service.head("GET /a%2fb"));
  EXPECT_EQ(client.receive()->status, 429);
}

// An interim status would make the client take the next answer for this request's.
TEST(Adversary, AHandlerCannotAnswerWithAnInterimStatus) {
  Router router;
  router.get("/continue", anyone("for the tests of the wire"), [] { return Response::text("x", 100); });
  router.get("/zero", anyone("for the tests of the wire"), [] { return Response::text("x", 0); });
  TestService service(router);
  Browser browser(service.port(), service.authority());
  EXPECT_EQ(browser.get("/continue").status, 500);
  EXPECT_EQ(browser.get("/zero").status, 500);
}

// Requests that wait for a hash when the service stops: their frames, passwords in them, were never destroyed.
TEST(Adversary, StoppingWithJobsInFlightLeaksNothing) {
  adversary::Held::made = adversary::Held::went_on = 0;
  Router router;
  router.post("/login", anyone("the sign-in form"), attempts{},
              [](Body<adversary::Credentials> in, SignInAttempt attempt) -> Task<NoContent> {
                const adversary::Held held;
                [[maybe_unused]] const bool right(co_await attempt.try_password(in->email, in->password));
                ++adversary::Held::went_on;
                co_return NoContent{};
              });
  auto service = std::make_unique<TestService>(router, std::vector<Migration>{}, [](ops::Settings& settings) {
    settings.password.iterations = 10;  // slow enough to be stopped in the middle
  });
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 6; ++i) {
    const std::string json =
        R"({"email":"a)" + std::to_string(i) + R"(@example.org","password":"not this one either"})";
    clients.push_back(std::make_unique<HttpClient>(service->port()));
    clients.back()->send("POST /login HTTP/1.1\r\nHost: " + service->authority() + "\r\nOrigin: " + service->origin() +
                         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
                         "\r\n\r\n" + json);
  }
  const auto latest = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (adversary::Held::made < 6 && std::chrono::steady_clock::now() < latest) std::this_thread::yield();
  ASSERT_EQ(adversary::Held::made, 6);
  clients.resize(3);  // some of them go first
  service.reset();
  EXPECT_LT(adversary::Held::went_on, 6) << "all were done before the service stopped";
  EXPECT_EQ(adversary::Held::alive, 0);
}

}  // namespace
}  // namespace sallyport::testing
