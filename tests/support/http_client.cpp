// Blocking sockets with a generous limit, so that a hanging server fails a test instead of hanging it.
#include "support/http_client.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <stdexcept>

namespace sallyport::testing {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

std::string HttpResponse::field(std::string_view name) const {
  EXPECT_LE(count(name), 1U) << name;
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

std::vector<std::string> HttpResponse::fields_named(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : fields) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::size_t HttpResponse::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

ClientSocket::ClientSocket(std::uint16_t port, const std::string& certificate, const std::string& protocol)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect");
  if (certificate.empty()) return;

  (void)std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  tls_context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(tls_context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_load_verify_file(tls_context_.get(), certificate.c_str());
  tls_.reset(SSL_new(tls_context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  SSL_set1_host(tls_.get(), "localhost");
  SSL_set_tlsext_host_name(tls_.get(), "localhost");
  const std::string offered = static_cast<char>(protocol.size()) + protocol;
  SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                      static_cast<unsigned>(offered.size()));
  EXPECT_EQ(SSL_connect(tls_.get()), 1) << ERR_error_string(ERR_peek_last_error(), nullptr);
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &chosen, &size);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(chosen), size), protocol);
}

ClientSocket::~ClientSocket() {
  tls_.reset();
  ::close(socket_);
}

void ClientSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void ClientSocket::finish_sending() {
  if (tls_) SSL_shutdown(tls_.get());
  if (!tls_) ::shutdown(socket_, SHUT_WR);
}

std::ptrdiff_t ClientSocket::receive(std::span<char> out) {
  if (!tls_) return ::recv(socket_, out.data(), out.size(), 0);
  ERR_clear_error();
  const int n = SSL_read(tls_.get(), out.data(), static_cast<int>(out.size()));
  if (n > 0) return n;
  return SSL_get_error(tls_.get(), n) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

HttpClient::HttpClient(std::uint16_t port, const std::string& certificate) : socket_(port, certificate) {
  context_.tls = !certificate.empty();
}

bool HttpClient::fill() {
  std::array<char, 16384> chunk;
  const std::ptrdiff_t n = socket_.receive(chunk);
  if (n < 0) ADD_FAILURE() << "no answer within 30 s, or the connection was reset";
  if (n <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(n));
  return true;
}

std::optional<HttpResponse> HttpClient::receive(bool to_head) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) {
      EXPECT_EQ(buffer_, "") << "the connection ended inside a response";
      return std::nullopt;
    }
  }
  HttpResponse response;
  const std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  EXPECT_EQ(head.substr(0, 9), "HTTP/1.1 ");
  std::from_chars(head.data() + 9, head.data() + 12, response.status);
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t stop = head.find("\r\n", at);
    const std::string line = head.substr(at, stop - at);
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) {
      ADD_FAILURE() << "not a field line: " << line;
      break;
    }
    response.fields.emplace_back(lower(line.substr(0, colon)), line.substr(colon + 2));
    at = stop + 2;
  }
  if (response.status == 100) return response;
  check_response(response.fields, response.status, context_);
  if (response.status == 204 || response.status == 304 || to_head) return response;
  if (response.count("transfer-encoding") != 0) {
    while (auto chunk = receive_chunk()) {
      if (chunk->empty()) return response;
      response.body += *chunk;
    }
    ADD_FAILURE() << "the connection ended inside a chunked body";
    return response;
  }
  const bool sized = response.count("content-length") != 0;
  std::size_t length = sized ? std::stoul(response.field("content-length")) : std::string::npos;
  while (buffer_.size() < length && fill()) {
  }
  if (!sized) length = buffer_.size();  // all that came before the end of the connection
  EXPECT_GE(buffer_.size(), length) << "the connection ended inside a body";
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  check_page(response.fields, response.body);
  return response;
}

std::optional<HttpResponse> HttpClient::receive_head() { return receive(true); }

std::optional<std::string> HttpClient::receive_chunk() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  std::size_t size = 0;
  const auto read = std::from_chars(buffer_.data(), buffer_.data() + end, size, 16);
  EXPECT_EQ(read.ptr, buffer_.data() + end) << "not a chunk size: " << buffer_.substr(0, end);
  while (buffer_.size() < end + 2 + size + 2) {
    if (!fill()) return std::nullopt;
  }
  EXPECT_EQ(buffer_.substr(end + 2 + size, 2), "\r\n");
  std::string chunk = buffer_.substr(end + 2, size);
  buffer_.erase(0, end + 2 + size + 2);
  return chunk;
}

bool HttpClient::closed() {
  if (!buffer_.empty()) return false;
  char byte = 0;
  const std::ptrdiff_t n = socket_.receive({&byte, 1});
  if (n > 0) buffer_.push_back(byte);
  return n == 0 || (n < 0 && errno == ECONNRESET);
}

HttpResponse Browser::exchange(const std::string& request, bool to_head) {
  HttpClient client(port_, certificate_);
  client.expect(context_);
  client.send(request);
  const auto response = client.receive(to_head);
  if (!response) {
    ADD_FAILURE() << "no answer";
    return {};
  }
  for (const auto& [name, set] : response->fields) {
    if (name == "set-cookie") keep_cookie(set);
  }
  return *response;
}

void Browser::keep_cookie(const std::string& set) {
  const std::string pair = set.substr(0, set.find(';'));
  const std::string name = pair.substr(0, pair.find('=') + 1);
  if (const std::size_t at = cookie_.find(name); at != cookie_.npos) {
    const std::size_t end = cookie_.find("; ", at);
    cookie_.erase(at, end == cookie_.npos ? end : end + 2 - at);
  }
  if (cookie_.ends_with("; ")) cookie_.resize(cookie_.size() - 2);
  if (set.find("Max-Age=0") == set.npos) cookie_ += (cookie_.empty() ? "" : "; ") + pair;
}

HttpResponse Browser::get(const std::string& target, const std::string& extra) {
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + authority_ + "\r\n" + extra;
  if (!cookie_.empty()) request += "Cookie: " + cookie_ + "\r\n";
  return exchange(request + "\r\n", false);
}

HttpResponse Browser::send(const std::string& method, const std::string& target, const std::string& type,
                           const std::string& body, const std::string& fetch_fields) {
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + authority_ + "\r\n" + fetch_fields;
  if (!cookie_.empty()) request += "Cookie: " + cookie_ + "\r\n";
  if (!type.empty()) request += "Content-Type: " + type + "\r\n";
  if (!type.empty() || !body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return exchange(request + "\r\n" + body, method == "HEAD");
}

}  // namespace sallyport::testing
