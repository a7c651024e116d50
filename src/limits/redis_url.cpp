// Reading redis.url and redis.password_file.
#include "limits/redis_url.hpp"

#include "crypto/secret_file.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <system_error>

namespace sallyport::limits {
namespace {

constexpr std::size_t longest_password = 1024;

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_host_name(std::string_view host) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), allowed);
}

bool is_this_machine(const std::string& host) {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

}  // namespace

std::string RedisAddress::text() const {
  const std::string number = std::to_string(port);
  return is_ipv6(host) ? "[" + host + "]:" + number : host + ":" + number;
}

std::string read_redis_url(std::string_view url, RedisAddress& address) {
  constexpr std::string_view plain = "redis://";
  constexpr std::string_view secure = "rediss://";
  address = {};
  address.tls = url.starts_with(secure);
  if (!address.tls && !url.starts_with(plain))
    return "redis.url must be as redis://host:port/0 or rediss://host:port/0";
  url.remove_prefix(address.tls ? secure.size() : plain.size());
  if (url.find('@') != url.npos)
    return "redis.url must not have a user or password: see redis.user, redis.password_file";

  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view place = url.substr(0, slash);
  const std::string_view database = url.substr(std::min(slash + 1, url.size()));
  if (!database.empty() && !read_number(database, address.database)) return "redis.url: the database must be a number";

  const bool bracketed = place.starts_with('[');
  const std::size_t host_end = bracketed ? place.find(']') : std::min(place.find(':'), place.size());
  if (host_end == place.npos) return "redis.url: ']' is missing";
  address.host = place.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
  if (bracketed ? !is_ipv6(address.host) : !is_host_name(address.host)) return "redis.url: that is no host";
  place.remove_prefix(host_end + (bracketed ? 1 : 0));
  if (!place.empty() && (!place.starts_with(':') || !read_number(place.substr(1), address.port) || address.port == 0))
    return "redis.url: the port must be 1 to 65535";
  if (!address.tls && !is_this_machine(address.host))
    return "redis.url: redis:// is for this machine only; another one takes rediss:// (TLS)";
  return {};
}

std::string read_password_file(const std::string& path, SecretBytes& password) {
  const std::string_view name = "redis.password_file ";
  const auto wrong = [&](std::string_view what) { return std::string(name) + path + ": " + std::string(what); };
  crypto::Scratch<longest_password + 3> content;  // with its line end, and one byte more
  const crypto::SecretFileRead read = crypto::read_secret_file(path.c_str(), content.bytes);
  switch (read.fault) {
    case crypto::SecretFileFault::none:
      break;
    case crypto::SecretFileFault::symbolic_link:
      return wrong("is a symbolic link: a user who can change it chooses the password");
    case crypto::SecretFileFault::not_a_file:
      return wrong("is not a regular file");
    case crypto::SecretFileFault::wrong_owner:
      return wrong("belongs to another user");
    case crypto::SecretFileFault::too_accessible:
      return wrong("others have rights on it: chmod 600 " + path);
    case crypto::SecretFileFault::missing:
    case crypto::SecretFileFault::unreadable:
      return wrong(std::system_category().message(read.error));
  }
  std::span<const unsigned char> line = std::span(content.bytes).first(read.size);
  if (!line.empty() && line.back() == '\n') line = line.first(line.size() - 1);
  if (!line.empty() && line.back() == '\r') line = line.first(line.size() - 1);
  if (line.empty()) return wrong("is empty");
  if (line.size() > longest_password) return wrong("is longer than 1024 bytes");
  if (std::find(line.begin(), line.end(), '\n') != line.end()) return wrong("has more than one line");
  password = SecretBytes(line);
  return {};
}

}  // namespace sallyport::limits
