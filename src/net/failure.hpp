// What can go wrong with a connection to another machine: a kind to decide by, and a text for a log.
#pragma once

#include <cstdint>
#include <string_view>

namespace sallyport::net {

enum class NetError : std::uint8_t {
  none,
  no_such_host,  ///< the name can't be looked up
  unreachable,   ///< no address accepted the connection
  timed_out,
  closed,       ///< the peer has closed the connection properly
  lost,         ///< the connection broke, or ended in the middle
  tls,          ///< no agreement: not TLS, too old, no shared cipher
  certificate,  ///< not of a known authority, expired, or of another host
  too_many,     ///< a bounded queue is full
  no_memory,
};

struct Failure {
  NetError error = NetError::none;
  /// A static text of the system or of OpenSSL.
  std::string_view text;

  [[nodiscard]] explicit operator bool() const noexcept { return error != NetError::none; }
};

inline constexpr Failure timed_out{NetError::timed_out, "no answer in time"};
inline constexpr Failure out_of_memory{NetError::no_memory, "out of memory"};

/// With the system's text for `number`, an errno.
[[nodiscard]] Failure system_failure(NetError error, int number) noexcept;

}  // namespace sallyport::net
