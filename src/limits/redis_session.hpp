// One connection to Redis: connects, signs in and loads the script; then sends commands and reads answers.
#pragma once

#include <sallyport/secret.hpp>
#include <sallyport/task.hpp>

#include "limits/redis_protocol.hpp"
#include "limits/redis_url.hpp"
#include "net/connect.hpp"
#include "net/event_loop.hpp"
#include "net/outbound_stream.hpp"
#include "net/resolver.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::limits {

/// How connections are made. `script` is a constant.
struct RedisOptions {
  RedisAddress address;
  std::string user;
  SecretBytes password;
  std::shared_ptr<SSL_CTX> tls;  ///< with `address.tls`
  std::chrono::milliseconds timeout{100};
  std::size_t queue_limit = 10'000;
  std::string_view script;
  RedisArguments probe;  ///< a harmless call that writes: a read-only server can't be used
};

/// No request waits for it: long enough for TLS and a distant machine.
inline constexpr std::chrono::milliseconds redis_connect_time{2000};

/// The first line of a server's message, with printable characters only, for the log.
[[nodiscard]] std::string redis_refusal(std::string_view error);

class RedisSession {
 public:
  /// All of these outlive the session.
  RedisSession(net::EventLoop& loop, net::Resolver& resolver, const RedisOptions& options)
      : loop_(loop), resolver_(resolver), options_(options) {}

  /// A fresh connection in place of any old one, signed in, with the script loaded and tried. Empty, or what went wrong.
  [[nodiscard]] Task<std::string> open(net::Deadline deadline);
  void close() noexcept { stream_.close(); }

  [[nodiscard]] net::OutboundStream& stream() noexcept { return stream_; }
  /// The hash of the script, as Redis answered it.
  [[nodiscard]] const std::string& digest() const noexcept { return digest_; }

  /// The next answer that has been received.
  [[nodiscard]] RedisReplies::State next_reply() { return replies_->next(); }
  /// Waits for it. Empty, or what went wrong.
  [[nodiscard]] Task<std::string> wait_for_reply(net::Deadline deadline);
  /// Valid until the next one is looked for.
  [[nodiscard]] const RedisReply& reply() const noexcept { return replies_->reply(); }
  /// Whether more was received than the answers to the calls.
  [[nodiscard]] bool has_unexpected_reply() const noexcept { return replies_->pending(); }

 private:
  [[nodiscard]] Task<std::string> sign_in(net::Deadline deadline);

  net::EventLoop& loop_;
  net::Resolver& resolver_;
  const RedisOptions& options_;
  net::OutboundStream stream_;
  std::unique_ptr<RedisReplies> replies_;
  std::string digest_;
  std::array<char, 16'384> received_{};
};

}  // namespace sallyport::limits
