// The port without TLS: where pages are sent, and what is not sent anywhere.
#include "gate/checks.hpp"

#include "route/service.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sallyport::gate {
namespace {

class QuietLoop final : public net::Loop {
 public:
  QuietLoop(const base::Clock& the_clock, ops::LogBuffer& log) : net::Loop(the_clock), gate(*this, log) {}
  gate::Loop gate;
  void post(detail::Job&) noexcept override {}
};

class Nobody final : public ExchangeOwner {
  void exchange_moved(Exchange&) noexcept override {}
  std::shared_ptr<void> keep_alive() noexcept override { return {}; }
};

class HttpsOnly : public ::testing::Test {
 protected:
  HttpsOnly() : log_(ops::Log::open({.file = "/dev/null"}, clock_, findings_)) {
    ops::Settings settings;
    settings.server.origin = "https://notes.example";
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 50;
    service_ = std::make_unique<route::Service>(settings, Router(), definition_, clock_, findings_);
    loop_ = std::make_unique<QuietLoop>(clock_, log_->new_buffer());
    exchange_ =
        std::make_unique<Exchange>(*service_, service_->rules, loop_->gate, nobody_, base::IpAddress::v4(192, 0, 2, 1));
    exchange_->redirect_listener = true;
    exchange_->started = clock_.now();
  }

  /// The status, and for a redirect where it goes.
  std::string answer(const std::string& line, const std::string& fields = "Accept: text/html\r\n") {
    exchange_->reset();
    bytes_ = line + " HTTP/1.1\r\nHost: evil.example\r\n" + fields + "\r\n";
    EXPECT_EQ(http::parse_request_head(bytes_, exchange_->head).state, http::ParseResult::State::complete) << line;
    if (path_shape(*exchange_)) {
      collect_general_limit(*exchange_);
      if (decide_limits(*exchange_) && https_only(*exchange_)) return "on";
    }
    const Answer& answer = exchange_->answer;
    EXPECT_TRUE(answer.cookies.empty());
    EXPECT_EQ(answer.bytes().empty(), answer.status == 308);
    EXPECT_EQ(answer.location.empty(), answer.status != 308);
    return std::to_string(answer.status) + (answer.status == 308 ? " " + answer.location : "");
  }

  base::ManualClock clock_;
  ops::Findings findings_;
  detail::AppDefinition definition_;
  std::unique_ptr<ops::Log> log_;
  std::unique_ptr<route::Service> service_;
  std::unique_ptr<QuietLoop> loop_;
  Nobody nobody_;
  std::string bytes_;
  std::unique_ptr<Exchange> exchange_;
};

TEST_F(HttpsOnly, SendsPagesToTheCanonicalOrigin) {
  EXPECT_EQ(answer("GET /"), "308 https://notes.example/");
  EXPECT_EQ(answer("HEAD /a/b/"), "308 https://notes.example/a/b/");
  EXPECT_EQ(answer("GET /a%20b?x=1&next=//evil.example/"), "308 https://notes.example/a%20b?x=1&next=//evil.example/");
  EXPECT_EQ(answer("GET /a?"), "308 https://notes.example/a?");
  EXPECT_EQ(answer("GET /a", "Sec-Fetch-Dest: document\r\n"), "308 https://notes.example/a");
}

TEST_F(HttpsOnly, NeverSendsElsewhere) {
  EXPECT_EQ(answer("GET http://evil.example/a"), "308 https://notes.example/a");
  EXPECT_EQ(answer("GET http://evil.example"), "308 https://notes.example/");
  EXPECT_EQ(answer("GET http://evil.example?a"), "308 https://notes.example/?a");
  EXPECT_EQ(answer("GET /@evil.example"), "308 https://notes.example/@evil.example");
  EXPECT_EQ(answer("GET /.evil.example"), "308 https://notes.example/.evil.example");
  for (const std::string path : {"//evil.example", "///evil.example", "/\\evil.example", "/%2fevil.example",
                                 "/%5cevil.example", "/../a", "/%0d%0aSet-Cookie:a=b", "http://evil.example//a"}) {
    EXPECT_EQ(answer("GET " + path), "400") << path;
  }
}

TEST_F(HttpsOnly, TellsEverythingElseToUseHttps) {
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"}) {
    EXPECT_EQ(answer(method + " /"), "400") << method;
    EXPECT_TRUE(exchange_->answer.close);
  }
  EXPECT_EQ(answer("OPTIONS *"), "400");
  for (const std::string fields : {"", "Accept: */*\r\n", "Accept: application/json\r\n", "Sec-Fetch-Dest: empty\r\n",
                                   "Sec-Fetch-Dest: empty\r\nAccept: text/html\r\n", "Sec-Fetch-Dest: image\r\n"}) {
    EXPECT_EQ(answer("GET /", fields), "400") << fields;
    EXPECT_NE(exchange_->answer.body.find("Use https"), std::string::npos);
  }
}

TEST_F(HttpsOnly, IsCountedByTheGeneralLimit) {
  for (int i = 0; i < 50; ++i) answer("GET /");
  EXPECT_EQ(answer("GET /"), "429");
}

TEST_F(HttpsOnly, LetsOtherListenersBe) {
  exchange_->redirect_listener = false;
  EXPECT_EQ(answer("GET /"), "on");
  EXPECT_EQ(answer("POST /", ""), "on");
}

}  // namespace
}  // namespace sallyport::gate
