// What an application keeps in sessions, over a socket: of visitors, across sign-in, by many at once.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace session_data {

namespace sp = sallyport;

struct Cart {
  sp::List<sp::Line<1, 40>, 1000> items;
};
struct Visits {
  sp::Maybe<sp::Int<0, 1'000'000>> count;
};
struct Item {
  sp::Line<1, 40> name;
};
struct SignUp {
  sp::Email email;
  sp::NewPassword password;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};

inline sp::Task<bool> has_cart(sp::Session<const Cart> cart) {
  const Cart all = co_await cart.get();
  co_return !all.items.empty();
}

}  // namespace session_data

namespace sallyport::testing {
namespace {

namespace own = ::session_data;
using namespace std::chrono_literals;

constexpr std::string_view session_cookie = "__Host-Http-session=";

Router routes() {
  Router router;
  constexpr anyone why("for the tests of sessions");
  router.post("/signup", why, attempts{.max = 5, .per = 15min},
              [](Body<own::SignUp> in, SignUpAttempt attempt) -> Task<Response> {
                co_return co_await attempt.create("Some One", in->email, in->password);
              });
  router.post("/signin", why, attempts{.max = 5, .per = 15min},
              [](Body<own::SignIn> in, SignInAttempt attempt) -> Task<Response> {
                co_return co_await attempt.password(in->email, in->password);
              });
  // Keeps something and signs in, in one request.
  router.post("/keep-and-sign-in", why, attempts{.max = 5, .per = 15min},
              [](Body<own::SignIn> in, SignInAttempt attempt, Session<own::Cart> cart) -> Task<Response> {
                co_await cart.change(
                    [](own::Cart& all) { static_cast<void>(all.items.add(*Line<1, 40>::parse("at the door"))); });
                co_return co_await attempt.password(in->email, in->password);
              });
  router.post("/signout", signed_in, [](CurrentSession session) { return session.sign_out(); });
  router.get("/me", signed_in, [](SignedIn me) { return small::Greeting{std::string(me.email)}; });
  router.get("/cart", why, [](Session<const own::Cart> cart) -> Task<small::Greeting> {
    const own::Cart all = co_await cart.get();
    std::string text;
    for (const auto& item : all.items) text += std::string(item.view()) + ",";
    co_return small::Greeting{text};
  });
  router.post("/cart", why, [](Body<own::Item> in, Session<own::Cart> cart) -> Task<NoContent> {
    co_await cart.change([&](own::Cart& all) { static_cast<void>(all.items.add(in->name)); });
    co_return NoContent{};
  });
  router.del("/cart", why, [](Session<own::Cart> cart) -> Task<NoContent> {
    co_await cart.clear();
    co_return NoContent{};
  });
  router.post("/look", why, [](Session<own::Cart> cart) -> Task<NoContent> {
    static_cast<void>(co_await cart.get());
    co_return NoContent{};
  });
  router.post("/fails", why, [](Session<own::Cart> cart) -> Task<NoContent> {
    co_await cart.change([](own::Cart& all) {
      static_cast<void>(all.items.add(*Line<1, 40>::parse("never")));
      throw Problem(409, "Not now");
    });
    co_return NoContent{};
  });
  router.post("/visits", why, [](Session<own::Visits> visits, Session<own::Cart>) -> Task<small::Greeting> {
    const own::Visits now = co_await visits.change(
        [](own::Visits& all) { all.count = *Int<0, 1'000'000>::of(all.count.value_or(0).value() + 1); });
    co_return small::Greeting{std::to_string(now.count->value())};
  });
  router.get("/checkout", when<own::has_cart>, [] { return small::Greeting{"pay"}; });
  return router;
}

class SessionDataTest : public ::testing::Test {
 protected:
  Browser browser() { return Browser(service.port(), service.authority()); }
  static std::string account(const std::string& name) {
    return R"({"email":")" + name + R"(@example.org","password":"a long walk by the river"})";
  }
  static std::string item(const std::string& name) { return R"({"name":")" + name + R"("})"; }
  static std::string said(const std::string& text) { return R"({"message":")" + text + R"("})"; }
  TestService service{routes(), {}, [](ops::Settings& settings) {
                        settings.limits.general_per_second = 10'000;
                        settings.limits.general_burst = 10'000;
                      }};
};

TEST_F(SessionDataTest, BeginsWhenSomethingIsKept) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/cart").count("set-cookie"), 0U);
  EXPECT_EQ(visitor.send("POST", "/look", "", "").count("set-cookie"), 0U);
  EXPECT_EQ(visitor.get("/checkout").status, 403);
  const HttpResponse kept = visitor.post_json("/cart", item("apples"));
  EXPECT_TRUE(kept.field("set-cookie").starts_with(session_cookie)) << kept.field("set-cookie");
  EXPECT_EQ(visitor.post_json("/cart", item("pears")).count("set-cookie"), 0U) << "the session goes on";
  EXPECT_EQ(visitor.get("/cart").body, said("apples,pears,"));
  EXPECT_EQ(visitor.get("/checkout").status, 200);
  EXPECT_EQ(visitor.get("/me").status, 401) << "a visitor's session signs nobody in";
  EXPECT_EQ(browser().get("/cart").body, said(""));
}

TEST_F(SessionDataTest, TwoStructsDoNotMeet) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.send("POST", "/visits", "", "").body, said("1"));
  EXPECT_EQ(visitor.send("POST", "/visits", "", "").body, said("2"));
  EXPECT_EQ(visitor.get("/cart").body, said(""));
  EXPECT_EQ(visitor.post_json("/cart", item("apples")).status, 204);
  EXPECT_EQ(visitor.del("/cart").status, 204);
  EXPECT_EQ(visitor.get("/cart").body, said(""));
  EXPECT_EQ(visitor.send("POST", "/visits", "", "").body, said("3"));
}

