// Whose request it is: the peer's, or whom a trusted proxy names.
#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::gate {
namespace {

class ClientAddress : public ::testing::Test {
 protected:
  ClientAddress() { request_.site.rules.trusted_proxies = {*base::IpRange::parse("192.0.2.0/24")}; }

  /// The client, or the status of the refusal. The peer is 192.0.2.1, a trusted proxy.
  std::string client(const std::string& fields) {
    Exchange& exchange = request_.get("/", fields);
    return client_address(exchange) ? std::string(exchange.client.text()) : std::to_string(exchange.answer.status);
  }

  sallyport::testing::GateRequest request_;
};

TEST_F(ClientAddress, IsWhomTheNearestStrangerIs) {
  const std::string https = "X-Forwarded-Proto: https\r\n";
  EXPECT_EQ(client(https + "X-Forwarded-For: 203.0.113.9\r\n"), "203.0.113.9");
  EXPECT_EQ(client(https + "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n"), "203.0.113.9");
  EXPECT_EQ(client(https + "X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\n"), "203.0.113.9");
  EXPECT_EQ(client(https + "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.9\r\n"), "203.0.113.9");
  EXPECT_EQ(client(https + "Forwarded: for=203.0.113.9\r\n"), "203.0.113.9");
  EXPECT_EQ(client("Forwarded: for=203.0.113.9;proto=https\r\n"), "203.0.113.9");
  EXPECT_EQ(client(https), "192.0.2.1") << "the proxy asks for itself";
}

TEST_F(ClientAddress, RefusesWhatAProxyOfOursWouldNotWrite) {
  const std::string https = "X-Forwarded-Proto: https\r\n";
  EXPECT_EQ(client(https + "X-Forwarded-For: nonsense\r\n"), "400");
  EXPECT_EQ(client(https + "X-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.8\r\n"), "400");
  EXPECT_EQ(client("X-Forwarded-For: 203.0.113.9\r\n"), "400") << "it does not say https";
  EXPECT_EQ(client("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n"), "400");
  EXPECT_EQ(client(https + "X-Forwarded-Host: evil.example\r\n"), "421");
  EXPECT_EQ(client(https + "X-Forwarded-Host: notes.example\r\n"), "192.0.2.1");
}

TEST_F(ClientAddress, TakesNobodyElsesWord) {
  request_.site.rules.trusted_proxies.clear();
  EXPECT_EQ(client("X-Forwarded-For: 203.0.113.9\r\n"), "192.0.2.1");
  EXPECT_EQ(client("Forwarded: for=203.0.113.9;host=evil.example\r\n"), "192.0.2.1");
  EXPECT_EQ(client("X-Forwarded-For: nonsense\r\nX-Forwarded-Host: evil.example\r\n"), "192.0.2.1");
}

// A service in development is for one machine, whatever Host the proxy names.
TEST_F(ClientAddress, InDevelopmentIsNobodyBehindAProxy) {
  request_.site.rules.trusted_proxies.clear();
  request_.site.rules.development = true;
  EXPECT_EQ(client(""), "192.0.2.1");
  for (const char* field :
       {"X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "Via: 1.1 front", "X-Real-IP: 203.0.113.9",
        "X-Forwarded-Proto: https", "X-Forwarded-Host: notes.example", "X-Forwarded-Port: 443"})
    EXPECT_EQ(client(std::string(field) + "\r\n"), "421") << field;
  request_.site.rules.trusted_proxies = {*base::IpRange::parse("198.51.100.1")};
  EXPECT_EQ(client("X-Forwarded-For: 203.0.113.9\r\n"), "192.0.2.1") << "named, and put up with (CFG-012)";
}

}  // namespace
}  // namespace sallyport::gate
