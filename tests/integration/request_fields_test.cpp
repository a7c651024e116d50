// Headers, cookies and messages of the application's own, over a socket.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/small_service.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace request_fields {

namespace sp = sallyport;

enum class Theme { light, dark };
struct Chosen {
  Theme theme;
};
struct Basket {
  sp::List<sp::Line<1, 20>, 30> items;
  sp::Maybe<sp::Int<1, 9>> gifts;
};
struct Item {
  sp::Line<1, 20> name;
};
using ThemeCookie = sp::Cookie<"theme", Theme>;
using Language = sp::Cookie<"lang", sp::Line<2, 20>, sp::read_by_scripts>;
using SealedBasket = sp::SealedCookie<"basket", Basket>;

inline bool has_basket(SealedBasket basket) { return bool(basket); }

}  // namespace request_fields

namespace sallyport::testing {
namespace {

namespace own = ::request_fields;
using namespace std::chrono_literals;

small::Greeting say(std::string text) { return {std::move(text)}; }

std::string text_of(const own::SealedBasket& basket) {
  if (!basket) return "none";
  std::string all;
  for (const auto& item : basket->items) all += std::string(item.view()) + ",";
  return all;
}

Router routes() {
  Router router;
  constexpr anyone why("for the tests of fields");
  router.get("/tenant", why, [](Header<"X-Tenant", Line<1, 10>> tenant) { return say(std::string(tenant->view())); });
  router.get("/count", why, [](Header<"X-Count", Maybe<Int<1, 9>>> count) {
    return say(*count ? std::to_string((**count).value()) : "none");
  });
  router.get("/client", why, [](Client client) {
    return say(client.address() + " " + std::string(client.scheme()) + " " + client.user_agent());
  });
  router.get("/last", why, [](LastEventId last) { return say(last ? std::string(last.view()) : "none"); });
  router.get("/last-number", why,
             [](LastEventId last) { return say(std::to_string(last.as<Int<0, 1000>>().value_or(0).value())); });
  router.get("/theme", why, [](own::ThemeCookie theme) {
    return say(theme.value_or(own::Theme::light) == own::Theme::dark ? "dark" : "light");
  });
  router.post("/theme", why, [](Body<own::Chosen> in, own::ThemeCookie theme) {
    theme.set(own::Theme::light);
    theme.set(in->theme, std::chrono::days(1000));
    return NoContent{};
  });
  router.del("/theme", why, [](own::ThemeCookie theme) {
    theme.clear();
    return NoContent{};
  });
  router.post("/theme-refused", why, [](own::ThemeCookie theme) -> NoContent {
    theme.set(own::Theme::dark);
    throw Problem(409, "Not now");
  });
  router.get("/lang", why, [](own::Language lang) { return say(lang ? std::string(lang->view()) : "none"); });
  router.post("/lang", why, [](Body<own::Item> in, own::Language lang) {
    lang.set(*Line<2, 20>::parse(in->name.view()));
    return NoContent{};
  });
  router.get(
      "/stream", why, [](own::ThemeCookie theme) -> Stream<"text/plain; charset=utf-8"> {
        theme.set(own::Theme::dark);
        co_yield "one";
        theme.set(own::Theme::light);
        co_yield "two";
      });
  router.get("/basket", why, [](own::SealedBasket basket) { return say(text_of(basket)); });
  router.post("/basket", why, [](Body<own::Item> in, own::SealedBasket basket) {
    own::Basket all = basket.value_or({});
    static_cast<void>(all.items.add(in->name));
    basket.set(std::move(all), 1h);
    return NoContent{};
  });
  router.get("/checkout", when<own::has_basket>, [] { return say("pay"); });
  router.get("/message", why,
             [](Flash flash) { return Page{.title = "Message", .body = html<"<main>{}</main>">(flash.html())}; });
  router.post("/message", why, [] { return Response::see_other("/message").flash("Saved <b>it</b>."); });
  router.get("/message-fails", why, [](Flash) -> Page { throw Problem(409, "Not now"); });
  return router;
}

class RequestFields : public ::testing::Test {
 protected:
  static Browser browser_of(TestService& of) { return Browser(of.port(), of.authority()); }
  Browser browser() { return browser_of(service); }
  HttpResponse get(const std::string& target, const std::string& fields = {}) { return browser().get(target, fields); }
  std::size_t logged(const std::string& text) {
    const std::string all = service.log();
    std::size_t count = 0;
    for (std::size_t at = all.find(text); at != all.npos; at = all.find(text, at + 1)) ++count;
    return count;
  }
  TestService service{routes()};
};

TEST_F(RequestFields, AHeaderIsReadAsAType) {
  EXPECT_EQ(get("/tenant", "X-Tenant: acme\r\n").body, R"({"message":"acme"})");
  EXPECT_EQ(get("/tenant", "x-tENANT: acme\r\n").body, R"({"message":"acme"})");
  EXPECT_EQ(get("/count").body, R"({"message":"none"})");
  EXPECT_EQ(get("/count", "X-Count: 7\r\n").body, R"({"message":"7"})");
}

TEST_F(RequestFields, AWrongHeaderIsNamedAndItsValueIsNot) {
  const auto refused = [&](const std::string& target, const std::string& fields, const std::string& errors) {
    const HttpResponse response = get(target, fields);
    EXPECT_EQ(response.status, 400) << fields;
    EXPECT_NE(response.body.find("\"errors\":" + errors), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find("canary"), std::string::npos);
  };
  refused("/tenant", "", R"([{"header":"X-Tenant","code":"missing"}])");
  refused("/tenant", "X-Tenant: canary-is-too-long\r\n", R"([{"header":"X-Tenant","code":"too_long"}])");
  refused("/tenant", "X-Tenant: \r\n", R"([{"header":"X-Tenant","code":"too_short"}])");
  refused("/tenant", "X-Tenant: a\r\nX-Tenant: b\r\n", R"([{"header":"X-Tenant","code":"repeated"}])");
  refused("/tenant", "X-Tenant: \xFF\xFE\r\n", R"([{"header":"X-Tenant","code":)");
  refused("/count", "X-Count: canary\r\n", R"([{"header":"X-Count","code":"type"}])");
  refused("/count", "X-Count: 10\r\n", R"([{"header":"X-Count","code":"too_large"}])");
  refused("/count", "X-Count: 1\r\nX-Count: 1\r\n", R"([{"header":"X-Count","code":"repeated"}])");
  refused("/last", "Last-Event-ID: " + std::string(129, 'x') + "\r\n",
          R"([{"header":"Last-Event-ID","code":"too_long"}])");
  refused("/last", "Last-Event-ID: a\tcanary\r\n", R"([{"header":"Last-Event-ID","code":"format"}])");
  refused("/last", "Last-Event-ID: a\r\nLast-Event-ID: b\r\n", R"([{"header":"Last-Event-ID","code":"repeated"}])");
  EXPECT_EQ(service.log().find("canary"), std::string::npos);
}

TEST_F(RequestFields, WhatIsKnownOfTheClient) {
  EXPECT_EQ(get("/client", "User-Agent: curl/8\r\n").body, R"({"message":"127.0.0.1 http curl/8"})");
  EXPECT_EQ(get("/client",
                "User-Agent: a\xFF"
                "b\xC2\x85\r\n")
                .body,
            R"({"message":"127.0.0.1 http a?b?"})");
  EXPECT_EQ(get("/client", "User-Agent: " + std::string(1000, 'x') + "\r\n").body,
            R"({"message":"127.0.0.1 http )" + std::string(256, 'x') + "\"}");
}

TEST_F(RequestFields, TheLastEvent) {
  EXPECT_EQ(get("/last").body, R"({"message":"none"})");
  EXPECT_EQ(get("/last", "Last-Event-ID: 41-a\r\n").body, R"({"message":"41-a"})");
  EXPECT_EQ(get("/last-number", "Last-Event-ID: 41\r\n").body, R"({"message":"41"})");
  EXPECT_EQ(get("/last-number", "Last-Event-ID: 41-a\r\n").status, 400);
}

TEST_F(RequestFields, ACookieIsReadAndWritten) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/theme").count("set-cookie"), 0U);
  const HttpResponse set = visitor.post_json("/theme", R"({"theme":"dark"})");
  EXPECT_EQ(set.field("set-cookie"), "__Host-Http-theme=dark; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000")
      << "the last of two, for 400 days at most";
  EXPECT_EQ(visitor.get("/theme").body, R"({"message":"dark"})");
  EXPECT_EQ(visitor.del("/theme").field("set-cookie"),
            "__Host-Http-theme=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
  EXPECT_EQ(visitor.get("/theme").body, R"({"message":"light"})");
  EXPECT_EQ(visitor.post_json("/theme-refused", "{}").count("set-cookie"), 0U);
}

TEST_F(RequestFields, ACookieForScriptsIsEscaped) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.post_json("/lang", R"({"name":"d; Path=/x\u00e9"})").field("set-cookie"),
            "__Host-lang=d%3B%20Path%3D%2Fx%C3%A9; Path=/; Secure; SameSite=Lax");
  EXPECT_EQ(visitor.get("/lang").body, "{\"message\":\"d; Path=/x\xC3\xA9\"}");
}

