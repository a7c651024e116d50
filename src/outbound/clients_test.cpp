// Calls of addresses that clients name: none that is not public is connected to, whatever a name server says and whenever.
#include "outbound/clients.hpp"

#include "support/loop_runner.hpp"
#include "support/peer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::outbound {
namespace {

using namespace std::chrono_literals;
using detail::OutboundReply;
using detail::OutboundRequest;
using sallyport::testing::LoopRunner;
using sallyport::testing::Peer;
using sallyport::testing::PeerConnection;

net::SocketAddress address(const std::string& text, std::uint16_t port) {
  net::SocketAddress made;
  if (text.find(':') == text.npos) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(made.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    EXPECT_EQ(::inet_pton(AF_INET, text.c_str(), &v4.sin_addr), 1);
    made.size = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1);
    made.size = sizeof v6;
  }
  return made;
}

class PublicCalls : public ::testing::Test {
 protected:
  // What becomes of a call when the name server answers like this.
  OutboundReply call(const std::vector<std::string>& answer, bool (*allowed)(const net::SocketAddress&) = &is_public,
                     const std::string& url = "http://hooks.example.org/a?b=c") {
    net::TrustProblem problem{};
    asked_ = 0;
    Clients clients(
        {}, problem,
        [&](const std::string& host, std::uint16_t) {
          ++asked_;
          host_ = host;
          net::Resolved resolved;
          // The second answer is another: it must never be asked for.
          if (asked_ > 1) resolved.addresses.push_back(address("127.0.0.1", port_));
          for (const std::string& each : answer) resolved.addresses.push_back(address(each, port_));
          if (answer.empty()) resolved.failure = {net::NetError::no_such_host, "not known"};
          return resolved;
        },
        allowed);
    OutboundRequest request;
    request.target = "/a?b=c";
    request.time = time_;
    return runner_.run(clients.send_public(runner_.loop(), *PublicUrl::parse(url), std::move(request)));
  }

  LoopRunner runner_;
  std::atomic<int> asked_{0};
  std::string host_;
  std::uint16_t port_ = 9;
  std::chrono::nanoseconds time_ = 10s;
};

TEST_F(PublicCalls, NamesThatLeadInsideAreRefused) {
  Peer inside([](PeerConnection& connection) { connection.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"); });
  port_ = inside.port();
  for (const char* const each : {"127.0.0.1",
                                 "127.1.2.3",
                                 "0.0.0.0",
                                 "10.0.0.1",
                                 "172.16.0.1",
                                 "192.168.0.1",
                                 "100.64.0.1",
                                 "169.254.169.254",
                                 "100.100.100.200",
                                 "192.0.0.192",
                                 "168.63.129.16",
                                 "224.0.0.1",
                                 "255.255.255.255",
                                 "198.18.0.1",
                                 "203.0.113.1",
                                 "::",
                                 "::1",
                                 "::ffff:127.0.0.1",
                                 "::ffff:8.8.8.8",
                                 "fe80::1",
                                 "fc00::1",
                                 "fd00:ec2::254",
                                 "ff02::1",
                                 "64:ff9b::7f00:1",
                                 "64:ff9b::a9fe:a9fe",
                                 "2002:7f00:1::",
                                 "2001::1",
                                 "2001:db8::1"}) {
    const OutboundReply reply = call({each});
    EXPECT_EQ(reply.failure, OutboundFailure::address_refused) << each << ": " << failure_name(reply.failure);
    EXPECT_EQ(asked_, 1) << each;
    EXPECT_EQ(call({"8.8.8.8", each}).failure, OutboundFailure::address_refused) << each << " beside a public one";
    EXPECT_EQ(call({each, "2606:4700::1"}).failure, OutboundFailure::address_refused) << each << " before a public one";
  }
  EXPECT_EQ(inside.connections(), 0);
  EXPECT_EQ(host_, "hooks.example.org");
}

// Here 127.0.0.1 counts as public.
bool only_loopback(const net::SocketAddress& address) noexcept {
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.storage);
  return address.get()->sa_family == AF_INET && v4.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
}

TEST_F(PublicCalls, TheAddressThatWasCheckedIsTheOneThatIsCalled) {
  std::string heard;
  Peer peer([&](PeerConnection& connection) {
    heard = connection.hear();
    connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    connection.wait_for_end();
  });
  port_ = peer.port();
  const OutboundReply reply = call({"127.0.0.1"}, &only_loopback);
  EXPECT_EQ(reply.failure, OutboundFailure::none) << reply.reason;
  EXPECT_EQ(reply.body, "ok");
  EXPECT_EQ(asked_, 1) << "a second look-up could be answered differently";
  EXPECT_TRUE(heard.starts_with("GET /a?b=c HTTP/1.1\r\nHost: hooks.example.org\r\n")) << heard;
  EXPECT_NE(heard.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(call({"127.0.0.1"}, &only_loopback).body, "ok");
  EXPECT_EQ(peer.connections(), 2) << "no connection is kept";
  EXPECT_EQ(call({"127.0.0.1", "127.0.0.2"}, &only_loopback).failure, OutboundFailure::address_refused);
}

TEST_F(PublicCalls, RedirectsAreAnswers) {
  Peer peer([&](PeerConnection& connection) {
    connection.hear();
    connection.say("HTTP/1.1 307 \r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n");
    connection.wait_for_end();
  });
  port_ = peer.port();
  EXPECT_EQ(call({"127.0.0.1"}, &only_loopback).status, 307);
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(PublicCalls, FailAsTheyAreDeclared) {
  EXPECT_EQ(call({}).failure, OutboundFailure::no_such_host);
  Peer hangs([](PeerConnection& connection) { connection.wait_for_end(); });
  port_ = hangs.port();
  time_ = 300ms;
  EXPECT_EQ(call({"127.0.0.1"}, &only_loopback).failure, OutboundFailure::timed_out);
}

TEST(Instead, IsAPairOfOrigins) {
  const auto instead = read_instead("https://api.example=http://127.0.0.1:9000");
  ASSERT_TRUE(instead);
  EXPECT_EQ(instead->origin, "https://api.example");
  EXPECT_EQ(instead->called, "http://127.0.0.1:9000");
  for (const char* const wrong :
       {"", "https://api.example", "https://api.example=", "=http://localhost:1", "https://api.example=ftp://a",
        "https://api.example=http://elsewhere.example", "api.example=http://localhost:1"}) {
    EXPECT_FALSE(read_instead(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace sallyport::outbound
