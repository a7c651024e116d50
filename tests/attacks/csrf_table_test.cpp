// Cross-site request forgery, case by case: what a request says of where it comes from, and whether it may change anything.
//
// The verdicts are written by hand from the rules, not computed:
// - what carries a cookie, or can begin a session, must come from our own page: Sec-Fetch-Site is same-origin or none, and Origin, where there
//   is one, is not another site's; where another value stands, Origin is one that is allowed; where the field is missing, Origin is ours or one that is allowed; with both missing it is refused;
// - a foreign Origin that the route does not name may change nothing, cookie or not.
#include "cross_site.hpp"

#include "support/notes_service.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace sallyport::testing::cross_site {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// --- The table

struct Site {
  const char* name;
  std::vector<std::string> values;
};
const std::array<Site, 8> sites{{{"absent", {}},
                                 {"none", {"none"}},
                                 {"same-origin", {"same-origin"}},
                                 {"same-site", {"same-site"}},
                                 {"cross-site", {"cross-site"}},
                                 {"junk", {"Same-Origin"}},
                                 {"empty", {""}},
                                 {"repeated", {"same-origin", "same-origin"}}}};

constexpr std::array<const char*, 10> origin_names{"absent", "ours", "trusted", "listed", "foreign",
                                                   "null",   "http", "port",    "two",    "suffix"};

std::vector<std::string> origins(std::size_t column, const std::string& ours) {
  switch (column) {
    case 0:
      return {};
    case 1:
      return {ours};
    case 2:
      return {trusted_origin};
    case 3:
      return {app_origin};
    case 4:
      return {"https://evil.example"};
    case 5:
      return {"null"};
    case 6:  // the other scheme
      return {(ours.starts_with("https") ? "http" : "https") + ours.substr(ours.find(':'))};
    case 7:
      return {ours.substr(0, ours.rfind(':')) + ":1"};
    case 8:
      return {ours, ours};
    default:
      return {std::string(trusted_origin) + ".evil.example"};
  }
}

// A line for each of `sites`, a column for each of `origin_names`: + goes on to the route, x is 403.
using Verdicts = std::array<std::string_view, 8>;

constexpr Verdicts ridden{                         // a o t l f n h p 2 s
                          "x + + x x x x x x x",   // absent
                          "+ + + x x + x x x x",   // none
                          "+ + + x x + x x x x",   // same-origin
                          "x x + x x x x x x x",   // same-site
                          "x x + x x x x x x x",   // cross-site
                          "x x + x x x x x x x",   // junk
                          "x x + x x x x x x x",   // empty
                          "x x x x x x x x x x"};  // repeated

constexpr Verdicts without_cookie{                         // a o t l f n h p 2 s
                                  "+ + + x x x x x x x",   // absent
                                  "+ + + x x + x x x x",   // none
                                  "+ + + x x + x x x x",   // same-origin
                                  "+ + + x x x x x x x",   // same-site
                                  "+ + + x x x x x x x",   // cross-site
                                  "+ + + x x x x x x x",   // junk
                                  "+ + + x x x x x x x",   // empty
                                  "+ + + x x x x x x x"};  // repeated

constexpr Verdicts listed_without_cookie{                         // a o t l f n h p 2 s
                                         "+ + + + x x x x x x",   // absent
                                         "+ + + + x + x x x x",   // none
                                         "+ + + + x + x x x x",   // same-origin
                                         "+ + + + x x x x x x",   // same-site
                                         "+ + + + x x x x x x",   // cross-site
                                         "+ + + + x x x x x x",   // junk
                                         "+ + + + x x x x x x",   // empty
                                         "+ + + + x x x x x x"};  // repeated

constexpr Verdicts listed_may_ride{                         // a o t l f n h p 2 s
                                   "x + + + x x x x x x",   // absent
                                   "+ + + + x + x x x x",   // none
                                   "+ + + + x + x x x x",   // same-origin
                                   "x x + + x x x x x x",   // same-site
                                   "x x + + x x x x x x",   // cross-site
                                   "x x + + x x x x x x",   // junk
                                   "x x + + x x x x x x",   // empty
                                   "x x x x x x x x x x"};  // repeated

