// The port without TLS: where pages are sent, and what is not sent anywhere.
#include "gate/checks.hpp"
#include "gate/limits.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

ops::Settings with_a_burst_of_50() {
  ops::Settings settings = testing::notes_settings();
  settings.limits.general_per_second = 1;
  settings.limits.general_burst = 50;
  return settings;
}

class HttpsOnly : public ::testing::Test {
 protected:
  HttpsOnly() { exchange_.redirect_listener = true; }

  /// The status, and for a redirect where it goes.
  std::string answer(const std::string& line, const std::string& fields = "Accept: text/html\r\n") {
    request_.parse(line + " HTTP/1.1\r\nHost: evil.example\r\n" + fields + "\r\n");
    if (path_shape(exchange_) && general_limit(exchange_) == Outcome::next && https_only(exchange_)) return "on";
    const Answer& answer = exchange_.answer;
    EXPECT_TRUE(answer.cookies.empty());
    EXPECT_EQ(answer.bytes().empty(), answer.status == 308);
    EXPECT_EQ(answer.location.empty(), answer.status != 308);
    return std::to_string(answer.status) + (answer.status == 308 ? " " + answer.location : "");
  }

  testing::GateRequest request_{with_a_burst_of_50()};
  Exchange& exchange_ = request_.exchange;
};

TEST_F(HttpsOnly, SendsPagesToTheCanonicalOrigin) {
  EXPECT_EQ(answer("GET /"), "308 https://notes.example/");
  EXPECT_EQ(answer("HEAD /a/b/"), "308 https://notes.example/a/b/");
  EXPECT_EQ(answer("GET /a%20b?x=1&next=//evil.example/"), "308 https://notes.example/a%20b?x=1&next=//evil.example/");
  EXPECT_EQ(answer("GET /a?b={c|d}^`\\e"), "308 https://notes.example/a?b=%7Bc%7Cd%7D%5E%60%5Ce");
  EXPECT_EQ(answer("GET /a?"), "308 https://notes.example/a?");
  EXPECT_EQ(answer("GET /a", "Sec-Fetch-Dest: document\r\n"), "308 https://notes.example/a");
}

TEST_F(HttpsOnly, NeverSendsElsewhere) {
  EXPECT_EQ(answer("GET http://evil.example/a"), "308 https://notes.example/a");
  EXPECT_EQ(answer("GET http://evil.example"), "308 https://notes.example/");
  EXPECT_EQ(answer("GET http://evil.example?a"), "308 https://notes.example/?a");
  EXPECT_EQ(answer("GET /@evil.example"), "308 https://notes.example/@evil.example");
  EXPECT_EQ(answer("GET /.evil.example"), "308 https://notes.example/.evil.example");
  for (const std::string path : {"//evil.example", "///evil.example", "/%2fevil.example", "/%5cevil.example", "/../a",
                                 "/%0d%0aSet-Cookie:a=b", "http://evil.example//a"}) {
    EXPECT_EQ(answer("GET " + path), "400") << path;
  }
}

TEST_F(HttpsOnly, TellsEverythingElseToUseHttps) {
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"}) {
    EXPECT_EQ(answer(method + " /"), "400") << method;
    EXPECT_TRUE(exchange_.answer.close);
  }
  EXPECT_EQ(answer("OPTIONS *"), "400");
  for (const std::string fields : {"", "Accept: */*\r\n", "Accept: application/json\r\n", "Sec-Fetch-Dest: empty\r\n",
                                   "Sec-Fetch-Dest: empty\r\nAccept: text/html\r\n", "Sec-Fetch-Dest: image\r\n"}) {
    EXPECT_EQ(answer("GET /", fields), "400") << fields;
    EXPECT_NE(exchange_.answer.body.find("Use https"), std::string::npos);
  }
}

TEST_F(HttpsOnly, IsCountedByTheGeneralLimit) {
  for (int i = 0; i < 50; ++i) answer("GET /");
  EXPECT_EQ(answer("GET /"), "429");
}

TEST_F(HttpsOnly, LetsOtherListenersBe) {
  exchange_.redirect_listener = false;
  EXPECT_EQ(answer("GET /"), "on");
  EXPECT_EQ(answer("POST /", ""), "on");
}

}  // namespace
}  // namespace sallyport::gate
