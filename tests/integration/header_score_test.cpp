// How scanners see the notes example over TLS: the public rules, first measured against what the published analyzer says, then applied.
#include "support/notes_service.hpp"
#include "support/observatory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sallyport::testing {
namespace {

// --- The rules themselves

const std::string policy =
    "default-src 'none'; script-src 'nonce-AAAAAAAAAAAAAAAAAAAAAA==' 'strict-dynamic'; style-src 'self'; img-src "
    "'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /reports";

ScannedSite page() {
  return {.fields = {{"content-type", "text/html; charset=utf-8"},
                     {"content-security-policy", policy},
                     {"set-cookie", "__Host-Http-session=x; Path=/; Secure; HttpOnly; SameSite=Strict"},
                     {"referrer-policy", "strict-origin-when-cross-origin"},
                     {"strict-transport-security", "max-age=63072000; includeSubDomains"},
                     {"x-content-type-options", "nosniff"},
                     {"x-frame-options", "DENY"},
                     {"cross-origin-resource-policy", "same-origin"},
                     {"cross-origin-embedder-policy", "require-corp"},
                     {"cross-origin-opener-policy", "same-origin"}},
          .body = R"(<script src="/app.js" integrity="sha384-x" nonce="AAAAAAAAAAAAAAAAAAAAAA=="></script>)"};
}

// The page with one field changed; an empty value takes it away.
ScannedSite with(const std::string& name, const std::string& value) {
  ScannedSite site = page();
  std::erase_if(site.fields, [&](const auto& field) { return field.first == name; });
  if (!value.empty()) site.fields.emplace_back(name, value);
  return site;
}
int total_with(const std::string& name, const std::string& value) { return score(with(name, value)).total; }
int modifier_with(const std::string& name, const std::string& value, const std::string& test = {}) {
  return score(with(name, value)).of(test.empty() ? name : test).modifier;
}
std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return text.replace(at, what.size(), by);
}

// What the published analyzer, version 1.6.3, gave to these pages.
TEST(HeaderScore, AsMeasured) {
  EXPECT_EQ(score(page()).total, 160);
  EXPECT_EQ(score(page()).grade, "A+");
  EXPECT_EQ(total_with("set-cookie", ""), 155);
  ScannedSite without_script = page();
  without_script.body = "<h1>x</h1>";
  EXPECT_EQ(score(without_script).total, 155);
  ScannedSite api = with("set-cookie", "");
  std::erase_if(api.fields, [](const auto& field) { return field.first == "content-type"; });
  api.fields.emplace_back("content-type", "application/json");
  EXPECT_EQ(score(api).total, 150);

  const auto csp = [](const std::string& what, const std::string& by) {
    return total_with("content-security-policy", replaced(policy, what, by));
  };
  EXPECT_EQ(csp("img-src 'self'", "img-src 'self' data:"), 160);
  EXPECT_EQ(csp("default-src 'none'", "default-src 'self'"), 155);
  EXPECT_EQ(csp("style-src 'self'", "style-src 'self' 'unsafe-inline'"), 150);
  EXPECT_EQ(csp("base-uri 'none'", "base-uri 'none'; base-uri 'none'"), 75);
  EXPECT_EQ(csp("report-uri /reports", "report-uri http://a.example/reports"), 80);
  ScannedSite only_reported = with("content-security-policy", "");
  only_reported.fields.emplace_back("content-security-policy-report-only", policy);
  EXPECT_EQ(score(only_reported).total, 75);
  EXPECT_EQ(score(only_reported).grade, "B");
  ScannedSite preloaded = page();
  preloaded.preloaded = true;
  EXPECT_EQ(score(preloaded).total, 165) << "as good as it gets";
}

