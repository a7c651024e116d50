// Calls of another server, which answers, hangs, drips, lies, floods or goes away: each ends as it is declared, by the deadline.
#include "outbound/http_client.hpp"

#include "support/loop_runner.hpp"
#include "support/peer.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace sallyport::outbound {
namespace {

using namespace std::chrono_literals;
using detail::OutboundReply;
using detail::OutboundRequest;
using sallyport::testing::LoopRunner;
using sallyport::testing::Peer;
using sallyport::testing::PeerConnection;

// Whether a whole request without a body is there.
std::string hear_head(PeerConnection& connection) {
  std::string heard;
  while (heard.find("\r\n\r\n") == heard.npos) {
    const std::string more = connection.hear();
    if (more.empty()) return heard;
    heard += more;
  }
  return heard;
}

class HttpClientTest : public ::testing::Test {
 protected:
  Destination to(const Peer& peer) {
    Destination destination;
    destination.target.host = "127.0.0.1";
    destination.target.port = peer.port();
    destination.authority = "api.example";
    return destination;
  }
  OutboundReply call(const Peer& peer, OutboundRequest request = {}) {
    return runner_.run(client_.send(to(peer), std::move(request)));
  }
  // What becomes of an answer of these bytes, after which the connection is closed.
  OutboundReply answer(const std::string& bytes, OutboundRequest request = {}) {
    Peer peer([&](PeerConnection& connection) {
      hear_head(connection);
      connection.say(bytes);
    });
    return call(peer, std::move(request));
  }

