// CORS: a route option with the other origins whose scripts may call the route.
#pragma once

#include <sallyport/detail/ascii.hpp>
#include <sallyport/fixed_string.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

namespace sallyport {

namespace detail {

/// The content of a route's CORS option, in static storage: the gate keeps a pointer to it.
struct CorsFacts {
  enum class Origins : unsigned char { listed, configured, any };
  Origins kind = Origins::listed;
  bool credentials = false;
  std::span<const std::string_view> origins;  ///< of `listed`
  std::string_view headers;                   ///< request fields that are allowed: `content-type, x-note`
  std::string_view expose;                    ///< answer fields that scripts may read; empty for none
};

// A DNS name as browsers serialise it. Addresses are left to the settings: a program does not know them.
consteval bool cors_host(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  bool digits_only = true;
  for (std::size_t begin = 0; begin <= host.size();) {
    std::size_t end = host.find('.', begin);
    if (end == host.npos) end = host.size();
    const std::string_view label = host.substr(begin, end - begin);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    digits_only = true;
    for (const char c : label) {
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
      if (c < '0' || c > '9') digits_only = false;
    }
    // What ends in a number is an IPv4 address to a browser (WHATWG URL, "ends in a number checker").
    if (end == host.size() && label.starts_with("0x")) digits_only = true;
    begin = end + 1;
  }
  return !digits_only;
}

consteval bool cors_port(std::string_view port) {
  if (port.empty() || port.size() > 5 || port[0] == '0') return false;
  unsigned number = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  return number <= 65535 && number != 443;
}

consteval bool cors_origin(std::string_view origin) {
  if (origin == "null") throw "CORS-001: 'null' is the origin of every sandboxed page: name the origins you trust";
  if (origin.find('*') != origin.npos) {
    throw "CORS-001: no patterns: name each origin; sp::cors_any is for what everybody may read";
  }
  if (!origin.starts_with("https://")) throw "CORS-001: an origin is https: \"https://app.example\"";
  const std::string_view authority = origin.substr(8);
  const std::size_t colon = authority.find(':');
  if (!cors_host(authority.substr(0, colon)) || (colon != authority.npos && !cors_port(authority.substr(colon + 1)))) {
    throw "CORS-001: write the origin as browsers send it: a host name in lower case, a port only when it is not 443, "
          "nothing behind it (addresses: cors.origins and sp::configured_cors)";
  }
  return true;
}

consteval bool cors_is(std::string_view name, std::string_view lower_case) {
  if (name.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (to_lower(name[i]) != lower_case[i]) return false;
  }
  return true;
}

consteval void cors_field(std::string_view name) {
  if (name == "*") throw "CORS-002: no wildcard: name each field";
  if (name.empty()) throw "CORS-002: a field has a name";
  for (const char c : name) {
    const char lower = to_lower(c);
    if (!((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
      throw "CORS-002: a field name is letters, digits, '-' and '_': one name for each literal";
    }
  }
}

// Fetch standard, "forbidden request-header": scripts can't set these, so allowing them has no effect.
consteval bool cors_request_field(std::string_view name) {
  cors_field(name);
  for (const std::string_view forbidden : {"accept-charset",
                                           "accept-encoding",
                                           "access-control-request-headers",
                                           "access-control-request-method",
                                           "access-control-request-private-network",
                                           "connection",
                                           "content-length",
                                           "cookie",
                                           "cookie2",
                                           "date",
                                           "dnt",
                                           "expect",
                                           "host",
                                           "keep-alive",
                                           "origin",
                                           "referer",
                                           "set-cookie",
                                           "te",
                                           "trailer",
                                           "transfer-encoding",
                                           "upgrade",
                                           "via",
                                           "x-http-method",
                                           "x-http-method-override",
                                           "x-method-override"}) {
    if (cors_is(name, forbidden)) throw "CORS-002: scripts can't send this field, and must not: leave it out";
  }
  for (const std::string_view prefix : {"proxy-", "sec-"}) {
    if (name.size() >= prefix.size() && cors_is(name.substr(0, prefix.size()), prefix)) {
      throw "CORS-002: scripts can't send this field, and must not: leave it out";
    }
  }
  return true;
}

consteval bool cors_answer_field(std::string_view name) {
  cors_field(name);
  for (const std::string_view forbidden : {"set-cookie", "set-cookie2"}) {
    if (cors_is(name, forbidden)) throw "CORS-002: scripts never read cookies from answers: leave the field out";
  }
  return true;
}

/// Names in lower case with `, ` between them.
template <FixedString... Names>
struct CorsNames {
  static constexpr std::size_t size = (std::size_t{0} + ... + (decltype(Names)::size + 2));
  static constexpr std::array<char, size + 1> text = [] {
    std::array<char, size + 1> joined{};
    [[maybe_unused]] std::size_t at = 0;
    [[maybe_unused]] const auto add = [&](std::string_view name) {
      for (const char c : name) joined[at++] = to_lower(c);
      joined[at++] = ',';
      joined[at++] = ' ';
    };
    (add(Names.view()), ...);
    return joined;
  }();
  static constexpr std::string_view view() noexcept { return {text.data(), size == 0 ? 0 : size - 2}; }
  template <FixedString... More>
  using With = CorsNames<Names..., More...>;
};

template <FixedString... Literals>
struct ListedOrigins {
  static_assert(sizeof...(Literals) > 0, "CORS-001: name at least one origin: sp::cors<\"https://app.example\">");
  static_assert((cors_origin(Literals.view()) && ...));
  static constexpr auto kind = CorsFacts::Origins::listed;
  static constexpr std::array<std::string_view, sizeof...(Literals)> origins{Literals.view()...};
};
struct ConfiguredOrigins {
  static constexpr auto kind = CorsFacts::Origins::configured;
  static constexpr std::array<std::string_view, 0> origins{};
};
struct AnyOrigin {
  static constexpr auto kind = CorsFacts::Origins::any;
  static constexpr std::array<std::string_view, 0> origins{};
};

}  // namespace detail

/// A route option: scripts of these origins may call the route and read its answers. Browsers send a preflight where a form could
/// not have sent the same request; the gate answers it. Every other foreign origin gets 403 for requests that change state.
///
///     app.put("/api/notes/:id", sp::signed_in, sp::cors<"https://app.example">.with_credentials(), save);
///
/// The methods are those that the path is registered for. Without further options: no cookies, the request field `Content-Type`,
/// and no answer fields but those that every script may read (Fetch standard, "CORS-safelisted").
template <class Origins, bool Credentials, class RequestNames, class AnswerNames>
class Cors {
  static_assert(sizeof(Origins) != 0);  // its checks, here and now

 public:
  using is_route_option = void;
  using is_cors_option = void;
  /// Any origin may read the answers. Only for answers that are the same for every caller.
  static constexpr bool any_origin = Origins::kind == detail::CorsFacts::Origins::any;

  /// Requests may carry the user's cookies: these origins can do whatever the user can do on this route. For origins of the same site
  /// (`https://app.notes.example` for `https://notes.example`): session cookies are SameSite, no browser sends them from another site.
  [[nodiscard]] consteval auto with_credentials() const {
    static_assert(!any_origin,
                  "CORS-003: any origin and the user's cookies would let every site read what the user can read: name "
                  "the origins, sp::cors<\"https://app.example\">.with_credentials()");
    return Cors<Origins, !any_origin, RequestNames, AnswerNames>();
  }

  /// Request fields besides `Content-Type`: `.allow_headers<"X-Requested-With", "Idempotency-Key">()`.
  template <detail::FixedString... Names>
  [[nodiscard]] consteval auto allow_headers() const {
    static_assert((detail::cors_request_field(Names.view()) && ...));
    return Cors<Origins, Credentials, typename RequestNames::template With<Names...>, AnswerNames>();
  }

  /// Answer fields that scripts may read: `.expose_headers<"X-Total-Count">()`.
  template <detail::FixedString... Names>
  [[nodiscard]] consteval auto expose_headers() const {
    static_assert((detail::cors_answer_field(Names.view()) && ...));
    return Cors<Origins, Credentials, RequestNames, typename AnswerNames::template With<Names...>>();
  }

  /// For the kernel.
  [[nodiscard]] static constexpr const detail::CorsFacts& facts() noexcept { return facts_; }

 private:
  static constexpr detail::CorsFacts facts_{Origins::kind, Credentials, Origins::origins, RequestNames::view(),
                                            AnswerNames::view()};
};

/// Exactly these origins, each as browsers send it: `sp::cors<"https://app.example", "https://b.example:8443">`.
template <detail::FixedString... Origins>
inline constexpr Cors<detail::ListedOrigins<Origins...>, false, detail::CorsNames<"content-type">, detail::CorsNames<>>
    cors{};

/// The origins of the setting `cors.origins`; none while it is empty.
inline constexpr Cors<detail::ConfiguredOrigins, false, detail::CorsNames<"content-type">, detail::CorsNames<>>
    configured_cors{};

/// Every origin, never with cookies: for answers of routes for `anyone` that are the same for every caller.
inline constexpr Cors<detail::AnyOrigin, false, detail::CorsNames<"content-type">, detail::CorsNames<>> cors_any{};

namespace detail {
template <class T>
inline constexpr bool is_cors_option = requires { typename std::remove_cvref_t<T>::is_cors_option; };
template <class T>
inline constexpr bool any_origin_option = requires { requires std::remove_cvref_t<T>::any_origin; };
}  // namespace detail

}  // namespace sallyport
