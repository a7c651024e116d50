// Which Host fields are for us, and what the others get.
#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

int status_of(const std::string& host, bool redirect_listener = false) {
  sallyport::testing::GateRequest request;
  request.exchange.redirect_listener = redirect_listener;
  // Only HTTP/1.0 may go without a Host.
  Exchange& exchange =
      request.parse(host.empty() ? "GET / HTTP/1.0\r\n\r\n" : "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  return gate::host(exchange) ? 200 : exchange.answer.status;
}

TEST(HostStep, TakesOurNamesInAnyCase) {
  EXPECT_EQ(status_of("notes.example"), 200);
  EXPECT_EQ(status_of("NOTES.example"), 200);
}

// Go's client sends the port that a URL names, though it is the scheme's own.
TEST(HostStep, TakesTheSchemesOwnPortAndAFinalDot) {
  for (const std::string host :
       {"notes.example:443", "NOTES.example:443", "notes.example:", "notes.example.", "notes.example.:443"})
    EXPECT_EQ(status_of(host), 200) << host;
}

TEST(HostStep, RefusesOthersAsMisdirected) {
  for (const std::string host : {"evil.example", "notes.example.evil.example", "notes.example:8443", "notes.example:80",
                                 "notes.example.:8443", "notes.example..", "443", "127.0.0.1"})
    EXPECT_EQ(status_of(host), 421) << host;
  EXPECT_EQ(status_of(""), 400);
}

TEST(HostStep, ClosesTheConnectionOfWhoIsMisdirected) {
  sallyport::testing::GateRequest request;
  Exchange& exchange = request.parse("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_FALSE(gate::host(exchange));
  EXPECT_TRUE(exchange.answer.close);
}

TEST(HostStep, LetsTheRedirectListenerAnswerToAnyName) {
  EXPECT_EQ(status_of("evil.example", true), 200);
  EXPECT_EQ(status_of("", true), 400) << "but not to none";
}

}  // namespace
}  // namespace sallyport::gate