  LoopRunner runner_;
  net::Resolver resolver_;
  HttpClient client_{runner_.loop(), resolver_};
};

TEST(OutboundRequest, IsWrittenAsTheRfcSays) {
  Destination to;
  to.authority = "api.example:8443";
  OutboundRequest get;
  get.target = "/v1/a%20b?c=d";
  get.fields.push_back({"Accept", "application/json"});
  EXPECT_EQ(
      request_bytes(to, get),
      "GET /v1/a%20b?c=d HTTP/1.1\r\nHost: api.example:8443\r\nUser-Agent: Sallyport\r\nAccept-Encoding: identity\r\n"
      "Accept: application/json\r\n\r\n");
  OutboundRequest post;
  post.method = "POST";
  EXPECT_EQ(request_bytes(to, post),
            "POST / HTTP/1.1\r\nHost: api.example:8443\r\nUser-Agent: Sallyport\r\nAccept-Encoding: identity\r\n"
            "Content-Length: 0\r\n\r\n");
  post.body = "{}";
  post.content_type = "application/json";
  EXPECT_TRUE(request_bytes(to, post).ends_with("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
}

TEST_F(HttpClientTest, BringsTheWholeAnswer) {
  const OutboundReply reply = answer("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello");
  EXPECT_EQ(reply.failure, OutboundFailure::none) << reply.reason;
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "hello");
  ASSERT_EQ(reply.fields.size(), 2U);
  EXPECT_EQ(reply.fields[1].name, "ETag");
  EXPECT_EQ(reply.fields[1].value, "\"a\"");
}

TEST_F(HttpClientTest, ReadsEveryFraming) {
  EXPECT_EQ(answer("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body, "abc");
  EXPECT_EQ(answer("HTTP/1.0 200 \r\n\r\nabc").body, "abc");
  EXPECT_EQ(answer("HTTP/1.1 103 \r\n\r\nHTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nabc").body, "abc");
  EXPECT_EQ(answer("HTTP/1.1 204 \r\n\r\n").status, 204);
  OutboundRequest head;
  head.method = "HEAD";
  EXPECT_EQ(answer("HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\n", head).status, 200);
}

TEST_F(HttpClientTest, RedirectsAreAnswers) {
  const OutboundReply reply =
      answer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reply.failure, OutboundFailure::none);
  EXPECT_EQ(reply.status, 302);
}

TEST_F(HttpClientTest, SendsALongBodyAndReadsALongAnswer) {
  const std::string large(3'000'000, 'x');
  std::atomic<std::size_t> heard{0};
  Peer peer([&](PeerConnection& connection) {
    std::string head = hear_head(connection);
    std::size_t body = head.size() - head.find("\r\n\r\n") - 4;
    while (body < large.size()) {
      const std::string more = connection.hear();
      if (more.empty()) return;
      body += more.size();
    }
    heard = body;
    connection.say("HTTP/1.1 200 \r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large);
    connection.wait_for_end();
  });
  OutboundRequest request;
  request.method = "POST";
  request.body = large;
  request.content_type = "text/plain";
  request.most_bytes = large.size();
  const OutboundReply reply = call(peer, std::move(request));
  EXPECT_EQ(reply.failure, OutboundFailure::none) << reply.reason;
  EXPECT_EQ(heard, large.size());
  EXPECT_EQ(reply.body, large);
}

// --- Failures, each as it is declared

TEST_F(HttpClientTest, AnAnswerThatIsNoHttpIsMalformed) {
  const char* const answers[] = {
      "SSH-2.0-OpenSSH_9.2\r\n",
      "HTTP/2.0 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
      "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
  };
  for (const char* const each : answers) {
    const OutboundReply reply = answer(each);
    EXPECT_EQ(reply.failure, OutboundFailure::malformed) << each << ": " << failure_name(reply.failure);
    EXPECT_FALSE(reply.reason.empty());
    EXPECT_EQ(reply.status, 0);
    EXPECT_EQ(reply.body, "");
  }
}

TEST_F(HttpClientTest, ALyingLengthIsCutOff) {
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").failure, OutboundFailure::cut_off);
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n").failure,
            OutboundFailure::cut_off);
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Le").failure, OutboundFailure::cut_off);
  EXPECT_EQ(answer("").failure, OutboundFailure::cut_off);
}

TEST_F(HttpClientTest, AGigabyteIsNotRead) {
  OutboundRequest request;
  request.most_bytes = 100'000;
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", request).failure,
            OutboundFailure::too_large);
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\nx", request).failure,
            OutboundFailure::too_large);
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n", request).failure,
            OutboundFailure::too_large);
  std::atomic<std::size_t> taken{0};
  Peer floods([&](PeerConnection& connection) {
    hear_head(connection);
    connection.say("HTTP/1.1 200 OK\r\n\r\n");
    const std::string part(65'536, 'x');
    while (taken < (std::size_t{1} << 30) && connection.say(part)) taken += part.size();
  });
  EXPECT_EQ(call(floods, request).failure, OutboundFailure::too_large);
  EXPECT_LT(taken, std::size_t{64} << 20) << "what the system's buffers hold, and no more";
}

TEST_F(HttpClientTest, OneThatHangsOrDripsEndsAtTheDeadline) {
  const std::function<void(PeerConnection&)> ways[] = {
      [](PeerConnection& connection) { connection.wait_for_end(); },
      [](PeerConnection& connection) {
        hear_head(connection);
        connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        pollfd ended{connection.socket(), POLLIN, 0};
        while (connection.say("x") && ::poll(&ended, 1, 10) == 0) continue;
      },
      [](PeerConnection& connection) {
        hear_head(connection);
        connection.say("HTTP/1.1 200 OK\r\nX: ");
        connection.wait_for_end();
      },
  };
  for (const auto& way : ways) {
    Peer peer(way);
    OutboundRequest request;
    request.time = 300ms;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(call(peer, request).failure, OutboundFailure::timed_out);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
    EXPECT_EQ(client_.pool().connections(), 0U) << "such a connection is not kept";
  }
}

TEST_F(HttpClientTest, OneThatIsNotThereIsUnreachable) {
  std::uint16_t port = 0;
  {
    const Peer gone;
    port = gone.port();
  }
  Destination nobody;
  nobody.target.host = "127.0.0.1";
  nobody.target.port = port;
  EXPECT_EQ(runner_.run(client_.send(nobody, {})).failure, OutboundFailure::unreachable);
  Destination nowhere;
  nowhere.target.host = "does-not-exist.invalid";
  nowhere.target.port = 80;
  const OutboundFailure failure = runner_.run(client_.send(nowhere, {})).failure;
  EXPECT_TRUE(failure == OutboundFailure::no_such_host || failure == OutboundFailure::timed_out)
      << failure_name(failure);
}

// --- Connections

// Answers `times` requests on each connection, then closes it.
Peer::Serve serve(int times, std::atomic<int>& connections, std::atomic<int>& requests) {
  return [times, &connections, &requests](PeerConnection& connection) {
    ++connections;
    for (int i = 0; i < times; ++i) {
      if (hear_head(connection).empty()) return;
      ++requests;
      connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
    hear_head(connection);  // and leaves it unanswered
    ++requests;
  };
}

TEST_F(HttpClientTest, KeepsAConnectionThatIsClean) {
  std::atomic<int> connections{0};
  std::atomic<int> requests{0};
  Peer peer(serve(100, connections, requests));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(call(peer).status, 200);
  EXPECT_EQ(connections, 1);
  EXPECT_EQ(requests, 5);
}

TEST_F(HttpClientTest, KeepsNoneOnWhichMoreWasSaidThanAsked) {
  std::atomic<int> connections{0};
  Peer peer([&](PeerConnection& connection) {
    ++connections;
    hear_head(connection);
    connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    connection.wait_for_end();
  });
  EXPECT_EQ(call(peer).body, "ok");
  EXPECT_EQ(call(peer).body, "ok");
  EXPECT_EQ(connections, 2);
}

TEST_F(HttpClientTest, RepeatsWhatMayBeRepeatedOnceAndNothingElse) {
  for (const std::string_view method : {"GET", "PUT", "DELETE", "POST", "PATCH"}) {
    std::atomic<int> connections{0};
    std::atomic<int> requests{0};
    Peer peer(serve(1, connections, requests));  // a second request on a connection is heard and never answered
    EXPECT_EQ(call(peer).status, 200);
    OutboundRequest again;
    again.method = method;
    const OutboundReply reply = call(peer, std::move(again));
    if (is_idempotent(method)) {
      EXPECT_EQ(reply.status, 200) << method;
      EXPECT_EQ(requests, 3) << method;
    } else {
      EXPECT_EQ(reply.failure, OutboundFailure::cut_off) << method;
      EXPECT_EQ(requests, 2) << method << ": it may have been done";
    }
  }
}

TEST_F(HttpClientTest, RepeatsNothingOfWhichAByteWasAnswered) {
  std::atomic<int> requests{0};
  Peer peer([&](PeerConnection& connection) {
    if (!hear_head(connection).empty()) ++requests;
    connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    if (!hear_head(connection).empty()) ++requests;
    connection.say("HTTP/1.1 20");
  });
  EXPECT_EQ(call(peer).status, 200);
  EXPECT_EQ(call(peer).failure, OutboundFailure::cut_off);
  EXPECT_EQ(requests, 2);
}

}  // namespace
}  // namespace sallyport::outbound
