// One connection to Redis, with or without TLS: commands out, answers in, each wait with an end.
#pragma once

#include "base/descriptor.hpp"
#include "limits/redis_protocol.hpp"
#include "limits/redis_url.hpp"
#include "net/openssl.hpp"

#include <netdb.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::limits {

using RedisDeadline = std::chrono::steady_clock::time_point;

/// What TLS to Redis is made with: 1.2 or later, and the authorities in the PEM file `ca`, or the system's where it is empty.
/// Null, and why.
[[nodiscard]] net::SslContext make_redis_tls(const std::string& ca, std::string& why);

/// Used by one thread, in which SIGPIPE is blocked or ignored. Where a function says that it failed, `why` has the reason, and the
/// connection is of no more use: an answer may still come on it that belongs to nobody.
class RedisConnection {
 public:
  /// Every wait ends when `stop` (an eventfd of the caller) becomes readable.
  explicit RedisConnection(int stop) noexcept : stop_(stop) {}

  /// Looks the host's name up, which takes as long as the system's resolver takes.
  [[nodiscard]] bool find(const RedisAddress& address);
  /// A fresh connection, in place of any old one, to what `find` has found. With TLS the server's certificate has to be for
  /// `address.host`.
  [[nodiscard]] bool open(const RedisAddress& address, SSL_CTX* tls, RedisDeadline deadline);
  void close() noexcept;

  /// Commands are appended here; `next_reply` sends them.
  [[nodiscard]] std::string& outgoing() noexcept { return outgoing_; }
  /// The next answer, valid until the next call; null: failed.
  [[nodiscard]] const RedisReply* next_reply(RedisDeadline deadline);
  /// Whether more was received than the answers that were asked for.
  [[nodiscard]] bool has_surplus() const noexcept { return replies_->pending(); }
  /// While no answer is due: false when the server has ended the connection, or says something that nobody asked for.
  [[nodiscard]] bool is_quiet();

  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  [[nodiscard]] const std::string& why() const noexcept { return why_; }

 private:
  // What one try came to: bytes moved, or poll's events to wait for.
  struct Step {
    std::size_t bytes = 0;
    short wanted = 0;
    bool failed = false;
  };

  [[nodiscard]] bool connect_to(const addrinfo& place, RedisDeadline deadline);
  [[nodiscard]] bool shake_hands(const std::string& host, SSL_CTX* tls, RedisDeadline deadline);
  [[nodiscard]] bool wait(short events, RedisDeadline deadline);
  [[nodiscard]] Step send_some();
  [[nodiscard]] Step receive_some();
  [[nodiscard]] Step tls_step(int result, std::size_t bytes);
  bool fail(std::string why);
  void clear_outgoing() noexcept;

  const int stop_;
  net::Owned<addrinfo, ::freeaddrinfo> places_;
  base::Descriptor socket_;
  net::Ssl ssl_;
  std::string outgoing_;
  std::size_t sent_ = 0;
  std::array<char, 16'384> received_{};
  std::unique_ptr<RedisReplies> replies_;
  std::string why_;
};

}  // namespace sallyport::limits
