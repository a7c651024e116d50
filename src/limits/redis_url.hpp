// Where Redis is, and the password for it.
#pragma once

#include <sallyport/secret.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::limits {

/// `redis.url`, taken apart.
struct RedisAddress {
  std::string host;  ///< a name or an IP address, without the brackets of IPv6
  std::uint16_t port = 6379;
  std::uint32_t database = 0;
  bool tls = false;

  /// `host:port`, for messages.
  [[nodiscard]] std::string text() const;
};

/// Reads `redis://host`, `rediss://host:port/database`. Empty, or what is wrong with it. Everything else is refused: a user or
/// a password (they would be visible wherever settings are), and another machine without TLS.
[[nodiscard]] std::string read_redis_url(std::string_view url, RedisAddress& address);

/// Reads the file's one line. Empty, or why it can't be used: it must be a regular file, no link, of this process's user or root,
/// without rights for group and others.
[[nodiscard]] std::string read_password_file(const std::string& path, SecretBytes& password);

}  // namespace sallyport::limits
