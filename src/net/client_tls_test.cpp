// TLS to others: only to who they say they are.
#include "net/client_tls.hpp"

#include "net/connect.hpp"
#include "support/loop_runner.hpp"
#include "support/peer.hpp"
#include "support/tls_pair.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace sallyport::net {
namespace {

using namespace std::chrono_literals;
using sallyport::testing::echo;
using sallyport::testing::LoopRunner;
using sallyport::testing::Peer;
using sallyport::testing::PeerConnection;
using wire::testing::Identity;
using wire::testing::make_identity;
using wire::testing::pem;

std::shared_ptr<SSL_CTX> server_tls(const Identity& identity) {
  std::shared_ptr<SSL_CTX> context(SslContext(SSL_CTX_new(TLS_server_method())));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return context;
}

class ClientTlsTest : public ::testing::Test {
 protected:
  // Trusts `authority`, and connects to a server that has `identity`.
  Connected connect_as(const std::string& host, const Identity& identity, const Identity& authority,
                       const Peer::Serve& serve = echo) {
    server_context_ = server_tls(identity);
    peer_ = std::make_unique<Peer>(serve, server_context_);
    return connect_with(host, pem(authority.certificate.get()));
  }
  Connected connect_with(const std::string& host, const std::string& authority, const std::string& alpn = {}) {
    TrustProblem problem{};
    const auto trust = make_client_tls(folder_.write("ca.pem", authority), problem);
    EXPECT_EQ(problem, TrustProblem::none);
    Resolver resolver([](const std::string&, std::uint16_t port) { return look_up("127.0.0.1", port); });
    return runner_.run(connect(runner_.loop(), resolver, {host, peer_->port(), trust, alpn}, in(10s)));
  }
  Deadline in(std::chrono::nanoseconds time) { return runner_.loop().clock.now() + time; }
  // What comes until the end, and how it ends.
  Failure read_to_end(OutboundStream& stream, std::string& all) {
    const auto read = [&]() -> Task<Failure> {
      std::array<char, 1000> space{};
      for (;;) {
        const Transfer got = co_await stream.read(space, in(10s));
        if (got.failure) co_return got.failure;
        all.append(space.data(), got.bytes);
      }
    };
    return runner_.run(read());
  }