TEST_F(SessionDataTest, AnIdThatWasNotDrawnHereIsNotTaken) {
  Browser visitor = browser();
  const std::string planted = std::string(session_cookie) + std::string(43, 'A');
  visitor.set_cookie(planted);
  const HttpResponse kept = visitor.post_json("/cart", item("apples"));
  EXPECT_TRUE(kept.field("set-cookie").starts_with(session_cookie));
  EXPECT_NE(visitor.cookie(), planted);
  Browser attacker = browser();
  attacker.set_cookie(planted);
  EXPECT_EQ(attacker.get("/cart").body, said(""));
}

TEST_F(SessionDataTest, GoesOnAtSignInUnderANewId) {
  Browser ada = browser();
  EXPECT_EQ(ada.post_json("/cart", item("apples")).status, 204);
  const std::string before = ada.cookie();
  EXPECT_EQ(ada.post_json("/signup", account("ada")).status, 201);
  EXPECT_NE(ada.cookie().find(session_cookie), std::string::npos);
  EXPECT_EQ(ada.cookie().find(before), std::string::npos) << "rotated";
  EXPECT_EQ(ada.get("/cart").body, said("apples,"));
  Browser thief = browser();
  thief.set_cookie(before);
  EXPECT_EQ(thief.get("/cart").body, said("")) << "who knew the visitor's id knows nothing now";
  EXPECT_EQ(ada.post_json("/cart", item("pears")).count("set-cookie"), 0U);
  EXPECT_EQ(ada.get("/cart").body, said("apples,pears,"));

  EXPECT_EQ(ada.post_json("/signin", account("ada")).status, 200) << "once more, as the same";
  EXPECT_EQ(ada.get("/cart").body, said("apples,pears,"));
  const std::string signed_in = ada.cookie();
  EXPECT_EQ(ada.send("POST", "/signout", "", "").status, 204);
  thief.set_cookie(signed_in);
  EXPECT_EQ(thief.get("/cart").body, said("")) << "it ends with the session";
}

TEST_F(SessionDataTest, DoesNotGoOnToAnotherAccount) {
  Browser shared = browser();
  EXPECT_EQ(shared.post_json("/signup", account("ada")).status, 201);
  EXPECT_EQ(shared.post_json("/cart", item("a present for Bob")).status, 204);
  EXPECT_EQ(shared.post_json("/signup", account("bob")).status, 201);
  EXPECT_EQ(shared.get("/cart").body, said(""));
}

TEST_F(SessionDataTest, KeptAndSignedInByOneRequest) {
  Browser ada = browser();
  EXPECT_EQ(ada.post_json("/signup", account("ada")).status, 201);
  EXPECT_EQ(ada.send("POST", "/signout", "", "").status, 204);
  Browser again = browser();
  const HttpResponse both = again.post_json("/keep-and-sign-in", account("ada"));
  EXPECT_EQ(both.status, 200);
  EXPECT_EQ(again.get("/me").status, 200);
  EXPECT_EQ(again.get("/cart").body, said("at the door,"));
}

TEST_F(SessionDataTest, NoChangeOfTwoIsLost) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.send("POST", "/visits", "", "").body, said("1"));
  const std::string cookie = visitor.cookie();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Browser same = browser();
      same.set_cookie(cookie);
      for (int n = 0; n < 25; ++n) static_cast<void>(same.send("POST", "/visits", "", ""));
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(visitor.send("POST", "/visits", "", "").body, said("102"));
}

TEST_F(SessionDataTest, WhatTheFunctionThrowsLeavesAllAsItWas) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.post_json("/cart", item("apples")).status, 204);
  EXPECT_EQ(visitor.send("POST", "/fails", "", "").status, 409);
  EXPECT_EQ(visitor.get("/cart").body, said("apples,"));
  EXPECT_EQ(browser().send("POST", "/fails", "", "").count("set-cookie"), 0U);
}

TEST_F(SessionDataTest, IsBounded) {
  Browser visitor = browser();
  int status = 204;
  int kept = 0;
  for (; kept < 400 && status == 204; ++kept) status = visitor.post_json("/cart", item(std::string(40, 'x'))).status;
  EXPECT_EQ(status, 413);
  EXPECT_GT(kept, 100);
}

TEST_F(SessionDataTest, EndsWhenTheVisitorHasNotCome) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.post_json("/cart", item("apples")).status, 204);
  service.advance(20min);
  EXPECT_EQ(visitor.get("/cart").body, said("apples,")) << "which was a use";
  service.advance(20min);
  EXPECT_EQ(visitor.get("/cart").body, said("apples,"));
  service.advance(31min);
  EXPECT_EQ(visitor.get("/cart").body, said(""));
  EXPECT_TRUE(visitor.post_json("/cart", item("pears")).field("set-cookie").starts_with(session_cookie))
      << "another session";
  EXPECT_EQ(visitor.get("/cart").body, said("pears,"));
}

TEST_F(SessionDataTest, ACrossSitePostCantChangeIt) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.post_json("/cart", item("apples")).status, 204);
  EXPECT_EQ(visitor.send("DELETE", "/cart", "", "", "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(visitor.get("/cart").body, said("apples,"));
}

}  // namespace
}  // namespace sallyport::testing
