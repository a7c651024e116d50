// TLS on a socket: handshakes that end badly, much data both ways, the end of a connection.
#include "net/tls_stream.hpp"

#include "support/tls_pair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <vector>

namespace sallyport::wire {
namespace {

using testing::Pair;

class TlsStreamTest : public ::testing::Test {
 protected:
  TlsStreamTest() {
    ops::TlsSettings settings;
    settings.certificate = folder_.file("certificate.pem");
    settings.key = folder_.file("certificate.key");
    make_development_certificate(settings.certificate, settings.key);
    ops::Findings findings;
    tls_ = TlsContext::create(settings, ops::Mode::development, "localhost", findings, true);
  }
  // What a client says first.
  [[nodiscard]] std::string client_hello() const {
    Pair pair(*tls_);
    SSL_do_handshake(pair.client.get());
    std::array<char, 4096> space{};
    const ssize_t size = ::recv(pair.server.socket().native_handle(), space.data(), space.size(), 0);
    return {space.data(), static_cast<std::size_t>(size)};
  }
  static std::string received_raw(const Pair& pair) {
    std::array<char, 4096> space{};
    const ssize_t size = ::recv(pair.client_socket(), space.data(), space.size(), MSG_DONTWAIT);
    return size > 0 ? std::string(space.data(), static_cast<std::size_t>(size)) : "";
  }

  testing::Folder folder_;
  std::unique_ptr<TlsContext> tls_;
};

TEST_F(TlsStreamTest, TalksBothWays) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  EXPECT_TRUE(pair.talk());
  std::array<char, 8> space{};
  EXPECT_EQ(pair.server.read(space).state, net::IoState::wants_read);
  EXPECT_EQ(pair.server.write("").state, net::IoState::done);
  EXPECT_EQ(pair.server.read({}).state, net::IoState::done);
  EXPECT_FALSE(pair.server.plain_http());
  EXPECT_EQ(pair.server.last_error(), "");
}

TEST_F(TlsStreamTest, MakesTheSocketNonBlocking) {
  Pair pair(*tls_);
  EXPECT_TRUE(pair.server.socket().non_blocking());
}

TEST_F(TlsStreamTest, ManyRecordsReadAheadAreAllHandedOut) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  for (int i = 0; i < 50; ++i) ASSERT_EQ(SSL_write(pair.client.get(), "0123456789", 10), 10);
  std::array<char, 4> space{};
  std::string all;
  for (;;) {
    const net::IoResult result = pair.server.read(space);
    if (result.state != net::IoState::done) {
      EXPECT_EQ(result.state, net::IoState::wants_read);
      break;
    }
    all.append(space.data(), result.bytes);
  }
  EXPECT_EQ(all.size(), 500U);
}