  wire::testing::Folder folder_;
  LoopRunner runner_;
  std::shared_ptr<SSL_CTX> server_context_;
  std::unique_ptr<Peer> peer_;
};

TEST_F(ClientTlsTest, ByNameAndByAddress) {
  const Identity authority = make_identity({.names = "DNS:authority", .authority = true});
  const Identity server = make_identity({.names = "DNS:redis.test,IP:127.0.0.1", .issuer = &authority});
  for (const char* host : {"redis.test", "127.0.0.1"}) {
    Connected made = connect_as(host, server, authority);
    ASSERT_FALSE(made.failure) << host << ": " << made.failure.text;
    const std::string large(5'000'000, 'z');
    std::string all;
    const auto writing = [&]() -> Task<void> {
      static_cast<void>(co_await made.stream.write(large, in(60s)));
      made.stream.end_writing();
    };
    const Background running(runner_.loop(), writing());
    read_to_end(made.stream, all);
    EXPECT_EQ(all, large);
  }
}

TEST_F(ClientTlsTest, WhoIsNotWhoTheySay) {
  const Identity authority = make_identity({.names = "DNS:authority", .authority = true});
  const Identity other = make_identity({.names = "DNS:redis.test"});
  const Identity right = make_identity({.names = "DNS:redis.test", .issuer = &authority});
  const Identity elsewhere = make_identity({.names = "DNS:elsewhere.test,DNS:red*.test", .issuer = &authority});
  const Identity old = make_identity({.names = "DNS:redis.test", .from = -7200, .until = -3600, .issuer = &authority});
  const Identity early = make_identity({.names = "DNS:redis.test", .from = 3600, .issuer = &authority});
  const Identity weak = make_identity({.names = "DNS:redis.test", .rsa_bits = 1024, .issuer = &authority});
  const Identity sha1 = make_identity({.names = "DNS:redis.test", .digest = EVP_sha1(), .issuer = &authority});
  // A common name is not a name of a host, also where there is no other (RFC 9525 2).
  const Identity common = make_identity({.names = "IP:127.0.0.2", .issuer = &authority, .common_name = "redis.test"});
  const struct {
    const char* host;
    const Identity& identity;
    std::string_view words;
  } cases[] = {
      {"redis.test", other, "self-signed certificate"},
      {"redis.test", elsewhere, "ostname mismatch"},
      {"redis.test", common, "ostname mismatch"},
      {"127.0.0.1", right, "IP address mismatch"},
      {"redis.test", old, "certificate has expired"},
      {"redis.test", early, "certificate is not yet valid"},
      {"", right, ""},
      {"redis.test", weak, ""},
      {"redis.test", sha1, ""},
  };
  for (const auto& [host, identity, words] : cases) {
    const Connected made = connect_as(host, identity, authority);
    EXPECT_FALSE(made.stream) << words;
    if (!words.empty()) {
      EXPECT_EQ(made.failure.error, NetError::certificate) << made.failure.text;
    }
    EXPECT_NE(made.failure.text.find(words), std::string_view::npos) << made.failure.text;
  }
}

TEST_F(ClientTlsTest, TheSystemsAuthoritiesKnowNoneOfThis) {
  TrustProblem problem{};
  const auto trust = make_client_tls({}, problem);
  ASSERT_TRUE(trust);
  const Identity identity = make_identity({.names = "IP:127.0.0.1"});
  server_context_ = server_tls(identity);
  peer_ = std::make_unique<Peer>(echo, server_context_);
  Resolver resolver;
  const Connected made =
      runner_.run(connect(runner_.loop(), resolver, {"127.0.0.1", peer_->port(), trust, {}}, in(10s)));
  EXPECT_EQ(made.failure.error, NetError::certificate);
}

TEST_F(ClientTlsTest, OldTlsAndNoTls) {
  const Identity identity = make_identity({.names = "IP:127.0.0.1"});
  server_context_ = server_tls(identity);
  SSL_CTX_set_security_level(server_context_.get(), 0);
  SSL_CTX_set_min_proto_version(server_context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(server_context_.get(), TLS1_1_VERSION);
  peer_ = std::make_unique<Peer>(echo, server_context_);
  EXPECT_EQ(connect_with("127.0.0.1", pem(identity.certificate.get())).failure.error, NetError::tls);
  peer_ =
      std::make_unique<Peer>([](PeerConnection& connection) { connection.say("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  EXPECT_EQ(connect_with("127.0.0.1", pem(identity.certificate.get())).failure.error, NetError::tls);
  peer_ = std::make_unique<Peer>([](PeerConnection&) {});
  EXPECT_EQ(connect_with("127.0.0.1", pem(identity.certificate.get())).failure.error, NetError::tls);
}

TEST_F(ClientTlsTest, AHandshakeHasADeadlineAndCanBeGivenUp) {
  const Identity identity = make_identity({.names = "IP:127.0.0.1"});
  TrustProblem problem{};
  const auto trust = make_client_tls(folder_.write("ca.pem", pem(identity.certificate.get())), problem);
  const Peer silent;
  base::ManualClock clock;
  LoopRunner runner(clock);
  Resolver resolver;
  std::optional<Connected> made;
  const auto attempt = [&]() -> Task<void> {
    made.emplace(co_await connect(runner.loop(), resolver, {"127.0.0.1", silent.port(), trust, {}}, clock.now() + 3s));
  };
  {
    const Background given_up(runner.loop(), attempt());
    for (int i = 0; i < 10; ++i) runner.turn();
  }
  const Background running(runner.loop(), attempt());
  for (int i = 0; i < 10; ++i) runner.turn();
  EXPECT_FALSE(made);
  clock.advance(4s);
  runner.turn();
  runner.turn();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->failure.error, NetError::timed_out);
}

TEST_F(ClientTlsTest, ATruncatedAnswerIsNoEnd) {
  const Identity identity = make_identity({.names = "IP:127.0.0.1"});
  std::string all;
  Connected cut =
      connect_as("127.0.0.1", identity, identity, [](PeerConnection& connection) { connection.say("half"); });
  EXPECT_EQ(read_to_end(cut.stream, all).error, NetError::lost);
  EXPECT_EQ(all, "half");
  Connected whole = connect_as("127.0.0.1", identity, identity, [](PeerConnection& connection) {
    connection.say("whole");
    connection.end_tls();
  });
  EXPECT_EQ(read_to_end(whole.stream, all).error, NetError::closed);
}

TEST_F(ClientTlsTest, TicketsAreNothingUnasked) {
  const Identity identity = make_identity({.names = "IP:127.0.0.1"});
  Connected made = connect_as("127.0.0.1", identity, identity);
  ASSERT_TRUE(made.stream);
  for (int i = 0; i < 20; ++i) {
    std::this_thread::yield();
    EXPECT_TRUE(made.stream.quiet());
  }
}

TEST_F(ClientTlsTest, Alpn) {
  const Identity identity = make_identity({.names = "IP:127.0.0.1"});
  server_context_ = server_tls(identity);
  SSL_CTX_set_alpn_select_cb(
      server_context_.get(),
      [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned, void*) {
        *out = in + 1;
        *size = in[0];
        return SSL_TLSEXT_ERR_OK;
      },
      nullptr);
  peer_ = std::make_unique<Peer>(echo, server_context_);
  const Connected made = connect_with("127.0.0.1", pem(identity.certificate.get()), "\x08http/1.1");
  EXPECT_EQ(made.stream.protocol(), "http/1.1");
}

TEST_F(ClientTlsTest, FilesThatAreNone) {
  TrustProblem problem{};
  EXPECT_FALSE(make_client_tls(folder_.write("ca.pem", "no certificate"), problem));
  EXPECT_EQ(problem, TrustProblem::file);
  EXPECT_FALSE(make_client_tls(folder_.file("missing"), problem));
  EXPECT_EQ(problem, TrustProblem::file);
}

}  // namespace
}  // namespace sallyport::net
