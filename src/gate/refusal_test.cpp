// Error answers: what they say, to whom, and what they leave of the answer before.
#include "gate/refusal.hpp"

#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

TEST(Refusal, IsProblemDetailsWithTheRequestsId) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/");
  refuse(exchange, problems::not_found);
  EXPECT_EQ(exchange.answer.status, 404);
  EXPECT_EQ(exchange.answer.content_type, "application/problem+json");
  EXPECT_EQ(exchange.answer.kind, ResponseClass::api);
  EXPECT_EQ(exchange.answer.body, R"({"type":"about:blank","title":"Not Found","status":404,"instance":"urn:uuid:)" +
                                      std::string(exchange.id()) + "\"}");
}

TEST(Refusal, SaysTheDetailAndTheErrorsOfInput) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/");
  refuse_invalid(exchange, problems::invalid_input, R"([{"pointer":"/title"}])");
  EXPECT_EQ(
      exchange.answer.body,
      R"({"type":"about:blank","title":"Invalid input","status":400,"detail":"See errors: each names a member of )"
      R"(the input and what is wrong with it.","instance":"urn:uuid:)" +
          std::string(exchange.id()) + R"(","errors":[{"pointer":"/title"}]})");
}

TEST(Refusal, IsAPageForADocument) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/", "Sec-Fetch-Dest: document\r\n");
  refuse(exchange, problems::forbidden);
  EXPECT_EQ(exchange.answer.status, 403);
  EXPECT_EQ(exchange.answer.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(exchange.answer.kind, ResponseClass::error_page);
  EXPECT_NE(exchange.answer.body.find("<h1>This is not open to you</h1>"), std::string::npos) << exchange.answer.body;
  EXPECT_NE(exchange.answer.body.find(exchange.id()), std::string::npos) << exchange.answer.body;

  refuse(request.get("/", "Sec-Fetch-Dest: empty\r\nAccept: text/html\r\n"), problems::forbidden);
  EXPECT_EQ(request.exchange.answer.content_type, "application/problem+json") << "a script asked";
  refuse(request.get("/", "Accept: text/html,*/*;q=0.8\r\n"), problems::forbidden);
  EXPECT_EQ(request.exchange.answer.content_type, "text/html; charset=utf-8") << "a browser from before Sec-Fetch";
}

TEST(Refusal, NothingOfAnAnswerBeforeItGoesOut) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/");
  exchange.answer.status = 200;
  exchange.answer.body = "a secret";
  exchange.answer.fixed_body = "another";
  exchange.answer.cookies.push_back("session=x");
  exchange.answer.fields.push_back({"X-Own", "y"});
  exchange.answer.location = "/z";
  exchange.answer.source = BodySource::pieces;
  exchange.answer.length = 10;
  exchange.answer.retry_after = 7;
  exchange.answer.close = true;
  refuse(exchange, problems::internal);
  EXPECT_EQ(exchange.answer.bytes().find("secret"), std::string::npos);
  EXPECT_TRUE(exchange.answer.bytes().starts_with("{\"type\""));
  EXPECT_TRUE(exchange.answer.cookies.empty());
  EXPECT_TRUE(exchange.answer.fields.empty());
  EXPECT_TRUE(exchange.answer.location.empty());
  EXPECT_EQ(exchange.answer.source, BodySource::memory);
  EXPECT_FALSE(exchange.answer.length);
  EXPECT_EQ(exchange.answer.retry_after, 0U);
  EXPECT_TRUE(exchange.answer.close) << "but a connection that is to end still ends";
}

TEST(Refusal, SaysWhenToComeAgain) {
  testing::GateRequest request;
  refuse_until(request.get("/"), problems::busy, 30);
  EXPECT_EQ(request.exchange.answer.status, 503);
  EXPECT_EQ(request.exchange.answer.retry_after, 30U);
}

TEST(Refusal, EachStatusOfTheWireHasItsProblem) {
  for (const int status : {400, 401, 403, 404, 405, 408, 409, 413, 414, 417, 421, 429, 431, 500, 501, 503, 505}) {
    EXPECT_EQ(problem_for(status).status(), status);
  }
  EXPECT_EQ(problem_for(499).status(), 400);
  EXPECT_EQ(problem_for(599).status(), 500);
}

}  // namespace
}  // namespace sallyport::gate
