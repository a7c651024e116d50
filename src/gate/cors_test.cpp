// What other sites' pages may do: preflights, grants, and the changes that are stopped.
#include <sallyport/cors.hpp>

#include "gate/checks.hpp"
#include "gate/cors.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::gate {
namespace {

using Facts = sallyport::detail::CorsFacts;

class Cors : public ::testing::Test {
 protected:
  // What the route says; `open_` null: nothing.
  Exchange& request(const std::string& fields, const std::string& method = "POST") {
    Exchange& exchange = request_.parse(method + " / HTTP/1.1\r\nHost: notes.example\r\n" + fields + "\r\n");
    facts_.cors = open_;
    exchange.facts = &facts_;
    return exchange;
  }
  bool passes(const std::string& fields, const std::string& method = "POST") {
    Exchange& exchange = request(fields, method);
    const bool on = cors(exchange);
    EXPECT_EQ(exchange.answer.status, on ? 0 : 403) << fields;
    return on;
  }
  // The status of the answer to a preflight.
  int preflight(const std::string& fields) {
    Exchange& exchange = request(fields, "OPTIONS");
    exchange.preflight = true;
    EXPECT_FALSE(cors(exchange)) << "a preflight is answered here";
    return exchange.answer.status;
  }
  [[nodiscard]] const CorsGrant& grant() const { return request_.exchange.cors; }