constexpr Verdicts open_without_cookie{                         // a o t l f n h p 2 s
                                       "+ + + + + x + + x +",   // absent
                                       "+ + + + + + + + x +",   // none
                                       "+ + + + + + + + x +",   // same-origin
                                       "+ + + + + x + + x +",   // same-site
                                       "+ + + + + x + + x +",   // cross-site
                                       "+ + + + + x + + x +",   // junk
                                       "+ + + + + x + + x +",   // empty
                                       "+ + + + + x + + x +"};  // repeated

constexpr Verdicts always{"+ + + + + + + + + +", "+ + + + + + + + + +", "+ + + + + + + + + +", "+ + + + + + + + + +",
                          "+ + + + + + + + + +", "+ + + + + + + + + +", "+ + + + + + + + + +", "+ + + + + + + + + +"};

struct Scenario {
  const char* name;
  const char* method;
  const char* target;
  bool cookie;
  const Verdicts& verdicts;
};

const Scenario scenarios[] = {
    {"PostWithCookie", "POST", "/plain", true, ridden},
    {"PutWithCookie", "PUT", "/plain", true, ridden},
    {"PatchWithCookie", "PATCH", "/plain", true, ridden},
    {"DeleteWithCookie", "DELETE", "/plain", true, ridden},
    {"UnknownMethodWithCookie", "PURGE", "/plain", true, ridden},
    {"UnknownPathWithCookie", "POST", "/nowhere", true, listed_may_ride},
    {"PostWithoutCookie", "POST", "/plain", false, without_cookie},
    {"DeleteWithoutCookie", "DELETE", "/plain", false, without_cookie},
    {"SignInWithoutCookie", "POST", "/sign-in", false, ridden},
    {"SignInWithCookie", "POST", "/sign-in", true, ridden},
    {"CorsWithCookie", "POST", "/shared", true, ridden},
    {"CorsWithoutCookie", "POST", "/shared", false, listed_without_cookie},
    {"CorsOfAnotherMethod", "PUT", "/shared", false, without_cookie},
    {"CorsWithCredentialsAndCookie", "POST", "/riding", true, listed_may_ride},
    {"CorsWithCredentialsWithoutCookie", "POST", "/riding", false, listed_without_cookie},
    {"ConfiguredCorsOfOthers", "POST", "/configured", true, ridden},
    {"AnyOriginWithCookie", "POST", "/open", true, ridden},
    {"AnyOriginWithoutCookie", "POST", "/open", false, open_without_cookie},
    {"NavigationWithCookie", "GET", "/plain", true, always},
    {"HeadWithCookie", "HEAD", "/plain", true, always},
};

void check(const Scenario& scenario, const std::string& ours, const Client& client) {
  for (std::size_t row = 0; row < sites.size(); ++row) {
    for (std::size_t column = 0; column < origin_names.size(); ++column) {
      Request request{scenario.method, scenario.target, {}, {}};
      for (const std::string& site : sites[row].values) request.fields.emplace_back("Sec-Fetch-Site", site);
      for (const std::string& origin : origins(column, ours)) request.fields.emplace_back("Origin", origin);
      if (scenario.cookie) request.fields.emplace_back("Cookie", "a=b");
      if (request.method == "GET" ||
          request.method == "HEAD") {  // a link: what else they may be is resource isolation's matter
        request.fields.emplace_back("Sec-Fetch-Mode", "navigate");
        request.fields.emplace_back("Sec-Fetch-Dest", "document");
      }
      if (request.target == "/sign-in") {
        request.fields.emplace_back("Content-Type", form_type);
        request.body = "email=ada%40example.org&password=not+this+one+either";
      }
      const int status = client(request).status;
      EXPECT_NE(status, 0);
      EXPECT_EQ(status != 403, scenario.verdicts[row][column * 2] == '+')
          << scenario.name << ": Sec-Fetch-Site " << sites[row].name << ", Origin " << origin_names[column] << ": "
          << status;
    }
  }
}

class CsrfTable : public ::testing::TestWithParam<Scenario> {};

TEST_P(CsrfTable, Http1) {
  TestService service(routes(), {}, adjust);
  check(GetParam(), service.origin(), [&](const Request& request) { return send_http1(service, request); });
}

TEST_P(CsrfTable, Http2) {
  TestService service(routes(), {}, adjust);
  check(GetParam(), service.origin(), [&](const Request& request) { return send_http2(service, request); });
}

INSTANTIATE_TEST_SUITE_P(All, CsrfTable, ::testing::ValuesIn(scenarios),
                         [](const auto& scenario) { return scenario.param.name; });