TEST_F(TlsStreamTest, ALongWriteIsTakenRecordByRecord) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  const net::IoResult result = pair.server.write(std::string(100'000, 'x'));
  EXPECT_EQ(result.state, net::IoState::done);
  EXPECT_EQ(result.bytes, 16'384U);
}

TEST_F(TlsStreamTest, MuchDataBothWaysThroughFullSockets) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  std::string down(3'000'000, '\0');
  for (std::size_t i = 0; i < down.size(); ++i) down[i] = static_cast<char>(i * 7 + i / 251);
  const std::string up(down.rbegin(), down.rend());
  std::string got_down;
  std::string got_up;
  std::size_t sent_down = 0;
  std::size_t sent_up = 0;
  bool waited = false;
  std::array<std::string, 2> buffers;
  std::size_t tries = 0;
  SSL_set_mode(pair.client.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
  std::vector<char> space(20'000);
  for (int turn = 0; turn < 1000 && (got_down.size() < down.size() || got_up.size() < up.size()); ++turn) {
    for (;;) {
      // Elsewhere each time: the buffer may move between tries.
      std::string& again = buffers[++tries % 2];
      again = down.substr(sent_down, 100'000);
      const net::IoResult result = pair.server.write(again);
      sent_down += result.bytes;
      waited |= result.state == net::IoState::wants_write;
      if (result.state != net::IoState::done || sent_down == down.size()) break;
    }
    std::size_t bytes = 0;
    while (sent_up < up.size() &&
           SSL_write_ex(pair.client.get(), up.data() + sent_up, up.size() - sent_up, &bytes) == 1)
      sent_up += bytes;
    while (SSL_read_ex(pair.client.get(), space.data(), space.size(), &bytes) == 1)
      got_down.append(space.data(), bytes);
    for (net::IoResult result; (result = pair.server.read(space)).state == net::IoState::done;)
      got_up.append(space.data(), result.bytes);
  }
  EXPECT_TRUE(waited);
  EXPECT_TRUE(got_down == down);
  EXPECT_TRUE(got_up == up);
}

TEST_F(TlsStreamTest, ShutdownSaysSoOnceAndWaitsForNobody) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  EXPECT_EQ(pair.server.write("bye").bytes, 3U);
  EXPECT_EQ(pair.server.shutdown().state, net::IoState::done);
  std::array<char, 8> space{};
  EXPECT_EQ(SSL_read(pair.client.get(), space.data(), 8), 3);
  const int end = SSL_read(pair.client.get(), space.data(), 8);
  EXPECT_EQ(SSL_get_error(pair.client.get(), end), SSL_ERROR_ZERO_RETURN);
  EXPECT_EQ(pair.server.write("more").state, net::IoState::failed);
}

TEST_F(TlsStreamTest, EndOfInputIsClosedAndAnswersStillGoOut) {
  for (const bool clean : {true, false}) {
    Pair pair(*tls_);
    ASSERT_TRUE(pair.shake());
    if (clean) {
      SSL_shutdown(pair.client.get());
    } else {
      ::shutdown(pair.client_socket(), SHUT_WR);  // no close_notify
    }
    std::array<char, 8> space{};
    EXPECT_EQ(pair.server.read(space).state, net::IoState::closed);
    EXPECT_EQ(pair.server.read(space).state, net::IoState::closed);
    EXPECT_EQ(pair.server.write("late").bytes, 4U);
    EXPECT_EQ(SSL_read(pair.client.get(), space.data(), 8), 4);
  }
}

TEST_F(TlsStreamTest, PeerThatIsGoneIsAnErrorNotASignal) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // as the service does
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  pair.close_client();
  EXPECT_EQ(pair.server.write("anybody?").state, net::IoState::failed);
  EXPECT_EQ(pair.server.last_error(), "connection lost");
  EXPECT_EQ(pair.server.write("anybody?").state, net::IoState::failed);
  EXPECT_EQ(pair.server.shutdown().state, net::IoState::failed);
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

TEST_F(TlsStreamTest, GarbageFailsAndLeavesNoErrorBehind) {
  Pair pair(*tls_);
  pair.send_raw("\x01\x02\x03 this is no TLS at all");
  EXPECT_EQ(pair.server.handshake().state, net::IoState::failed);
  EXPECT_EQ(pair.server.last_error(), "wrong version number");
  EXPECT_FALSE(pair.server.plain_http());
  EXPECT_EQ(ERR_peek_error(), 0UL);
  std::array<char, 8> space{};
  EXPECT_EQ(pair.server.handshake().state, net::IoState::failed);
  EXPECT_EQ(pair.server.read(space).state, net::IoState::failed);
}

TEST_F(TlsStreamTest, SomebodyElsesErrorIsNotTakenForOwn) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  ERR_raise(ERR_LIB_SSL, SSL_R_HTTP_REQUEST);
  std::array<char, 8> space{};
  EXPECT_EQ(pair.server.read(space).state, net::IoState::wants_read);
}

TEST_F(TlsStreamTest, PlainHttpIsRecognisedAndNothingSent) {
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /api HTTP/1.1\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\n\r\n", "PATCH /a HTTP/1.1\r\n\r\n", "DELETE /a HTTP/1.1\r\n\r\n", "Z / HTTP/1.1\r\n\r\n",
        "get / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "D"}) {
    Pair pair(*tls_);
    pair.send_raw(request);
    EXPECT_EQ(pair.server.handshake().state, net::IoState::failed);
    EXPECT_TRUE(pair.server.plain_http()) << request;
    EXPECT_FALSE(pair.server.last_error().empty());
    EXPECT_EQ(received_raw(pair), "");
    net::error_code error;
    pair.server.socket().write_some(net::asio::buffer("HTTP/1.1 400", 12), error);
    EXPECT_EQ(received_raw(pair), "HTTP/1.1 400");
  }
}

TEST_F(TlsStreamTest, HandshakeCutShortIsClosed) {
  const std::string hello = client_hello();
  Pair pair(*tls_);
  pair.send_raw(std::string_view(hello).substr(0, hello.size() / 2));
  EXPECT_EQ(pair.server.handshake().state, net::IoState::wants_read);
  pair.close_client();
  EXPECT_EQ(pair.server.handshake().state, net::IoState::closed);
}

TEST_F(TlsStreamTest, ClientThatStopsInMidHandshakeIsWaitedForWithoutWork) {
  const std::string hello = client_hello();
  Pair pair(*tls_);
  for (const char byte : hello) {
    EXPECT_EQ(pair.server.handshake().state, net::IoState::wants_read);
    pair.send_raw({&byte, 1});
  }
  EXPECT_EQ(received_raw(pair), "");
  EXPECT_EQ(pair.server.handshake().state, net::IoState::wants_read);  // answered, now it is the client's turn
  EXPECT_NE(received_raw(pair), "");
  EXPECT_EQ(pair.server.handshake().state, net::IoState::wants_read);
  EXPECT_EQ(pair.server.shutdown().state, net::IoState::failed);  // nothing to end yet
}

TEST_F(TlsStreamTest, ChangedBytesEndTheConnection) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  pair.send_raw(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'));
  std::array<char, 8> space{};
  EXPECT_EQ(pair.server.read(space).state, net::IoState::failed);
  // OpenSSL 3.2 and later name the layer only.
  EXPECT_THAT(pair.server.last_error(),
              ::testing::AnyOf("decryption failed or bad record mac", "record layer failure"));
}

TEST_F(TlsStreamTest, TheClientsRefusalIsNamed) {
  Pair pair(*tls_, [](SSL* ssl) { SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr); });
  EXPECT_FALSE(pair.shake());
  EXPECT_EQ(pair.server.handshake().state, net::IoState::failed);
  EXPECT_EQ(pair.server.last_error(), "tlsv1 alert unknown ca");
}

TEST_F(TlsStreamTest, FilesAreSentOnlyWhenTheKernelEncrypts) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  EXPECT_FALSE(pair.server.can_send_file());  // not on a socket pair
  EXPECT_EQ(pair.server.send_file(0, 0, 1).state, net::IoState::failed);
}

TEST_F(TlsStreamTest, OutlivesTheContextItWasMadeWith) {
  Pair pair(*tls_);
  ASSERT_TRUE(pair.shake());
  tls_.reset();
  EXPECT_TRUE(pair.talk());
}

}  // namespace
}  // namespace sallyport::wire
