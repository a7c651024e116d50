// CORS, case by case: which preflights are granted, what answers tell scripts of other origins, and that nothing else is told.
#include "cross_site.hpp"

#include "gate/cors.hpp"

#include <gtest/gtest.h>

namespace sallyport::testing::cross_site {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const std::string long_cookie = "a=" + std::string(10'000, 'x');

class CorsTable : public ::testing::Test {
 protected:
  HttpResponse send(const Request& request) { return send_http1(service_, request); }
  HttpResponse preflight(const std::string& target, Fields fields) {
    return send({"OPTIONS", target, std::move(fields), {}});
  }

  static void expect_nothing_granted(const HttpResponse& answer, const std::string& what) {
    for (const auto& [name, value] : answer.fields)
      EXPECT_FALSE(name.starts_with("access-control-")) << what << ": " << name;
  }
  static bool varies_by_origin(const HttpResponse& answer) {
    for (const auto& [name, value] : answer.fields) {
      if (name == "vary" && value.find("Origin") != value.npos) return true;
    }
    return false;
  }

  TestService service_{routes(), {}, adjust};
};

TEST_F(CorsTable, GrantedPreflights) {
  const struct {
    const char* target;
    const char* origin;
    const char* method;
    const char* headers;  // null: the field is absent
    const char* allowed;
    bool credentials;
  } rows[] = {
      {"/shared", app_origin, "POST", nullptr, "content-type, x-note, idempotency-key", false},
      {"/shared", app_origin, "GET", nullptr, "content-type, x-note, idempotency-key", false},
      {"/shared", app_origin, "HEAD", "x-note", "content-type, x-note, idempotency-key", false},
      {"/shared", app_origin, "POST", "", "content-type, x-note, idempotency-key", false},
      {"/shared", app_origin, "POST", "content-type", "content-type, x-note, idempotency-key", false},
      {"/shared", app_origin, "POST", "content-type,idempotency-key,x-note", "content-type, x-note, idempotency-key",
       false},
      {"/shared", app_origin, "POST", "Content-Type , X-NOTE", "content-type, x-note, idempotency-key", false},
      {"/shared", "https://editor.example", "PUT", "content-type", "content-type", false},
      {"/riding", app_origin, "POST", "content-type", "content-type", true},
      {"/riding", "https://b.example", "POST", nullptr, "content-type", true},
      {"/configured", configured_origin, "POST", "content-type", "content-type", true},
      {"/private", app_origin, "GET", "content-type", "content-type", true},  // before anybody has signed in
      {"/open", "https://whoever.example:8443", "POST", "content-type", "content-type", false},
      {"/open", "http://plain.example", "GET", nullptr, "content-type", false},
  };
  for (const auto& row : rows) {
    Fields fields{{"Origin", row.origin},
                  {"Access-Control-Request-Method", row.method},
                  {"Sec-Fetch-Mode", "cors"},
                  {"Sec-Fetch-Site", "cross-site"}};
    if (row.headers) fields.emplace_back("Access-Control-Request-Headers", row.headers);
    const HttpResponse answer = preflight(row.target, fields);
    const std::string what = std::string(row.target) + " " + row.method + " " + (row.headers ? row.headers : "-");
    EXPECT_EQ(answer.status, 204) << what;
    EXPECT_EQ(answer.field("access-control-allow-origin"), row.target == std::string("/open") ? "*" : row.origin)
        << what;
    EXPECT_EQ(answer.field("access-control-allow-methods"), row.method) << what;
    EXPECT_EQ(answer.field("access-control-allow-headers"), row.allowed) << what;
    EXPECT_EQ(answer.field("access-control-max-age"), "600") << what;
    EXPECT_EQ(answer.field("access-control-allow-credentials"), row.credentials ? "true" : "") << what;
    EXPECT_EQ(answer.count("access-control-expose-headers"), 0U) << what;
    EXPECT_EQ(answer.count("access-control-allow-private-network"), 0U) << what;
    EXPECT_EQ(answer.count("allow"), 0U) << what;
    EXPECT_TRUE(varies_by_origin(answer)) << what;
  }
}

TEST_F(CorsTable, RefusedPreflights) {
  const struct {
    const char* what;
    const char* target;
    Fields fields;
  } rows[] = {
      {"foreign", "/shared", {{"Origin", "https://evil.example"}}},
      {"null", "/shared", {{"Origin", "null"}}},
      {"null, any origin", "/open", {{"Origin", "null"}}},
      {"empty", "/shared", {{"Origin", ""}}},
      {"wildcard", "/shared", {{"Origin", "*"}}},
      {"wildcard, any origin", "/open", {{"Origin", "*"}}},
      {"http variant", "/shared", {{"Origin", "http://app.example"}}},
      {"port", "/shared", {{"Origin", "https://app.example:8443"}}},
      {"default port", "/shared", {{"Origin", "https://app.example:443"}}},
      {"upper case", "/shared", {{"Origin", "https://APP.example"}}},
      {"dot at the end", "/shared", {{"Origin", "https://app.example."}}},
      {"path", "/shared", {{"Origin", "https://app.example/"}}},
      {"path, any origin", "/open", {{"Origin", "https://app.example/x"}}},
      {"user", "/open", {{"Origin", "https://app.example@evil.example"}}},
      {"suffix", "/shared", {{"Origin", "https://app.example.evil.example"}}},
      {"prefix", "/shared", {{"Origin", "https://evilapp.example"}}},
      {"underscore trick", "/shared", {{"Origin", "https://app.example_.evil.example"}}},
      {"IPv6 zone", "/open", {{"Origin", "https://[fe80::1%25eth0]"}}},
      {"IPv6 not canonical", "/open", {{"Origin", "https://[0:0::1]"}}},
      {"two in one", "/shared", {{"Origin", "https://app.example https://evil.example"}}},
      {"list", "/shared", {{"Origin", "https://app.example, https://evil.example"}}},
      {"two fields", "/shared", {{"Origin", app_origin}, {"Origin", "https://evil.example"}}},
      {"twice the same", "/shared", {{"Origin", app_origin}, {"Origin", app_origin}}},
      {"two fields, any origin", "/open", {{"Origin", app_origin}, {"Origin", app_origin}}},
      {"trusted is not CORS", "/shared", {{"Origin", trusted_origin}}},
      {"route without CORS", "/plain", {{"Origin", app_origin}}},
      {"no such path", "/nowhere", {{"Origin", app_origin}}},
      {"another route's origin", "/riding", {{"Origin", "https://editor.example"}}},
      {"configured elsewhere", "/shared", {{"Origin", configured_origin}}},
      {"listed elsewhere", "/configured", {{"Origin", app_origin}}},
      {"field not allowed", "/shared", {{"Origin", app_origin}, {"Access-Control-Request-Headers", "x-other"}}},
      {"one not allowed",
       "/shared",
       {{"Origin", app_origin}, {"Access-Control-Request-Headers", "x-note,authorization"}}},
      {"field wildcard", "/shared", {{"Origin", app_origin}, {"Access-Control-Request-Headers", "*"}}},
      {"empty element",
       "/shared",
       {{"Origin", app_origin}, {"Access-Control-Request-Headers", "x-note,,content-type"}}},
      {"comma at the end", "/shared", {{"Origin", app_origin}, {"Access-Control-Request-Headers", "x-note,"}}},
      {"only a comma", "/shared", {{"Origin", app_origin}, {"Access-Control-Request-Headers", ","}}},
      {"part of a name", "/shared", {{"Origin", app_origin}, {"Access-Control-Request-Headers", "x-not"}}},
      {"separator as a name",
       "/shared",
       {{"Origin", app_origin}, {"Access-Control-Request-Headers", "content-type x-note"}}},
      {"fields repeated",
       "/shared",
       {{"Origin", app_origin},
        {"Access-Control-Request-Headers", "x-note"},
        {"Access-Control-Request-Headers", "x-note"}}},
  };
  for (const auto& row : rows) {
    Fields fields = row.fields;
    fields.emplace_back("Access-Control-Request-Method", "POST");
    const HttpResponse answer = preflight(row.target, fields);
    EXPECT_EQ(answer.status, 403) << row.what;
    expect_nothing_granted(answer, row.what);
    EXPECT_EQ(varies_by_origin(answer), row.target != std::string("/plain") && row.target != std::string("/nowhere"))
        << row.what;
  }
  for (const char* method : {"PUT", "DELETE", "PATCH", "post", "OPTIONS", "TRACE", "*", "", "POST, PUT", "X"}) {
    const HttpResponse answer =
        preflight("/riding", {{"Origin", app_origin}, {"Access-Control-Request-Method", method}});
    EXPECT_EQ(answer.status, 403) << method;
    expect_nothing_granted(answer, method);
  }
  const HttpResponse twice = preflight(
      "/shared",
      {{"Origin", app_origin}, {"Access-Control-Request-Method", "POST"}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(twice.status, 403);
  EXPECT_NE(service_.log().find("malicious_cors"), std::string::npos);
}

// OPTIONS that asks for nothing is no preflight: the answer of every path, and nobody's grant.
TEST_F(CorsTable, OptionsThatAskForNothing) {
  for (const Fields& fields : {Fields{}, Fields{{"Origin", "https://evil.example"}}, Fields{{"Origin", app_origin}},
                               Fields{{"Access-Control-Request-Method", "POST"}}}) {
    const HttpResponse answer = preflight("/plain", fields);
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.field("allow"), "OPTIONS, GET, HEAD, POST, PUT, PATCH, DELETE");
    expect_nothing_granted(answer, "OPTIONS");
  }
  const HttpResponse ours =
      preflight("/shared", {{"Origin", service_.origin()}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(ours.status, 204);
  expect_nothing_granted(ours, "a page of ours needs no grant");
}

TEST_F(CorsTable, Answers) {
  const std::string ours = service_.origin();
  const struct {
    const char* what;
    Request request;
    int status;
    std::string origin;  // granted
    bool credentials;
    bool varies;
  } rows[] = {
      {"read", {"GET", "/shared", {{"Origin", app_origin}}, {}}, 200, app_origin, false, true},
      {"head", {"HEAD", "/shared", {{"Origin", app_origin}}, {}}, 200, app_origin, false, true},
      {"write", {"POST", "/shared", {{"Origin", app_origin}}, {}}, 204, app_origin, false, true},
      {"write of the path's other list", {"PUT", "/shared", {{"Origin", app_origin}}, {}}, 403, "", false, true},
      {"read with a cookie",
       {"GET", "/riding", {{"Origin", app_origin}, {"Cookie", "a=b"}}, {}},
       200,
       app_origin,
       true,
       true},
      {"write with a cookie",
       {"POST", "/riding", {{"Origin", app_origin}, {"Cookie", "a=b"}}, {}},
       204,
       app_origin,
       true,
       true},
      {"write with a cookie that may not ride",
       {"POST", "/shared", {{"Origin", app_origin}, {"Cookie", "a=b"}}, {}},
       403,
       app_origin,
       false,
       true},
      {"10 KB of cookie",
       {"POST", "/riding", {{"Origin", app_origin}, {"Cookie", long_cookie}}, {}},
       204,
       app_origin,
       true,
       true},
      {"10 KB of cookie, foreign",
       {"POST", "/riding", {{"Origin", "https://evil.example"}, {"Cookie", long_cookie}}, {}},
       403,
       "",
       false,
       true},
      {"refused later: scripts may read why",
       {"GET", "/private", {{"Origin", app_origin}}, {}},
       401,
       app_origin,
       true,
       true},
      {"configured", {"GET", "/configured", {{"Origin", configured_origin}}, {}}, 200, configured_origin, true, true},
      {"not configured", {"GET", "/configured", {{"Origin", app_origin}}, {}}, 200, "", false, true},
      {"everybody", {"GET", "/open", {{"Origin", "https://evil.example"}}, {}}, 200, "*", false, true},
      {"wrong verb", {"DELETE", "/shared", {{"Origin", app_origin}}, {}}, 405, app_origin, false, true},
      {"wrong verb of one that no method names",
       {"DELETE", "/riding", {{"Origin", "https://evil.example"}}, {}},
       403,
       "",
       false,
       true},
      {"wrong verb, with a cookie",
       {"DELETE", "/riding", {{"Origin", app_origin}, {"Cookie", "a=b"}}, {}},
       405,
       app_origin,
       true,
       true},
      {"unknown path", {"GET", "/nowhere", {{"Origin", app_origin}}, {}}, 404, app_origin, true, true},
      {"unknown method", {"BREW", "/shared", {{"Origin", app_origin}}, {}}, 501, app_origin, false, true},
      {"everybody, with a cookie",
       {"GET", "/open", {{"Origin", "https://evil.example"}, {"Cookie", "a=b"}}, {}},
       200,
       "*",
       false,
       true},
      {"everybody but null", {"GET", "/open", {{"Origin", "null"}}, {}}, 200, "", false, true},
      {"no origin", {"GET", "/shared", {}, {}}, 200, "", false, true},
      {"ours", {"GET", "/shared", {{"Origin", ours}}, {}}, 200, "", false, true},
      {"ours by Sec-Fetch-Site",
       {"POST", "/plain", {{"Origin", "null"}, {"Sec-Fetch-Site", "same-origin"}, {"Cookie", "a=b"}}, {}},
       204,
       "",
       false,
       false},
      {"foreign read", {"GET", "/shared", {{"Origin", "https://evil.example"}}, {}}, 200, "", false, true},
      {"foreign read, null", {"GET", "/shared", {{"Origin", "null"}}, {}}, 200, "", false, true},
      {"foreign read, two",
       {"GET", "/shared", {{"Origin", app_origin}, {"Origin", app_origin}}, {}},
       200,
       "",
       false,
       true},
      {"foreign write", {"POST", "/shared", {{"Origin", "https://evil.example"}}, {}}, 403, "", false, true},
      {"foreign write, IPv6 zone",
       {"POST", "/shared", {{"Origin", "https://[fe80::1%25eth0]"}}, {}},
       403,
       "",
       false,
       true},
      {"foreign write, path", {"POST", "/shared", {{"Origin", "https://app.example/x"}}, {}}, 403, "", false, true},
      {"foreign write, two",
       {"POST", "/shared", {{"Origin", app_origin}, {"Origin", app_origin}}, {}},
       403,
       "",
       false,
       true},
      {"route without CORS", {"GET", "/plain", {{"Origin", app_origin}}, {}}, 200, "", false, false},
      {"trusted writes, and reads nothing",
       {"POST", "/plain", {{"Origin", trusted_origin}, {"Cookie", "a=b"}}, {}},
       204,
       "",
       false,
       false},
      {"scripts with fetch metadata",
       {"GET",
        "/shared",
        {{"Origin", app_origin},
         {"Sec-Fetch-Site", "cross-site"},
         {"Sec-Fetch-Mode", "cors"},
         {"Sec-Fetch-Dest", "empty"}},
        {}},
       200,
       app_origin,
       false,
       true},
      {"foreign scripts with fetch metadata",
       {"GET",
        "/shared",
        {{"Origin", "https://evil.example"},
         {"Sec-Fetch-Site", "cross-site"},
         {"Sec-Fetch-Mode", "cors"},
         {"Sec-Fetch-Dest", "empty"}},
        {}},
       403,
       "",
       false,
       true},
  };
  for (const auto& row : rows) {
    const HttpResponse answer = send(row.request);
    EXPECT_EQ(answer.status, row.status) << row.what;
    EXPECT_EQ(answer.field("access-control-allow-origin"), row.origin) << row.what;
    EXPECT_EQ(answer.field("access-control-allow-credentials"), row.credentials ? "true" : "") << row.what;
    for (const char* name : {"methods", "headers"})
      EXPECT_EQ(answer.count(std::string("access-control-allow-") + name), 0U) << row.what;
    const bool exposes = !row.origin.empty() && row.request.target == "/shared";
    EXPECT_EQ(answer.field("access-control-expose-headers"), exposes ? "x-total" : "") << row.what;
    EXPECT_EQ(varies_by_origin(answer), row.varies) << row.what;
  }
}

TEST(CorsLimits, PreflightsAreCounted) {
  TestService service(routes(), {}, [](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 3;
  });
  const Request granted{"OPTIONS", "/shared", {{"Origin", app_origin}, {"Access-Control-Request-Method", "POST"}}, {}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send_http1(service, granted).status, 204);
  EXPECT_EQ(send_http1(service, granted).status, 429);
}

TEST(CorsSettings, OnlyExactHttpsOrigins) {
  const auto finding = [](std::vector<std::string> origins, ops::Mode mode) {
    ops::Settings settings;
    settings.mode = mode;
    settings.cors.origins = origins;
    settings.csrf.trusted_origins = std::move(origins);
    ops::Findings findings;
    gate::check_origin_settings(settings, findings);
    if (findings.empty()) return std::string();
    EXPECT_EQ(findings.list().size(), 2U);
    EXPECT_EQ(findings.list()[0].code, "CFG-043");
    EXPECT_EQ(findings.list()[0].where, "cors.origins");
    EXPECT_EQ(findings.list()[1].where, "csrf.trusted_origins");
    EXPECT_EQ(findings.list()[0].reason, findings.list()[1].reason);
    return findings.list()[0].reason;
  };
  const auto production = ops::Mode::production;
  const auto development = ops::Mode::development;
  for (const char* good :
       {"https://app.example", "https://app.example:8443", "https://10.0.0.7", "https://[2001:db8::1]"}) {
    EXPECT_EQ(finding({good}, production), "") << good;
  }
  for (const char* local : {"http://localhost:3000", "http://127.0.0.1:3000", "http://localhost"}) {
    EXPECT_EQ(finding({local}, development), "") << local;
    EXPECT_EQ(finding({"https://app.example", local}, production), "entry 2 is not https") << local;
  }
  EXPECT_EQ(finding({"null"}, production), "entry 1 is null, which every sandboxed page sends");
  for (const char* pattern : {"*", "https://*.example", "https://app.example:*"}) {
    EXPECT_EQ(finding({pattern}, development), "entry 1 is a pattern: every origin is named exactly") << pattern;
  }
  EXPECT_EQ(finding({"http://app.example"}, development), "entry 1 is not https");
  EXPECT_EQ(finding({"http://localhost.evil.example"}, development), "entry 1 is not https");
  for (const char* wrong :
       {"", "app.example", ".app.example", "https://.app.example", "https://APP.example", "https://app.example/",
        "https://app.example:443", "https://app.example.", "https://a@app.example", "https://app.example?x",
        "https://[fe80::1%25eth0]", "file://", "https://"}) {
    EXPECT_TRUE(finding({wrong}, development).starts_with("entry 1 is no origin")) << wrong;
  }
}

}  // namespace
}  // namespace sallyport::testing::cross_site
