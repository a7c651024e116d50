// Browsers' reports of violated policies: what becomes a security event, and what does not.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::testing {
namespace {

class Reports : public ::testing::Test {
 protected:
  SmallService service;

  int report(const std::string& body, const std::string& type = "application/reports+json") {
    return service.browser().send("POST", "/.well-known/reports", type, body).status;
  }
  int events() {
    const std::string log = service.log();
    int count = 0;
    for (std::size_t at = log.find("malicious_csp_violation"); at != log.npos;
         at = log.find("malicious_csp_violation", at + 1))
      ++count;
    return count;
  }
};

TEST_F(Reports, OfTheReportingApi) {
  EXPECT_EQ(report(R"([{"type":"csp-violation","age":1,"url":"https://notes.example/","user_agent":"x",
      "body":{"documentURL":"https://notes.example/page?token=secret#fragment","effectiveDirective":"script-src-elem",
      "blockedURL":"https://evil.example/x.js?stolen=cookie","disposition":"enforce"}}])"),
            204);
  const std::string log = service.log();
  EXPECT_NE(log.find("script-src-elem blocked https://evil.example on https://notes.example\""), log.npos) << log;
  EXPECT_EQ(log.find("secret"), log.npos) << "queries hold secrets";
  EXPECT_EQ(log.find("stolen"), log.npos);
}

TEST_F(Reports, OfOlderBrowsers) {
  EXPECT_EQ(report(R"({"csp-report":{"document-uri":"https://notes.example/","effective-directive":"img-src",
      "blocked-uri":"inline"}})",
                   "application/csp-report"),
            204);
  EXPECT_NE(service.log().find("img-src blocked inline on https://notes.example\""), std::string::npos);
}

TEST_F(Reports, AreHearsay) {
  EXPECT_EQ(report("not json"), 400);
  EXPECT_EQ(report(""), 400);
  EXPECT_EQ(report(R"({"csp-report":)"), 400);
  EXPECT_EQ(report(R"([1, "x", null, {"body":7}, {}])"), 204);
  EXPECT_EQ(report(std::string(70'000, ' ')), 413);
  EXPECT_EQ(report(std::string(60'000, '[')), 400) << "depth is bounded";
  // What forges a log line elsewhere.
  EXPECT_EQ(
      report(
          R"({"csp-report":{"effective-directive":"x\"}\n{\"event\":\"authn_login_success\"","blocked-uri":"\u2028"}})"),
      204);
  const std::string log = service.log();
  EXPECT_EQ(log.find("\"event\":\"authn_login_success\""), log.npos);
}

TEST_F(Reports, AreBounded) {
  std::string many = "[";
  for (int i = 0; i < 500; ++i) many += R"({"body":{"effectiveDirective":"img-src"}},)";
  many.back() = ']';
  EXPECT_EQ(report(many), 204);
  EXPECT_EQ(events(), 20) << "of one request";
  int admitted = 1;
  while (admitted < 200 && report("[]") == 204) ++admitted;
  EXPECT_EQ(admitted, 60) << "their own limit";
  EXPECT_EQ(service.browser().get("/").status, 200) << "which is nobody else's";
}

TEST_F(Reports, OnlyFromOurOwnPages) {
  EXPECT_EQ(service.browser()
                .send("POST", "/.well-known/reports", "application/csp-report", "{}",
                      "Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example\r\n")
                .status,
            403);
}

}  // namespace
}  // namespace sallyport::testing
