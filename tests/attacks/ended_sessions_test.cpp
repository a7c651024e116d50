// Streams that would go on after their session: signed out, ended by an administrator, idle, with a role that was taken away.
#include <sallyport/sallyport.hpp>

#include "support/http2_client.hpp"
#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ended_sessions {

struct SignUp {
  sallyport::Line<1, 80> name;
  sallyport::Email email;
  sallyport::NewPassword password;
};
struct Gone {
  mutable std::atomic<int> handlers{0};
};
struct Counted {
  explicit Counted(const Gone& gone) : gone_(&gone) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { ++gone_->handlers; }
  const Gone* gone_;
};

}  // namespace ended_sessions

namespace sallyport::testing {
namespace {

namespace types = ::ended_sessions;
using namespace std::chrono_literals;
using detail::operator""_own;

EventStream events(State<const types::Gone> gone) {
  const types::Counted counted(*gone);
  co_yield Event("hello");
  for (;;) co_await sleep_for(1h);
}

Router routes() {
  Router router;
  constexpr anyone why("for the tests of ended sessions");
  router.post("/signup", why, attempts{}, [](Body<types::SignUp> in, SignUpAttempt attempt) {
    return attempt.create(in->name, in->email, in->password);
  });
  router.post("/out", signed_in, [](CurrentSession session) { return session.sign_out(); });
  router.get("/events", signed_in, [](SignedIn, State<const types::Gone> gone) -> EventStream {
    const types::Counted counted(*gone);
    co_yield Event("hello");
    for (;;) co_await sleep_for(1h);
  });
  router.get("/silent", signed_in, [](SignedIn, State<const types::Gone> gone) -> EventStream {
    const types::Counted counted(*gone);
    for (;;) co_await sleep_for(1h);
    co_yield Event("never");
  });
  router.get("/open", why, events);
  router.get("/perhaps", why, [](Maybe<SignedIn> who, State<const types::Gone> gone) -> EventStream {
    const types::Counted counted(*gone);
    co_yield Event(who ? "you" : "somebody");
    for (;;) co_await sleep_for(1h);
  });
  router.get("/editors", role("editor"), [](State<const types::Gone> gone) -> EventStream {
    const types::Counted counted(*gone);
    co_yield Event("hello");
    for (;;) co_await sleep_for(1h);
  });
  router.get(
      "/rows", signed_in, [](State<const types::Gone> gone) -> Stream<"text/plain"> {
        const types::Counted counted(*gone);
        for (;;) {
          co_yield "row\n";
          co_await sleep_for(1s);
        }
      });
  router.del("/accounts/:id", role("admin"), [](Path<"id", Id<User>> id, AccountsAdmin& accounts) -> Task<NoContent> {
    co_await accounts.end_sessions(*id);
    co_return NoContent{};
  });
  return router;
}

class EndedSession : public ::testing::Test {
 protected:
  Browser member(const std::string& name) {
    Browser browser(service.port(), service.authority());
    const auto made = browser.post_json(
        "/signup", R"({"name":"A Name","email":")" + name + R"(@example.org","password":"a long walk by the river"})");
    EXPECT_EQ(made.status, 201);
    ids[name] = json_text(made.body, "id");
    return browser;
  }
  void give(const std::string& name, const std::string& role) {
    service.database().run_blocking([&](Transaction& tx) {
      tx.run("UPDATE sallyport_users SET role = ? WHERE email = ?"_own, role, name + "@example.org");
    });
  }
  [[nodiscard]] std::string request(const std::string& path, const Browser& who) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + service.authority() + "\r\nCookie: " + who.cookie() + "\r\n\r\n";
  }
  // Opened, and its first event read.
  std::unique_ptr<HttpClient> open(const std::string& path, const Browser& who) {
    auto client = std::make_unique<HttpClient>(service.port());
    client->send(request(path, who));
    const auto head = client->receive_head();
    EXPECT_TRUE(head && head->status == 200);
    EXPECT_TRUE(client->receive_chunk());
    return client;
  }
  static void expect_ended(HttpClient& client) { EXPECT_EQ(client.receive_chunk(), ""); }

