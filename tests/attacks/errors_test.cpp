// Errors: whatever goes wrong inside, the client learns a status and an id, the log the cause.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

namespace sallyport::testing {
namespace {

class ForcedException : public ::testing::TestWithParam<const char*> {};

TEST_P(ForcedException, TextDoesNotReachTheClient) {
  SmallService service;
  const auto answer = service.browser().get(GetParam());
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  EXPECT_EQ(answer.body.find("canary"), std::string::npos);
  EXPECT_EQ(answer.body.find("10.1.2.3"), std::string::npos);
  for (const auto& [name, value] : answer.fields) EXPECT_EQ(value.find("canary"), std::string::npos) << name;
  const std::size_t at = answer.body.find("urn:uuid:");
  ASSERT_NE(at, std::string::npos);
  const std::string id = answer.body.substr(at + 9, 36);
  const std::string log = service.log();
  EXPECT_NE(log.find(id), std::string::npos) << "the id leads to the log";
  EXPECT_EQ(service.browser().get("/").status, 200) << "the process lives";
}

INSTANTIATE_TEST_SUITE_P(All, ForcedException,
                         ::testing::Values("/throw", "/throw-later", "/throw-int", "/out-of-memory"));

TEST(Errors, CauseIsInTheLog) {
  SmallService service;
  static_cast<void>(service.browser().get("/throw"));
  EXPECT_NE(service.log().find("canary at 10.1.2.3 in /srv/app.cpp"), std::string::npos);
}

TEST(Errors, ThrownProblemIsTheAnswer) {
  SmallService service;
  const auto answer = service.browser().get("/throw-problem");
  EXPECT_EQ(answer.status, 410);
  EXPECT_NE(answer.body.find(R"("title":"Gone for good")"), std::string::npos);
}

TEST(Errors, BrowserGetsAPage) {
  SmallService service;
  const auto answer = service.browser().get(
      "/throw", "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r\n");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(answer.body.find("canary"), std::string::npos);
  EXPECT_NE(answer.field("content-security-policy").find("script-src 'none'"), std::string::npos);
}

TEST(Errors, ResponseSplitting) {
  SmallService service;
  Browser browser = service.browser();
  EXPECT_EQ(browser.get("/header?a=fine").field("x-note"), "fine");
  const auto split = browser.get("/header?a=x%0d%0aSet-Cookie:%20a=b");
  EXPECT_EQ(split.status, 500);
  EXPECT_EQ(split.count("set-cookie"), 0U);
}

TEST(Errors, AllMembersAtOnce) {
  SmallService service;
  const auto answer = service.browser().post_json("/echo", R"({"title":"","extra":1,"body":7})");
  EXPECT_EQ(answer.status, 400);
  for (const char* error : {R"({"pointer":"/title","code":"too_short"})", R"({"pointer":"/extra","code":"unknown"})",
                            R"({"pointer":"/body","code":"type"})"}) {
    EXPECT_NE(answer.body.find(error), std::string::npos) << error << " in " << answer.body;
  }
}

TEST(Pages, NonceIsInPolicyAndScriptAndNew) {
  SmallService service;
  Browser browser = service.browser();
  const auto nonce_of = [](const HttpResponse& page) {
    const std::string policy = page.field("content-security-policy");
    const std::size_t at = policy.find("'nonce-");
    return at == policy.npos ? std::string() : policy.substr(at + 7, 24);
  };
  const auto first = browser.get("/page");
  const auto second = browser.get("/page");
  ASSERT_EQ(nonce_of(first).size(), 24U);
  EXPECT_NE(nonce_of(first), nonce_of(second));
  EXPECT_NE(first.body.find("nonce=\"" + nonce_of(first) + "\""), std::string::npos);
  EXPECT_NE(first.body.find("<h1>&lt;hello&gt;</h1>"), std::string::npos);
  EXPECT_NE(browser.get("/plain-page").field("content-security-policy").find("script-src 'none'"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::testing