// A token where it was not asked for opens nothing that is shut, whether tokens are on or off, but for requests that name neither field.
TEST(Csrf, RefusalsNameTheirCheck) {
  TestService service(routes(), {}, adjust);
  const auto reason_of = [&](const Fields& fields) {
    Request request{"POST", "/plain", fields, {}};
    request.fields.emplace_back("Cookie", "a=b");
    EXPECT_EQ(send_http1(service, request).status, 403);
    const std::string log = service.log();
    const std::size_t at = log.rfind("\"reason\":\"");
    return at == log.npos ? std::string() : log.substr(at + 10, log.find('"', at + 10) - at - 10);
  };
  EXPECT_EQ(reason_of({}), "neither Sec-Fetch-Site nor Origin");
  EXPECT_EQ(reason_of({{"Sec-Fetch-Site", "cross-site"}}), "Sec-Fetch-Site is not same-origin");
  EXPECT_EQ(reason_of({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "none"}}), "Sec-Fetch-Site repeated");
  EXPECT_EQ(reason_of({{"Origin", "https://evil.example"}}), "this origin may not call this route");
  EXPECT_EQ(reason_of({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}}),
            "this origin may not call this route");
  EXPECT_EQ(reason_of({{"Origin", service.origin()}, {"Origin", service.origin()}}), "Origin repeated");
}

// --- Tokens

class CsrfTokenMode : public ::testing::Test {
 protected:
  explicit CsrfTokenMode(bool on = true)
      : service_(routes(), {}, [on](ops::Settings& settings) {
          adjust(settings);
          settings.csrf.tokens = on;
        }) {}

  HttpResponse send(const Request& request) { return send_http1(service_, request); }
  std::string token_for(const std::string& cookie) {
    const HttpResponse answer = send({"GET", "/token", {{"Cookie", cookie}}, {}});
    EXPECT_EQ(answer.count("set-cookie"), 0U) << "there is something to bind to";
    const std::size_t at = answer.body.find(":\"");
    return answer.body.substr(at + 2, answer.body.rfind('"') - at - 2);
  }
  int post(const std::string& target, Fields fields, const std::string& body = {}) {
    if (!body.empty()) fields.emplace_back("Content-Type", form_type);
    return send({"POST", target, std::move(fields), body}).status;
  }

  TestService service_;
  const std::string session_ = "__Host-Http-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const std::string other_session_ = "__Host-Http-session=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
  const std::string visitor_ = "__Host-Http-visitor=CCCCCCCCCCCCCCCCCCCCCC";
};

TEST_F(CsrfTokenMode, FieldDecides) {
  const std::string good = token_for(session_);
  ASSERT_EQ(good.size(), 66U);
  const std::string other = token_for(other_session_);
  const std::string visitor = token_for(visitor_);
  const struct {
    const char* what;
    Fields fields;
    bool passes;
  } rows[] = {
      {"its own", {{"Cookie", session_}, {"X-CSRF-Token", good}}, true},
      {"with other cookies", {{"Cookie", "a=b; " + session_ + "; c=d"}, {"X-CSRF-Token", good}}, true},
      {"a visitor's own", {{"Cookie", visitor_}, {"X-CSRF-Token", visitor}}, true},
      {"none", {{"Cookie", session_}}, false},
      {"empty", {{"Cookie", session_}, {"X-CSRF-Token", ""}}, false},
      {"junk", {{"Cookie", session_}, {"X-CSRF-Token", "junk"}}, false},
      {"cut short", {{"Cookie", session_}, {"X-CSRF-Token", good.substr(0, 65)}}, false},
      {"continued", {{"Cookie", session_}, {"X-CSRF-Token", good + "A"}}, false},
      {"another session's", {{"Cookie", session_}, {"X-CSRF-Token", other}}, false},
      {"another cookie", {{"Cookie", other_session_}, {"X-CSRF-Token", good}}, false},
      {"a visitor's for a session", {{"Cookie", session_}, {"X-CSRF-Token", visitor}}, false},
      {"a visitor's, after sign-in", {{"Cookie", session_ + "; " + visitor_}, {"X-CSRF-Token", visitor}}, false},
      {"a session's, after sign-out", {{"Cookie", visitor_}, {"X-CSRF-Token", good}}, false},
      {"no cookie of ours", {{"Cookie", "a=b"}, {"X-CSRF-Token", good}}, false},
      {"twice", {{"Cookie", session_}, {"X-CSRF-Token", good}, {"X-CSRF-Token", good}}, false},
      {"two cookie fields", {{"Cookie", session_}, {"Cookie", visitor_}, {"X-CSRF-Token", good}}, true},
      {"two sessions in two fields", {{"Cookie", session_}, {"Cookie", session_}, {"X-CSRF-Token", good}}, false},
      {"two sessions", {{"Cookie", session_ + "; " + session_}, {"X-CSRF-Token", good}}, false},
      {"a cookie whose name begins so", {{"Cookie", "__Host-Http-visitors=x"}, {"X-CSRF-Token", visitor}}, false},
      {"Origin is foreign", {{"Cookie", session_}, {"X-CSRF-Token", good}, {"Origin", "https://evil.example"}}, false},
      {"Origin is null", {{"Cookie", session_}, {"X-CSRF-Token", good}, {"Origin", "null"}}, false},
      {"cross-site", {{"Cookie", session_}, {"X-CSRF-Token", good}, {"Sec-Fetch-Site", "cross-site"}}, false},
      {"same-site", {{"Cookie", session_}, {"X-CSRF-Token", good}, {"Sec-Fetch-Site", "same-site"}}, false},
      {"same-origin needs none",
       {{"Cookie", session_}, {"X-CSRF-Token", "junk"}, {"Sec-Fetch-Site", "same-origin"}},
       true},
  };
  for (const auto& row : rows) EXPECT_EQ(post("/plain", row.fields) != 403, row.passes) << row.what;
}