TEST(HeaderScore, EachRule) {
  const std::string csp = "content-security-policy";
  EXPECT_EQ(modifier_with(csp, "default-src 'none'; script-src 'self' 'unsafe-inline'"), -20);
  EXPECT_EQ(modifier_with(csp, "default-src 'none'; script-src data:"), -20);
  EXPECT_EQ(modifier_with(csp, "default-src 'none'; object-src *"), -20);
  EXPECT_EQ(modifier_with(csp, "script-src 'self'"), -20) << "objects from anywhere";
  EXPECT_EQ(modifier_with(csp, "default-src 'none'; script-src 'self' 'unsafe-eval'"), -10);
  EXPECT_EQ(modifier_with(csp, "default-src 'none'; img-src http:"), -10);
  EXPECT_EQ(modifier_with(csp, "default-src 'none'; font-src http:"), -20);

  const auto cookie = [](const std::string& text) { return modifier_with("set-cookie", text, "cookies"); };
  EXPECT_EQ(cookie("a=b; Secure"), 0);
  EXPECT_EQ(cookie("a=b; SameSite=Lax"), -5);
  EXPECT_EQ(cookie("session=b; HttpOnly; SameSite=Lax"), -10);
  EXPECT_EQ(cookie("a=b; Secure; SameSite=Sometimes"), -20);
  EXPECT_EQ(cookie("csrf=b; Secure"), -20);
  EXPECT_EQ(cookie("LoginId=b; Secure; SameSite=Lax"), -30);
  ScannedSite no_hsts = with("strict-transport-security", "");
  no_hsts.fields.emplace_back("set-cookie", "session=b; HttpOnly");
  EXPECT_EQ(score(no_hsts).of("cookies").modifier, -40);

  EXPECT_EQ(modifier_with("referrer-policy", "unsafe-url"), -5);
  EXPECT_EQ(modifier_with("referrer-policy", "unsafe-url, no-referrer"), 5);
  EXPECT_EQ(modifier_with("strict-transport-security", "max-age=1000"), -10);
  EXPECT_EQ(modifier_with("strict-transport-security", "includeSubDomains"), -20);
  EXPECT_EQ(modifier_with("x-content-type-options", ""), -5);
  EXPECT_EQ(modifier_with("x-frame-options", ""), 5) << "frame-ancestors does it";
  ScannedSite framed = with("x-frame-options", "ALLOW-FROM https://a.example");
  framed.fields[1].second = "default-src 'none'";
  EXPECT_EQ(score(framed).of("x-frame-options").modifier, 0);
  framed.fields.pop_back();
  EXPECT_EQ(score(framed).of("x-frame-options").modifier, -20);
  for (const char* name :
       {"cross-origin-resource-policy", "cross-origin-embedder-policy", "cross-origin-opener-policy"}) {
    EXPECT_EQ(modifier_with(name, ""), 0) << name;
    EXPECT_EQ(modifier_with(name, "nonsense"), -5) << name;
    ScannedSite twice = page();
    twice.fields.emplace_back(name, "same-origin");
    EXPECT_EQ(score(twice).of(name).modifier, -5) << name;
  }

  const auto script = [](const std::string& tag) {
    ScannedSite site = page();
    site.body += tag;
    return score(site).of("subresource-integrity").modifier;
  };
  EXPECT_EQ(script(R"(<script src="/b.js">)"), 0);
  EXPECT_EQ(script(R"(<script src="https://a.example/b.js">)"), -5);
  EXPECT_EQ(script(R"(<script src="http://a.example/b.js" integrity="x">)"), -20);
  EXPECT_EQ(script(R"(<script src="http://a.example/b.js">)"), -50);

  ScannedSite sharing = page();
  sharing.cors = {{"access-control-allow-origin", sharing.probed_origin}, {"access-control-allow-credentials", "true"}};
  EXPECT_EQ(score(sharing).total, 50);
  const auto leads = [](std::vector<std::string> hops) {
    ScannedSite site = page();
    site.redirects = std::move(hops);
    return score(site).of("redirection").modifier;
  };
  EXPECT_EQ(leads({"https://localhost/"}), 0);
  EXPECT_EQ(leads({"https://www.localhost/", "https://localhost/"}), -5);
  EXPECT_EQ(leads({"http://localhost/a", "https://localhost/"}), -10);
  EXPECT_EQ(leads({"http://localhost/a"}), -20);
}

// --- The rules applied

// The notes example over TLS.
class Scanned {
 public:
  Scanned() : service_([](ops::Settings& settings) { settings.tls.enabled = true; }) {}

  Browser visitor() { return Browser(service_.port(), service_.authority(), service_.certificate()); }
  /// Somebody who has signed in, and the answer to that.
  std::pair<Browser, HttpResponse> member() {
    Browser browser = visitor();
    const std::string credentials =
        R"("email":"a@example.org","password":")" + std::string(NotesService::password) + "\"}";
    EXPECT_EQ(browser.post_json("/api/users", R"({"name":"Some One",)" + credentials).status, 201);
    const HttpResponse signed_in = browser.post_json("/api/login", "{" + credentials);
    EXPECT_EQ(signed_in.status, 200);
    return {browser, signed_in};
  }
  ScanScore score_of(const HttpResponse& response) {
    HttpClient client(service_.port(), service_.certificate());
    ScannedSite site{.fields = response.fields, .body = response.body, .host = service_.authority()};
    client.send("OPTIONS / HTTP/1.1\r\nHost: " + service_.authority() + "\r\nOrigin: " + site.probed_origin +
                "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
    site.cors = client.receive()->fields;
    return score(site);
  }

 private:
  NotesService service_;
};

std::string text(const ScanScore& score) {
  std::string out = std::to_string(score.total) + " " + score.grade;
  for (const ScanResult& result : score.results)
    out += "\n  " + result.test + ": " + result.finding + " " + std::to_string(result.modifier);
  return out;
}

TEST(HeaderScore, OfTheApi) {
  Scanned site;
  EXPECT_GE(site.score_of(site.member().first.get("/api/notes")).total, 150);
  EXPECT_GE(site.score_of(site.visitor().get("/api/notes")).total, 150) << "a 401";
}

TEST(HeaderScore, OfThePageAndTheCookie) {
  Scanned site;
  auto [member, signed_in] = site.member();
  EXPECT_EQ(site.score_of(signed_in).of("cookies").modifier, 5);
  EXPECT_GE(site.score_of(signed_in).total, 155);
  // A scan sees the cookies of all that it has fetched.
  HttpResponse page = member.get("/notes");
  ASSERT_EQ(page.status, 200);
  for (const std::string& cookie : signed_in.fields_named("set-cookie")) page.fields.emplace_back("set-cookie", cookie);
  EXPECT_GE(site.score_of(page).total, 155) << text(site.score_of(page));
  EXPECT_GE(site.score_of(site.visitor().get("/")).total, 155) << "without a cookie";
  EXPECT_GE(site.score_of(site.visitor().get("/nowhere", "Accept: text/html\r\n")).total, 150) << "a refusal's page";
}

TEST(HeaderScore, OfAFile) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("public"));
  std::ofstream(folder.file("public/report.pdf")) << "%PDF-1.7";
  Router router;
  router.files("/files", anyone("for the test"), folder.file("public"));
  const TestService service(router, {}, [](ops::Settings& settings) { settings.tls.enabled = true; });
  Browser browser(service.port(), service.authority(), service.certificate());
  const auto file = browser.get("/files/report.pdf");
  ASSERT_EQ(file.status, 200);
  const ScanScore score_of_file = score({.fields = file.fields, .body = file.body});
  // Everything but what isolates documents: COOP and COEP mean nothing on a file.
  EXPECT_GE(score_of_file.total, 130) << text(score_of_file);
  for (const ScanResult& result : score_of_file.results) EXPECT_GE(result.modifier, 0) << result.test;
}

}  // namespace
}  // namespace sallyport::testing