  static constexpr std::array<std::string_view, 2> origins{"https://app.example", "https://other.example"};
  const Facts listed_{.kind = Facts::Origins::listed,
                      .credentials = true,
                      .origins = origins,
                      .headers = "content-type, x-note",
                      .expose = "x-total"};
  const Facts configured_{
      .kind = Facts::Origins::configured, .credentials = false, .origins = {}, .headers = {}, .expose = {}};
  const Facts any_{.kind = Facts::Origins::any, .credentials = false, .origins = {}, .headers = {}, .expose = {}};
  const Facts* open_ = nullptr;
  testing::GateRequest request_;
  RouteFacts facts_;
};

TEST_F(Cors, StopsChangesOfOtherOriginsWhereTheRouteSaysNothing) {
  EXPECT_FALSE(passes("Origin: https://app.example\r\n"));
  EXPECT_FALSE(passes("Origin: null\r\n"));
  EXPECT_FALSE(passes("Origin: https://notes.example\r\nOrigin: https://notes.example\r\n"));
  EXPECT_NE(request_.logged().find("\"event\":\"malicious_cors\""), std::string::npos);
  EXPECT_TRUE(passes("")) << "no browser, or our own page";
  EXPECT_TRUE(passes("Origin: https://notes.example\r\n"));
  for (const std::string method : {"GET", "HEAD", "OPTIONS"}) {
    EXPECT_TRUE(passes("Origin: https://app.example\r\n", method)) << method;
    EXPECT_TRUE(grant().origin.empty()) << "the browser keeps the answer to itself";
  }
}

TEST_F(Cors, TheBrowsersWordForOurOwnPagesComesFirst) {
  EXPECT_TRUE(passes("Origin: null\r\nSec-Fetch-Site: same-origin\r\n"));
  EXPECT_TRUE(passes("Origin: null\r\nSec-Fetch-Site: none\r\n"));
  EXPECT_FALSE(passes("Origin: null\r\nSec-Fetch-Site: same-site\r\n"));
  EXPECT_FALSE(passes("Origin: null\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Site: same-origin\r\n"));
}

TEST_F(Cors, LeavesTheOriginsThatTheOperatorTrustsToTheNextSteps) {
  request_.site.rules.trusted_origins = {"https://app.example"};
  EXPECT_TRUE(passes("Origin: https://app.example\r\n"));
  EXPECT_TRUE(grant().origin.empty()) << "to act is not to read";
  EXPECT_FALSE(passes("Origin: https://app.example\r\nOrigin: https://app.example\r\n"));
}

TEST_F(Cors, GrantsWhatTheRouteListsToTheByte) {
  open_ = &listed_;
  EXPECT_TRUE(passes("Origin: https://app.example\r\n"));
  EXPECT_EQ(grant().origin, "https://app.example");
  EXPECT_TRUE(grant().credentials);
  EXPECT_FALSE(grant().any);
  EXPECT_EQ(grant().expose, "x-total");
  EXPECT_FALSE(grant().preflight);
  EXPECT_TRUE(passes("Origin: https://other.example\r\n"));
  for (const std::string origin :
       {"https://APP.example", "http://app.example", "https://app.example:443", "https://app.example/",
        "https://app.example.evil.example", "https://xapp.example", "https://app.example, https://app.example"})
    EXPECT_FALSE(passes("Origin: " + origin + "\r\n")) << origin;
  EXPECT_FALSE(passes("Origin: https://app.example\r\nOrigin: https://app.example\r\n"));
}

TEST_F(Cors, GrantsWhatTheSettingsList) {
  open_ = &configured_;
  EXPECT_FALSE(passes("Origin: https://app.example\r\n"));
  request_.site.rules.cors_origins = {"https://app.example"};
  EXPECT_TRUE(passes("Origin: https://app.example\r\n"));
  EXPECT_EQ(grant().origin, "https://app.example");
  EXPECT_FALSE(grant().credentials);
}

TEST_F(Cors, AnyOriginIsOneThatABrowserCanHave) {
  open_ = &any_;
  EXPECT_TRUE(passes("Origin: https://who.example:8443\r\n"));
  EXPECT_EQ(grant().origin, "*");
  EXPECT_TRUE(grant().any);
  EXPECT_FALSE(passes("Origin: null\r\n"));
  EXPECT_FALSE(passes("Origin: https://who.example/path\r\n"));
}

TEST_F(Cors, AnswersPreflights) {
  open_ = &listed_;
  EXPECT_EQ(preflight("Origin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\n"
                      "Access-Control-Request-Headers: X-Note ,\tcontent-type\r\n"),
            204);
  EXPECT_EQ(grant().origin, "https://app.example");
  EXPECT_TRUE(grant().preflight);
  EXPECT_EQ(grant().methods, "PUT");
  EXPECT_EQ(grant().headers, "content-type, x-note");
  EXPECT_EQ(grant().expose, "") << "is of answers that are read";
  EXPECT_EQ(preflight("Origin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\n"
                      "Access-Control-Request-Headers: \r\n"),
            204);
}

TEST_F(Cors, RefusesPreflightsThatAskForMore) {
  const std::string app = "Origin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\n";
  EXPECT_EQ(preflight(app), 403) << "the route says nothing";
  open_ = &listed_;
  EXPECT_EQ(preflight(app), 204);
  EXPECT_EQ(preflight("Origin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\n"), 403);
  EXPECT_EQ(preflight(app + "Access-Control-Request-Method: PUT\r\n"), 403);
  EXPECT_EQ(preflight(app + "Access-Control-Request-Headers: x-other\r\n"), 403);
  EXPECT_EQ(preflight(app + "Access-Control-Request-Headers: x-note, x-other\r\n"), 403);
  EXPECT_EQ(preflight(app + "Access-Control-Request-Headers: x-note,\r\n"), 403);
  EXPECT_EQ(preflight(app + "Access-Control-Request-Headers: x-note\r\nAccess-Control-Request-Headers: x-note\r\n"),
            403);
  EXPECT_TRUE(grant().origin.empty());
}

// --- The settings that name origins

// Codes, settings and texts of what stands against these origins, each named in both settings.
std::string findings_of(std::vector<std::string> origins, ops::Mode mode = ops::Mode::production) {
  ops::Settings settings = testing::notes_settings();
  settings.mode = mode;
  settings.cors.origins = origins;
  settings.csrf.trusted_origins = std::move(origins);
  ops::Findings findings;
  check_origin_settings(settings, findings);
  std::string text;
  for (const ops::Finding& finding : findings.list()) {
    text.append(finding.code).append(" ").append(finding.where).append(": ").append(finding.reason).append("\n");
  }
  return text;
}

TEST(OriginSettings, AreExactOriginsOfHttps) {
  EXPECT_EQ(findings_of({"https://app.example", "https://app.example:8443", "https://192.0.2.1"}), "");
  EXPECT_EQ(findings_of({"https://app.example", "null"}),
            "CFG-043 cors.origins: entry 2 is null, which every sandboxed page sends\n"
            "CFG-043 csrf.trusted_origins: entry 2 is null, which every sandboxed page sends\n");
  for (const std::string pattern : {"*", "https://*.example"}) {
    EXPECT_NE(findings_of({pattern}).find("entry 1 is a pattern: every origin is named exactly"), std::string::npos);
  }
  for (const std::string odd :
       {"app.example", "https://app.example/", "https://App.example", "https://app.example:443"})
    EXPECT_NE(findings_of({odd}).find("entry 1 is no origin as a browser sends it"), std::string::npos) << odd;
}

TEST(OriginSettings, InDevelopmentTheOwnMachineMayGoWithoutTls) {
  for (const std::string own : {"http://localhost:5173", "http://127.0.0.1:5173", "http://localhost"}) {
    EXPECT_EQ(findings_of({own}, ops::Mode::development), "") << own;
    EXPECT_NE(findings_of({own}).find("entry 1 is not https"), std::string::npos) << own;
  }
  EXPECT_NE(findings_of({"http://app.example"}, ops::Mode::development).find("entry 1 is not https"),
            std::string::npos);
}

}  // namespace
}  // namespace sallyport::gate
