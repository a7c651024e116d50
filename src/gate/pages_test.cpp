// Pages as answers: their class, their nonce, and the page of an error.
#include "gate/pages.hpp"

#include "gate/headers.hpp"
#include "gate/refusal.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

TEST(Pages, WithoutScriptsHaveNoNonce) {
  testing::GateRequest request;
  Answer& answer = request.get("/").answer;
  answer_page(request.exchange, Page{.title = "A & B", .body = html<"<p>{}</p>">("<hello>"), .status = 201});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.kind, ResponseClass::document);
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_TRUE(answer.nonce.empty());
  EXPECT_NE(answer.body.find("<title>A &amp; B</title>"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("<p>&lt;hello&gt;</p>"), std::string::npos) << answer.body;
}

TEST(Pages, WithScriptsHaveANonceOfTheirOwnEachTime) {
  testing::GateRequest request;
  const Page page{.title = "A page", .scripts = {"/app.js"}};
  Answer& answer = request.get("/").answer;
  answer_page(request.exchange, page);
  const std::string first = answer.nonce;
  EXPECT_EQ(first.size(), nonce_length) << "the header block counts with it";
  EXPECT_EQ(answer.kind, ResponseClass::document_with_scripts);
  EXPECT_NE(answer.body.find("nonce=\"" + first + "\""), std::string::npos) << answer.body;
  answer_page(request.exchange, page);
  EXPECT_NE(answer.nonce, first);
}

TEST(Pages, SayTheIntegrityOfWhatTheyLoad) {
  testing::GateRequest request;
  request.site.rules.integrity = {{"/app.js", "sha384-abc"}};
  answer_page(request.get("/"), Page{.title = "A page", .scripts = {"/app.js", "/other.js"}});
  const std::string& body = request.exchange.answer.body;
  EXPECT_NE(body.find("integrity=\"sha384-abc\""), std::string::npos) << body;
  EXPECT_EQ(body.find("integrity=", body.find("/other.js")), std::string::npos) << body;
}

TEST(Pages, OfAnErrorSayItsWordsAndTheRequestsId) {
  const Problem problem(410, "Gone for good", "Look elsewhere.");
  const Page page = error_page(problem, "0b1c");
  EXPECT_EQ(page.status, 410);
  EXPECT_EQ(page.title, "Gone for good");
  EXPECT_FALSE(page.has_scripts());
  testing::GateRequest request;
  answer_page(request.get("/"), page);
  EXPECT_NE(request.exchange.answer.body.find("<main><h1>Gone for good</h1><p>Look elsewhere.</p><p><a href=\"/\">"),
            std::string::npos);
  EXPECT_NE(request.exchange.answer.body.find("request 0b1c</small>"), std::string::npos);
}

TEST(Pages, OfTheFrameworksErrorsSpeakToThePerson) {
  EXPECT_EQ(error_page(problems::not_found, "0b1c").title, "There is no such page");
  EXPECT_EQ(error_page(problems::internal, "0b1c").title, "Something went wrong here");
  EXPECT_EQ(error_page(Problem(404, "No such note"), "0b1c").title, "No such note") << "the application's own words";
}

// The policy names the style by its hash: one that was changed alone would not be applied.
TEST(Pages, OfAnErrorMayUseTheirStyleAndNothingElse) {
  testing::GateRequest request;
  answer_error_page(request.get("/"), problems::not_found);
  const Answer& answer = request.exchange.answer;
  EXPECT_EQ(answer.kind, ResponseClass::error_page);
  EXPECT_EQ(answer.status, 404);
  EXPECT_NE(answer.body.find("<style>" + std::string(error_page_style()) + "</style>"), std::string::npos);
  const std::string block = HeaderBlocks(HeaderContext{.tls = true}).of(ResponseClass::error_page).lines;
  EXPECT_NE(block.find("script-src 'none'; style-src 'sha256-"), std::string::npos) << block;
  EXPECT_NE(block.find("X-Frame-Options: DENY"), std::string::npos) << block;
}

Page own_page(const ErrorFacts& facts) {
  return Page{.title = "Sorry", .body = html<"<p>{} {}</p>">(facts.title, facts.request), .status = 200};
}
Page no_page(const ErrorFacts&) { throw 1; }

TEST(Pages, OfTheApplicationsOwnForAnErrorKeepItsStatus) {
  testing::GateRequest request;
  request.site.rules.error_page = own_page;
  answer_error_page(request.get("/"), problems::not_found);
  EXPECT_EQ(request.exchange.answer.status, 404) << "whatever the page says";
  EXPECT_EQ(request.exchange.answer.kind, ResponseClass::document);
  EXPECT_NE(request.exchange.answer.body.find("<p>Not Found "), std::string::npos);
  request.site.rules.error_page = no_page;
  answer_error_page(request.get("/"), problems::not_found);
  EXPECT_NE(request.exchange.answer.body.find("There is no such page"), std::string::npos) << "the framework's, then";
}

}  // namespace
}  // namespace sallyport::gate