  std::shared_ptr<types::Gone> gone = std::make_shared<types::Gone>();
  TestService service{routes(), {}, {}, {{&detail::state_key<types::Gone>, gone}}};
  std::map<std::string, std::string> ids;
};

TEST_F(EndedSession, EndsItsStreamsWhenSomebodySignsOut) {
  Browser ada = member("ada");
  Browser bob = member("bob");
  const auto hers = open("/events", ada);
  const auto perhaps = open("/perhaps", ada);
  const auto his = open("/events", bob);
  service.advance(2s);
  EXPECT_EQ(ada.send("POST", "/out", "", "").status, 204);
  service.advance(2s);
  expect_ended(*hers);
  expect_ended(*perhaps);
  EXPECT_EQ(gone->handlers, 2) << "the generators are gone, and that of another user is not";
  // The connection serves further requests.
  hers->send(request("/events", ada));
  const auto again = hers->receive();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 401);
  service.advance(15s);
  EXPECT_EQ(his->receive_chunk(), ":\n\n") << "which goes on";
  EXPECT_NE(service.log().find("session_expired"), std::string::npos);
}

TEST_F(EndedSession, EndsAStreamThatHasSaidNothingYet) {
  Browser ada = member("ada");
  HttpClient client(service.port());
  client.send(request("/silent", ada));
  service.advance(2s);
  EXPECT_EQ(ada.send("POST", "/out", "", "").status, 204);
  // Its request has come before that one, over another connection; when it is looked at, nobody knows.
  while (gone->handlers == 0) {
    service.advance(2s);
    std::this_thread::yield();
    if (service.log().find("session_expired") != std::string::npos) break;
  }
  const auto head = client.receive_head();
  ASSERT_TRUE(head);
  if (head->status == 200) {
    expect_ended(client);
  } else {
    EXPECT_EQ(head->status, 401);
  }
}

TEST_F(EndedSession, EndsWhenAnAdministratorSaysSo) {
  Browser root = member("root");
  Browser ada = member("ada");
  give("root", "admin");
  const auto hers = open("/events", ada);
  EXPECT_EQ(root.del("/accounts/" + ids["ada"]).status, 204);
  service.advance(2s);
  expect_ended(*hers);
}

TEST_F(EndedSession, ATakenRoleEndsTheStreamThatNeededIt) {
  Browser ada = member("ada");
  give("ada", "editor");
  const auto hers = open("/editors", ada);
  give("ada", "");
  service.advance(2s);
  expect_ended(*hers);
  EXPECT_EQ(ada.get("/editors").status, 403);
}

TEST_F(EndedSession, IdleOneEnds) {
  Browser ada = member("ada");
  const auto hers = open("/events", ada);
  for (int minute = 0; minute < 31 && gone->handlers == 0; ++minute) {
    for (int i = 0; i < 4; ++i) service.advance(15s);
  }
  std::optional<std::string> chunk;
  do {
    service.advance(2s);
    chunk = hers->receive_chunk();
  } while (chunk && !chunk->empty());
  EXPECT_TRUE(chunk) << "an end, not a cut";
  EXPECT_EQ(ada.get("/events").status, 401);
}

TEST_F(EndedSession, CutsAStreamOfRows) {
  Browser ada = member("ada");
  const auto rows = open("/rows", ada);
  EXPECT_EQ(ada.send("POST", "/out", "", "").status, 204);
  std::optional<std::string> chunk;
  for (int second = 0; second < 60; ++second) {
    service.advance(1s);
    if (gone->handlers > 0) break;
    std::this_thread::yield();
  }
  do chunk = rows->receive_chunk();
  while (chunk && !chunk->empty());
  EXPECT_FALSE(chunk) << "its client sees that it is not whole";
  EXPECT_EQ(gone->handlers, 1);
}

TEST_F(EndedSession, EndsStreamsOverHttp2) {
  Browser ada = member("ada");
  Http2Client client(service.port());
  const auto stream = client.start("GET", "/events", service.authority(), {{"cookie", ada.cookie()}});
  EXPECT_EQ(client.head(stream).status, 200);
  EXPECT_EQ(ada.send("POST", "/out", "", "").status, 204);
  service.advance(2s);
  EXPECT_EQ(client.finish(stream).body, "data: hello\n\n");
  EXPECT_EQ(client.get("/events", service.authority(), {{"cookie", ada.cookie()}}).status, 401);
}

TEST_F(EndedSession, WatchesManyAndLetsVisitorsBe) {
  Browser ada = member("ada");
  const Browser nobody(service.port(), service.authority());
  const auto visitor = open("/open", nobody);
  std::vector<std::unique_ptr<HttpClient>> all;
  for (int i = 0; i < 20; ++i) all.push_back(open("/events", ada));
  EXPECT_EQ(ada.send("POST", "/out", "", "").status, 204);
  service.advance(2s);
  for (const auto& each : all) expect_ended(*each);
  EXPECT_EQ(gone->handlers, 20);
}

}  // namespace
}  // namespace sallyport::testing