TEST_F(CsrfTokenMode, FormDecides) {
  const std::string good = token_for(session_);
  const std::string other = token_for(other_session_);
  const struct {
    const char* what;
    std::string body;
    int status;
    const char* text;
  } rows[] = {
      {"first", "_csrf=" + good + "&a=1&b=2", 200, "1|2"},
      {"in the middle", "a=1&_csrf=" + good + "&b=2", 200, "1|2"},
      {"last", "a=1&b=2&_csrf=" + good, 200, "1|2"},
      {"before one", "_csrf=" + good + "&a=1", 200, "1|-"},
      {"missing", "a=1", 403, ""},
      {"empty", "a=1&_csrf=", 403, ""},
      {"another's", "a=1&_csrf=" + other, 403, ""},
      {"the good one second", "_csrf=" + other + "&a=1&_csrf=" + good, 403, ""},
      {"the good one first: the other is no member", "_csrf=" + good + "&a=1&_csrf=" + other, 400, ""},
      {"inside another's value", "a=_csrf=" + good, 403, ""},
      {"escaped name", "a=1&%5Fcsrf=" + good, 403, ""},
      {"another name that ends so", "a=1&x_csrf=" + good, 403, ""},
      {"alone: the form is still checked", "_csrf=" + good, 400, ""},
  };
  for (const auto& row : rows) {
    const HttpResponse answer =
        send({"POST", "/form", {{"Cookie", session_}, {"Content-Type", std::string(form_type)}}, row.body});
    EXPECT_EQ(answer.status, row.status) << row.what;
    EXPECT_TRUE(row.status != 200 || answer.body.find(row.text) != std::string::npos) << row.what << answer.body;
  }
  EXPECT_EQ(post("/form?_csrf=" + good, {{"Cookie", session_}}, "a=1"), 403) << "never from the address";
  EXPECT_EQ(post("/form", {{"Cookie", session_}, {"X-CSRF-Token", other}}, "a=1&_csrf=" + good), 403)
      << "the field decides";
  EXPECT_EQ(post("/form", {{"Cookie", session_}, {"X-CSRF-Token", good}}, "a=1&_csrf=" + other), 200);
  EXPECT_EQ(post("/form", {{"Cookie", session_}, {"Origin", "https://evil.example"}}, "a=1&_csrf=" + good), 403);
  EXPECT_EQ(post("/form", {{"Cookie", session_}, {"Sec-Fetch-Site", "cross-site"}}, "a=1&_csrf=" + good), 403);
  const HttpResponse json = send(
      {"POST", "/json", {{"Cookie", session_}, {"Content-Type", "application/json"}}, R"({"_csrf":")" + good + "\"}"});
  EXPECT_EQ(json.status, 403) << "a token in JSON is none";
}

