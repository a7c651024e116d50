// Blocking sockets with a generous limit, so that a hanging server fails a test instead of hanging it.
#include "support/http_client.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace sallyport::testing {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// What every answer of the service carries, whoever made it. A missing or doubled one fails the test that asked.
void check_every_answer(const HttpResponse& response) {
  for (const char* name : {"date", "x-content-type-options", "content-security-policy", "referrer-policy",
                           "cache-control", "cross-origin-resource-policy", "x-permitted-cross-domain-policies"}) {
    EXPECT_EQ(response.count(name), 1U) << name << " on a " << response.status;
  }
  for (const char* name : {"server", "x-powered-by"}) EXPECT_EQ(response.count(name), 0U) << name;
  EXPECT_LE(response.count("set-cookie"), 1U);
  if (response.count("set-cookie") == 1) {
    const std::string cookie = response.field("set-cookie");
    for (const char* attribute : {"__Host-", "; Path=/", "; Secure", "; HttpOnly", "; SameSite="}) {
      EXPECT_NE(cookie.find(attribute), cookie.npos) << attribute << " in " << cookie;
    }
    EXPECT_EQ(cookie.find("Domain"), cookie.npos);
  }
}

}  // namespace

std::string HttpResponse::field(std::string_view name) const {
  EXPECT_LE(count(name), 1U) << name;
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

std::size_t HttpResponse::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; }));
}

HttpClient::HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect");
}

HttpClient::~HttpClient() { ::close(socket_); }

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the server has closed: what it said first is still to be read
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void HttpClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool HttpClient::fill() {
  std::array<char, 16384> chunk;
  const ssize_t n = ::recv(socket_, chunk.data(), chunk.size(), 0);
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
  check_every_answer(response);
  const bool bodiless = response.status == 204 || response.status == 304;
  const bool chunked = response.count("transfer-encoding") == 1;
  EXPECT_EQ(response.count("content-length") + response.count("transfer-encoding"), bodiless ? 0U : 1U)
      << response.status;
  if (bodiless || to_head) return response;
  if (chunked) {
    EXPECT_EQ(response.field("transfer-encoding"), "chunked");
    while (auto chunk = receive_chunk()) {
      if (chunk->empty()) return response;
      response.body += *chunk;
    }
    ADD_FAILURE() << "the connection ended inside a chunked body";
    return response;
  }
  const std::size_t length = std::stoul(response.field("content-length"));
  while (buffer_.size() < length && fill()) {
  }
  EXPECT_GE(buffer_.size(), length) << "the connection ended inside a body";
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
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
  const ssize_t n = ::recv(socket_, &byte, 1, 0);
  if (n > 0) buffer_.push_back(byte);
  return n == 0 || (n < 0 && errno == ECONNRESET);
}

HttpResponse Browser::exchange(const std::string& request, bool to_head) {
  HttpClient client(port_);
  client.send(request);
  const auto response = client.receive(to_head);
  if (!response) {
    ADD_FAILURE() << "no answer";
    return {};
  }
  if (response->count("set-cookie") == 1) {
    const std::string set = response->field("set-cookie");
    cookie_ = set.find("Max-Age=0") == set.npos ? set.substr(0, set.find(';')) : std::string();
  }
  return *response;
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
