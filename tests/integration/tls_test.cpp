// TLS as a client meets it: what is offered, what is refused, and that the header set knows.
#include "support/notes_service.hpp"
#include "support/process.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>

namespace sallyport::testing {
namespace {

// `hello` with its development certificate, on a free port.
class TlsHello {
 public:
  TlsHello() : process_("hello", {"--mode", "development", "--port", "0", "--tls"}, {}, folder_.file(".")) {
    EXPECT_TRUE(process_.wait_for("ready: https://localhost:")) << process_.output << process_.errors;
    EXPECT_TRUE(process_.wait_for("\n"));
    const std::string& text = process_.output;
    port_ = static_cast<std::uint16_t>(std::stoi(text.substr(text.find("localhost:") + 10)));
  }
  ~TlsHello() {
    process_.signal(SIGTERM);
    EXPECT_EQ(process_.wait(), 0);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string certificate() const { return folder_.file("var/development-certificate.pem"); }

 private:
  TemporaryFolder folder_;
  Process process_;
  std::uint16_t port_ = 0;
};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::string& trusted, int version, const char* tls12_ciphers = nullptr)
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_load_verify_file(context_.get(), trusted.c_str());
    SSL_CTX_set_security_level(context_.get(), 0);  // the client would take anything
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    if (tls12_ciphers) SSL_CTX_set_cipher_list(context_.get(), tls12_ciphers);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    SSL_set1_host(ssl_.get(), "localhost");
    SSL_set_tlsext_host_name(ssl_.get(), "localhost");
    connected = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
  }
  ~TlsClient() {
    ssl_.reset();
    ::close(socket_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  std::string exchange(const std::string& request) {
    SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char chunk[4096];
    int n = 0;
    while ((n = SSL_read(ssl_.get(), chunk, sizeof chunk)) > 0) answer.append(chunk, static_cast<std::size_t>(n));
    return answer;
  }

  bool connected = false;

 private:
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  int socket_ = -1;
};

std::string get(std::uint16_t port) {
  return "GET / HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\nConnection: close\r\n\r\n";
}

TEST(Tls, ServesWithBothVersions) {
  const TlsHello hello;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(hello.port(), hello.certificate(), version);
    ASSERT_TRUE(client.connected) << version;
    const std::string answer = client.exchange(get(hello.port()));
    EXPECT_NE(answer.find("HTTP/1.1 200 OK\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"), std::string::npos);
    EXPECT_NE(answer.find(R"({"message":"Hello, World!"})"), std::string::npos);
  }
}

TEST(Tls, RefusesOldVersions) {
  const TlsHello hello;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_FALSE(TlsClient(hello.port(), hello.certificate(), version, "ALL").connected) << version;
  }
}

TEST(Tls, RefusesSuitesOutsideTheList) {
  const TlsHello hello;
  for (const char* suite : {"AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-CCM"}) {
    EXPECT_FALSE(TlsClient(hello.port(), hello.certificate(), TLS1_2_VERSION, suite).connected) << suite;
  }
  for (const char* suite : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    EXPECT_TRUE(TlsClient(hello.port(), hello.certificate(), TLS1_2_VERSION, suite).connected) << suite;
  }
}

// Answers that are there at once and answers that wait, on one connection, while earlier ones are still being written:
// each comes once, in order.
TEST(Tls, PipelinedRequestsAreAnsweredOnceAndInOrder) {
  NotesService service([](ops::Settings& settings) { settings.tls.enabled = true; });
  const std::string host = " HTTP/1.1\r\nHost: " + service.authority() + "\r\n";
  const std::string login = R"({"email":"nobody@example.org","password":"wrong"})";
  const std::string waits = "POST /api/login" + host +
                            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: " +
                            std::to_string(login.size()) + "\r\n\r\n" + login;
  const std::string asset = "GET /assets/notes.css" + host + "\r\n";
  const std::string unknown = "GET /nowhere" + host + "\r\n";
  const std::string last = "GET /assets/icon.svg" + host + "Connection: close\r\n\r\n";
  for (int round = 0; round < 2; ++round) {
    TlsClient client(service.port(), service.certificate(), TLS1_3_VERSION);
    ASSERT_TRUE(client.connected);
    const std::string answers = client.exchange(asset + waits + unknown + waits + asset + last);
    std::string statuses;
    for (std::size_t at = answers.find("HTTP/1.1 "); at != answers.npos; at = answers.find("HTTP/1.1 ", at + 1)) {
      statuses += answers.substr(at + 9, 3) + " ";
    }
    EXPECT_EQ(statuses, "200 401 404 401 200 200 ");
  }
}

TEST(Tls, BytesThatAreNoHandshakeEndTheConnection) {
  const TlsHello hello;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(hello.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::string request = get(hello.port());
  EXPECT_GT(::send(socket, request.data(), request.size(), MSG_NOSIGNAL), 0);
  char chunk[512];
  std::string answer;
  for (ssize_t n = 0; (n = ::recv(socket, chunk, sizeof chunk, 0)) > 0;)
    answer.append(chunk, static_cast<std::size_t>(n));
  EXPECT_EQ(answer.find("Hello"), std::string::npos) << "a request in the clear was served";
  ::close(socket);
  EXPECT_TRUE(TlsClient(hello.port(), hello.certificate(), TLS1_3_VERSION).connected) << "others are served";
}

}  // namespace
}  // namespace sallyport::testing
