// Requests that change state: who may send them, and what a site may decide otherwise.
#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sallyport::gate {
namespace {

constexpr std::string_view cookie = "Cookie: a=b\r\n";

class Csrf : public ::testing::Test {
 protected:
  bool passes(const std::string& fields, const std::string& method = "POST") {
    Exchange& exchange = request_.parse(method + " / HTTP/1.1\r\nHost: notes.example\r\n" + fields + "\r\n");
    exchange.facts = &facts_;
    const bool on = csrf(exchange);
    EXPECT_EQ(exchange.answer.status, on ? 0 : 403) << fields;
    return on;
  }
  bool passes_with_cookie(const std::string& fields) { return passes(std::string(cookie) + fields); }

  sallyport::testing::GateRequest request_;
  RouteFacts facts_;
};

// A browser's Origin never says the scheme's own port, while another client may say it in Host.
TEST_F(Csrf, KnowsItsOwnPageWhateverWayHostNamesThePort) {
  for (const std::string host : {"notes.example", "notes.example:443", "notes.example:"}) {
    Exchange& exchange = request_.parse("POST / HTTP/1.1\r\nHost: www." + host + "\r\n" + std::string(cookie) +
                                        "Sec-Fetch-Site: same-origin\r\nOrigin: https://www.notes.example\r\n\r\n");
    exchange.facts = &facts_;
    EXPECT_TRUE(csrf(exchange)) << host;
  }
}

TEST_F(Csrf, JudgesChangesThatCarryACookie) {
  struct Case {
    std::string fields;
    bool passes;
  };
  const Case cases[] = {
      {"Sec-Fetch-Site: same-origin\r\n", true},
      {"Sec-Fetch-Site: none\r\n", true},
      {"Sec-Fetch-Site: same-site\r\n", false},
      {"Sec-Fetch-Site: cross-site\r\n", false},
      {"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: same-origin\r\n", false},
      {"Sec-Fetch-Site: cross-site\r\nOrigin: https://notes.example\r\n", false},
      {"Origin: https://notes.example\r\n", true},
      {"Origin: http://notes.example\r\n", false},
      {"Origin: https://notes.example:8443\r\n", false},
      {"Origin: https://notes.example.evil.example\r\n", false},
      {"Origin: null\r\n", false},
      {"Origin: https://notes.example\r\nOrigin: https://notes.example\r\n", false},
      {"", false},
      {"X-CSRF-Token: a\r\n", false},
  };
  for (const Case& c : cases) EXPECT_EQ(passes_with_cookie(c.fields), c.passes) << c.fields;
}

TEST_F(Csrf, LetsBeWhatCanNotBeUsed) {
  EXPECT_TRUE(passes("Sec-Fetch-Site: cross-site\r\n")) << "nothing that the browser added";
  for (const std::string method : {"GET", "HEAD", "OPTIONS"})
    EXPECT_TRUE(passes(std::string(cookie) + "Sec-Fetch-Site: cross-site\r\n", method)) << method;
  for (const std::string method : {"PUT", "PATCH", "DELETE", "UNKNOWN"})
    EXPECT_FALSE(passes(std::string(cookie) + "Sec-Fetch-Site: cross-site\r\n", method)) << method;
}

TEST_F(Csrf, JudgesSignInsWithoutACookie) {
  facts_.begins_session = true;
  EXPECT_FALSE(passes("Sec-Fetch-Site: cross-site\r\n"));
}

TEST_F(Csrf, TakesTheOriginsThatTheOperatorNames) {
  request_.site.rules.trusted_origins = {"https://app.example"};
  EXPECT_TRUE(passes_with_cookie("Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example\r\n"));
  EXPECT_TRUE(passes_with_cookie("Origin: https://app.example\r\n"));
  EXPECT_FALSE(passes_with_cookie("Origin: https://other.example\r\n"));
  EXPECT_FALSE(passes_with_cookie("Origin: https://app.example\r\nOrigin: https://app.example\r\n"));
}

TEST_F(Csrf, ASiteMaySayWhatIsAmbient) {
  request_.site.ambient_authority = [](const Exchange& exchange) {
    return exchange.head.has(http::KnownHeader::authorization);
  };
  EXPECT_FALSE(passes("Authorization: Basic eDp5\r\nSec-Fetch-Site: cross-site\r\n"));
  EXPECT_TRUE(passes_with_cookie("Sec-Fetch-Site: cross-site\r\n"));
}

TEST_F(Csrf, ASiteMaySayWhosePagesItTrusts) {
  request_.site.rules.trusted_origins = {"https://app.example"};
  request_.site.trusted_pages = [](std::string_view origin) { return origin == "https://granted.example"; };
  EXPECT_TRUE(passes_with_cookie("Sec-Fetch-Site: cross-site\r\nOrigin: https://granted.example\r\n"));
  EXPECT_FALSE(passes_with_cookie("Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example\r\n"));
  EXPECT_TRUE(passes_with_cookie("Origin: https://notes.example\r\n")) << "our own always are";
}

}  // namespace
}  // namespace sallyport::gate