TEST_F(RequestFields, AMalformedCookieIsNamedAndDropped) {
  for (const char* value : {"purple", "%zz", "%4", "da%00rk"}) {
    Browser visitor = browser();
    visitor.set_cookie(std::string("__Host-Http-theme=") + value);
    const HttpResponse refused = visitor.get("/theme");
    EXPECT_EQ(refused.status, 400) << value;
    EXPECT_NE(refused.body.find(R"([{"cookie":"theme","code":)"), std::string::npos) << refused.body;
    EXPECT_EQ(refused.body.find("purple"), std::string::npos);
    EXPECT_EQ(visitor.get("/theme").status, 200) << "the browser was told to drop it";
  }
  Browser planted = browser();
  planted.set_cookie("theme=dark; __Host-theme=dark");
  EXPECT_EQ(planted.get("/theme").body, R"({"message":"light"})") << "without the prefix it is another's";
}

TEST_F(RequestFields, ACookieComesTooLateForAStreamThatHasBegun) {
  Browser visitor = browser();
  HttpClient client(service.port());
  client.send("GET /stream HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  const auto head = client.receive_head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->field("set-cookie"), "__Host-Http-theme=dark; Path=/; Secure; HttpOnly; SameSite=Lax");
  EXPECT_EQ(client.receive_chunk(), "one");
  EXPECT_EQ(client.receive_chunk(), std::nullopt);
  EXPECT_EQ(logged("a cookie was set when the head of the answer had gone"), 1U);
}

TEST_F(RequestFields, ASealedCookieIsReadByItsServiceAlone) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/basket").body, R"({"message":"none"})");
  EXPECT_EQ(visitor.get("/checkout").status, 403);
  const HttpResponse set = visitor.post_json("/basket", R"({"name":"apples"})");
  EXPECT_TRUE(set.field("set-cookie").starts_with("__Host-Http-basket="));
  EXPECT_TRUE(set.field("set-cookie").ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600"));
  EXPECT_EQ(set.field("set-cookie").find("apples"), std::string::npos);
  EXPECT_EQ(visitor.post_json("/basket", R"({"name":"pears"})").status, 204);
  EXPECT_EQ(visitor.get("/basket").body, R"({"message":"apples,pears,"})");
  EXPECT_EQ(visitor.get("/checkout").status, 200);
  EXPECT_EQ(logged("input_validation_fail"), 0U);

  TestService other(routes());
  Browser elsewhere = browser_of(other);
  elsewhere.set_cookie(visitor.cookie());
  EXPECT_EQ(elsewhere.get("/basket").body, R"({"message":"none"})") << "another key";

  service.advance(61min);
  EXPECT_EQ(visitor.get("/basket").body, R"({"message":"none"})") << "its end is inside";
  EXPECT_EQ(logged("input_validation_fail"), 0U) << "and no event";
}

TEST_F(RequestFields, ASealedCookieThatWasChangedIsNoneAndOneEvent) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.post_json("/basket", R"({"name":"apples"})").status, 204);
  const std::string good = visitor.cookie();
  std::string changed = good;
  changed[changed.size() - 2] = changed[changed.size() - 2] == 'A' ? 'B' : 'A';
  visitor.set_cookie(changed);
  EXPECT_EQ(visitor.get("/basket").body, R"({"message":"none"})");
  EXPECT_EQ(logged("input_validation_fail"), 1U);
  visitor.set_cookie("__Host-Http-flash=" + good.substr(good.find('=') + 1));
  EXPECT_EQ(visitor.get("/message").status, 200) << "sealed under another name";
  EXPECT_EQ(visitor.get("/message").body.find("apples"), std::string::npos);
  EXPECT_EQ(logged("input_validation_fail"), 2U);
}