// Browsers of today send the member too, with the same form.
TEST_F(CsrfTokenMode, MemberIsTakenOutWhoeverDecides) {
  EXPECT_EQ(post("/form", {{"Cookie", session_}, {"Sec-Fetch-Site", "same-origin"}}, "a=1&_csrf=old"), 200);
  EXPECT_EQ(post("/form", {{"Cookie", session_}, {"Origin", service_.origin()}}, "_csrf=old&a=1"), 200);
  EXPECT_EQ(post("/form", {}, "a=1&_csrf=old&b=2"), 200) << "nothing to ride on";
}

TEST_F(CsrfTokenMode, VisitorsGetACookieToBindTo) {
  const HttpResponse page = send({"GET", "/page", {}, {}});
  const std::string set = page.field("set-cookie");
  EXPECT_TRUE(set.starts_with("__Host-Http-visitor=")) << set;
  EXPECT_NE(set.find("; Path=/; Secure; HttpOnly; SameSite=Lax"), std::string::npos) << set;
  const std::size_t at = page.body.find("<input type=\"hidden\" name=\"_csrf\" value=\"");
  ASSERT_NE(at, std::string::npos) << page.body;
  const std::string token = page.body.substr(at + 41, 66);
  const std::string cookie = set.substr(0, set.find(';'));
  const std::string form = "email=ada%40example.org&password=not+this+one+either&_csrf=" + token;
  EXPECT_EQ(post("/sign-in", {{"Cookie", cookie}}, form), 401);
  EXPECT_EQ(post("/sign-in", {}, form), 403) << "a token without its cookie is anybody's";
  EXPECT_EQ(post("/sign-in", {{"Cookie", visitor_}}, form), 403);
  EXPECT_NE(token_for(visitor_), token_for(visitor_)) << "new in each page";
}

TEST_F(CsrfTokenMode, TokensAgeAway) {
  const std::string good = token_for(session_);
  const Fields fields{{"Cookie", session_}, {"X-CSRF-Token", good}};
  service_.advance(std::chrono::hours(25));
  EXPECT_EQ(post("/plain", fields), 204);
  service_.advance(std::chrono::hours(24));
  EXPECT_EQ(post("/plain", fields), 403);
}

// A handler with Owned<T> otherwise runs before its body is there. Where the form may hold the token, the refusal comes first, and the
// connection goes on.
TEST(CsrfTokens, MissingTokenIsRefusedBeforeAnOwnedObjectIsLoaded) {
  NotesService notes([](ops::Settings& settings) { settings.csrf.tokens = true; });
  Browser ada = notes.member("ada@example.org");
  const std::string id = json_text(ada.post_json("/api/notes", R"({"title":"mine","body":"b"})").body, "id");
  const std::string host = " HTTP/1.1\r\nHost: " + notes.authority() + "\r\nCookie: " + ada.cookie() + "\r\n";
  HttpClient client(notes.port());
  for (int i = 0; i < 3; ++i) {
    client.send("POST /notes/" + id + host +
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\n\r\n");
    client.send("title=theirs&body");
    const auto refused = client.receive();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 403);
    client.send("GET /api/notes/" + id + host + "\r\n");
    const auto note = client.receive();
    ASSERT_TRUE(note);
    EXPECT_EQ(note->status, 200);
    EXPECT_EQ(json_text(note->body, "title"), "mine");
  }
}

class CsrfTokensOff : public CsrfTokenMode {
 protected:
  CsrfTokensOff() : CsrfTokenMode(false) {}
};

TEST_F(CsrfTokensOff, NothingIsIssuedNorTaken) {
  const HttpResponse page = send({"GET", "/page", {}, {}});
  EXPECT_EQ(page.count("set-cookie"), 0U);
  EXPECT_EQ(page.body.find("_csrf"), std::string::npos);
  EXPECT_EQ(token_for(session_), "");
  EXPECT_EQ(post("/plain", {{"Cookie", session_}, {"X-CSRF-Token", std::string(66, 'A')}}), 403);
  EXPECT_EQ(post("/form", {{"Cookie", session_}}, "a=1&_csrf=x"), 403);
  EXPECT_EQ(post("/form", {{"Sec-Fetch-Site", "same-origin"}}, "a=1&_csrf=x"), 400) << "a member like any other";
}

}  // namespace
}  // namespace sallyport::testing::cross_site