// One key, and two services of it: what the one has sealed says nothing to the other.
TEST_F(RequestFields, ASealedCookieIsBoundToTheService) {
  const TemporaryFolder folder;
  const auto with_key = [&](ops::Settings& settings) { settings.keys.file = folder.file("key"); };
  TestService one(routes(), {}, with_key);
  TestService two(routes(), {}, with_key);
  Browser visitor = browser_of(one);
  EXPECT_EQ(visitor.post_json("/basket", R"({"name":"apples"})").status, 204);
  EXPECT_EQ(visitor.get("/basket").body, R"({"message":"apples,"})");
  Browser same = browser_of(two);
  same.set_cookie(visitor.cookie());
  EXPECT_EQ(same.get("/basket").body, R"({"message":"none"})") << "another origin";
}

TEST_F(RequestFields, AMessageIsShownOnce) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/message").body.find("role=\"status\""), std::string::npos);
  EXPECT_EQ(visitor.post_json("/message", "").status, 303);
  EXPECT_EQ(visitor.get("/message-fails").status, 409) << "which shows nothing, and leaves it";
  EXPECT_NE(visitor.get("/message").body.find("<p role=\"status\">Saved &lt;b&gt;it&lt;/b&gt;.</p>"),
            std::string::npos);
  EXPECT_EQ(visitor.get("/message").body.find("role=\"status\""), std::string::npos);
}

TEST_F(RequestFields, TwoTypesOfOneCookieAndTooManyAreRefusedAtStart) {
  Router router;
  constexpr anyone why("for the tests of fields");
  router.get("/a", why, [](own::ThemeCookie) { return NoContent{}; });
  router.get("/b", why, [](Cookie<"theme", Int<1, 9>>) { return NoContent{}; });
  const base::SystemClock clock;
  const detail::AppDefinition definition;
  ops::Findings findings;
  const route::Service refused(ops::Settings{}, router, definition, clock, findings);
  EXPECT_FALSE(findings.empty());
}

}  // namespace
}  // namespace sallyport::testing
