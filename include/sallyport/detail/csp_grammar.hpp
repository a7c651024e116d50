// The rules for chosen parts of a Content-Security-Policy: one set for literals (while compiling) and for the settings (at start).
#pragma once

#include <sallyport/detail/header_options.hpp>
#include <sallyport/detail/url_grammar.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sallyport::detail {

/// Whether unsafe sources are allowed: only for `insecure_csp`, which has a reason.
enum class Sources : bool { safe, any };

/// `host` or `host:port` as a policy names it: DNS labels in lower case (RFC 1123 2.1), a port without leading zeros.
constexpr bool exact_host(std::string_view authority) noexcept {
  std::string_view port;
  if (const std::size_t colon = authority.find(':'); colon != authority.npos) {
    port = authority.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.front() == '0') return false;
    unsigned number = 0;
    for (const char c : port) {
      if (!ascii_digit(c)) return false;
      number = number * 10 + static_cast<unsigned>(c - '0');
    }
    if (number > 65535) return false;
    authority = authority.substr(0, colon);
  }
  if (authority.empty() || authority.size() > 253) return false;
  for (bool more = true; more;) {
    const std::size_t dot = authority.find('.');
    const std::string_view label = authority.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
      if (!ascii_digit(c) && c != '-' && (c < 'a' || c > 'z')) return false;
    }
    more = dot != authority.npos;
    if (more) authority.remove_prefix(dot + 1);
  }
  return true;
}

/// `https://partner.example`: an origin as a browser writes it, the scheme's own port left out (RFC 6454 6.2).
constexpr bool exact_https_origin(std::string_view text) noexcept {
  return text.starts_with("https://") && exact_host(text.substr(8)) && !text.ends_with(":443");
}

struct CspDirective {
  std::string_view name;
  std::string_view sources;
};

/// Cuts the first directive off the front of `rest`.
constexpr CspDirective next_directive(std::string_view& rest) noexcept {
  std::string_view text = cut(rest, ';');
  const std::string_view name = cut(text, ' ');
  return {name, cut(text, ';')};
}

template <std::size_t N>
constexpr bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) noexcept {
  return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr bool has_upper_case(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

constexpr bool is_hash(std::string_view keyword) noexcept {
  return keyword.starts_with("sha256-") || keyword.starts_with("sha384-") || keyword.starts_with("sha512-");
}

/// Keywords that a policy writes in quotes, and that are often written without (the list of Helmet's errors).
constexpr bool is_keyword(std::string_view word) noexcept {
  constexpr std::array<std::string_view, 9> words{
      "self",        "none",          "strict-dynamic",   "report-sample",           "unsafe-inline",
      "unsafe-eval", "unsafe-hashes", "wasm-unsafe-eval", "inline-speculation-rules"};
  return is_one_of(word, words) || word.starts_with("nonce-") || is_hash(word);
}

constexpr std::optional<PolicyFault> check_keyword(std::string_view word, std::string_view directive, Sources sources) {
  const bool closed = word.size() > 2 && word.back() == '\'';
  const std::string_view name = closed ? word.substr(1, word.size() - 2) : std::string_view();
  if (name.starts_with("nonce-")) {
    return policy_fault("CSP-001: no nonce from text: the kernel draws one for each answer", directive);
  }
  if (has_upper_case(name) && !is_hash(name)) return policy_fault("CSP-003: lower case only", directive);
  if (!is_keyword(name)) {
    return policy_fault("CSP-003: no such keyword: 'self', 'none' and 'report-sample' are the safe ones", directive);
  }
  if (is_hash(name) && !std::all_of(name.begin() + 7, name.end(), [](char c) {
        return ascii_letter(c) || ascii_digit(c) || c == '+' || c == '/' || c == '=';
      })) {
    return policy_fault("CSP-003: a hash is written in base64", directive);
  }
  if (name != "self" && name != "report-sample" && sources == Sources::safe) {
    return policy_fault(
        "CSP-001: unsafe source: what is inline or evaluated stays forbidden (but for sp::insecure_csp in the program)",
        directive);
  }
  return {};
}

/// A source that is no keyword: an address, a scheme, or what should have been one.
constexpr std::optional<PolicyFault> check_address(std::string_view word, std::string_view directive, Sources sources) {
  const bool any = sources == Sources::any;
  if (is_keyword(word)) return policy_fault("CSP-003: keywords stand in quotes: 'self', 'none'", directive);
  if (word.find('*') != word.npos && !any) {
    return policy_fault("CSP-001: no wildcards: name exact https hosts, as in https://cdn.example", directive);
  }
  if (word == "*") return {};
  if (word.back() == ':') {
    // Pictures, fonts and films don't run; a blob: worker would make a script of text.
    const bool inert = (word == "data:" && (directive == "img-src" || directive == "font-src")) ||
                       (word == "blob:" && (directive == "img-src" || directive == "media-src"));
    if (!inert && !any) {
      return policy_fault("CSP-001: a bare scheme is everybody: name exact https hosts, as in https://cdn.example",
                          directive);
    }
    if (has_upper_case(word)) return policy_fault("CSP-003: lower case only", directive);
    const bool plain = word.size() > 1 &&
                       std::all_of(word.begin(), word.end() - 1, [](char c) { return ascii_letter(c) || c == '-'; });
    return plain ? std::optional<PolicyFault>() : policy_fault("CSP-003: this is no scheme", directive);
  }
  const std::size_t slashes = word.find("://");
  const std::string_view scheme = word.substr(0, slashes);
  const bool web_socket = directive == "connect-src" && (scheme == "wss" || scheme == "ws");
  if (slashes == word.npos || (scheme != "https" && scheme != "http" && !web_socket)) {
    return policy_fault("CSP-003: write an address in full: https://cdn.example (wss:// in connect-src)", directive);
  }
  if ((scheme == "http" || scheme == "ws") && !any) {
    return policy_fault("CSP-001: no http: and no ws: anybody on the way could answer instead", directive);
  }
  std::string_view host = word.substr(slashes + 3);
  std::string_view path;
  if (const std::size_t slash = host.find('/'); slash != host.npos) {
    path = host.substr(slash);
    host = host.substr(0, slash);
  }
  if (any && host.starts_with("*.")) host.remove_prefix(2);
  const bool path_ok = std::all_of(path.begin(), path.end(), [](char c) {
    return url_character(c) && std::string_view("?#;,'*[]").find(c) == std::string_view::npos;
  });
  if (!exact_host(host) || !path_ok || !percent_encoding_ok(path, {})) {
    return policy_fault("CSP-003: not an address of a policy: https://host, :port if need be, a path", directive);
  }
  return {};
}

/// Directives that only `insecure_csp` may open.
inline constexpr std::array<std::string_view, 4> only_none{"base-uri", "default-src", "object-src", "script-src-attr"};

/// Directives whose sources an application chooses.
inline constexpr std::array<std::string_view, 12> free_directives{
    "child-src",    "connect-src", "font-src",  "form-action",    "frame-src",      "img-src",
    "manifest-src", "media-src",   "style-src", "style-src-attr", "style-src-elem", "worker-src"};
/// Directives that only the library writes.
inline constexpr std::array<std::string_view, 6> own_directives{
    "block-all-mixed-content", "report-to", "report-uri", "sandbox", "script-src-elem", "upgrade-insecure-requests"};
/// Directives that other options write.
inline constexpr std::array<std::string_view, 4> option_directives{"frame-ancestors", "trusted-types",
                                                                   "require-trusted-types-for", "script-src"};

/// Whether the directive may be chosen at all.
constexpr std::optional<PolicyFault> check_directive_name(std::string_view name, Sources sources) {
  if (is_one_of(name, free_directives) || is_one_of(name, only_none)) return {};
  if (has_upper_case(name)) return policy_fault("CSP-003: lower case only", name);
  if (name == "frame-ancestors") return policy_fault("CSP-002: who may frame a page is said by sp::embeddable", name);
  if (name == "trusted-types" || name == "require-trusted-types-for") {
    return policy_fault("CSP-002: Trusted Types are chosen by sp::trusted_types", name);
  }
  if (name == "script-src") {
    if (sources == Sources::any) return {};
    return policy_fault("CSP-002: script-src is the kernel's: a page's own scripts carry its nonce", name);
  }
  if (is_one_of(name, own_directives)) return policy_fault("CSP-002: the kernel writes this directive itself", name);
  return policy_fault("CSP-002: no such directive", name);
}

constexpr std::optional<PolicyFault> check_directive(const CspDirective& directive, Sources sources) {
  const std::string_view name = directive.name;
  if (name.empty()) return policy_fault("CSP-003: an empty directive: one ';' between two of them");
  if (auto fault = check_directive_name(name, sources)) return fault;
  if (directive.sources.empty()) return policy_fault("CSP-003: name the sources, or 'none'", name);
  if (directive.sources == "'none'") return {};
  if (sources == Sources::safe && is_one_of(name, only_none)) {
    return policy_fault("CSP-002: this directive stays 'none'", name);
  }
  for (std::string_view rest = directive.sources; !rest.empty();) {
    const std::string_view word = cut(rest, ' ');
    if (word.empty()) continue;
    if (word == "'none'") return policy_fault("CSP-003: 'none' stands alone", name);
    auto fault = word.front() == '\'' ? check_keyword(word, name, sources) : check_address(word, name, sources);
    if (fault) return fault;
  }
  return {};
}

/// Whether the directives of `text` may replace those of the default policy. Never an empty text.
constexpr std::optional<PolicyFault> check_csp(std::string_view text, Sources sources = Sources::safe) {
  if (text.empty() || text.size() > 4096) return policy_fault("CSP-003: name directives, in 4096 characters at most");
  for (const char c : text) {
    if (c < ' ' || c > '~') return policy_fault("CSP-003: printable ASCII only, no control characters");
    if (c == ',') return policy_fault("CSP-003: no ',': it would begin another policy");
  }
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view earlier = text.substr(0, text.size() - rest.size());
    const CspDirective directive = next_directive(rest);
    if (auto fault = check_directive(directive, sources)) return fault;
    for (std::string_view other = earlier; !other.empty();) {
      if (next_directive(other).name == directive.name) {
        return policy_fault("CSP-004: a directive is named once: browsers ignore the second", directive.name);
      }
    }
  }
  return {};
}

/// Names of policies for `trusted-types` (Trusted Types 4.2): no wildcard, no keyword.
constexpr std::optional<PolicyFault> check_trusted_types(std::string_view names) {
  bool some = false;
  for (std::string_view rest = names; !rest.empty();) {
    const std::string_view name = cut(rest, ' ');
    some = some || !name.empty();
    for (const char c : name) {
      if (!ascii_letter(c) && !ascii_digit(c) && std::string_view("-#=_/@.%").find(c) == std::string_view::npos) {
        return policy_fault("CSP-006: name the policies that scripts create, as in \"notes dompurify\"",
                            "trusted-types");
      }
    }
  }
  if (!some) return policy_fault("CSP-006: name the policies that scripts create, or leave it out", "trusted-types");
  return {};
}

constexpr std::optional<PolicyFault> check_embedders(std::string_view origins) {
  bool some = false;
  for (std::string_view rest = origins; !rest.empty();) {
    const std::string_view origin = cut(rest, ' ');
    some = some || !origin.empty();
    if (!origin.empty() && !exact_https_origin(origin)) {
      return policy_fault("HDR-003: exact https origins, as in \"https://partner.example\"", "frame-ancestors");
    }
  }
  if (!some) return policy_fault("HDR-003: name who may frame it: \"https://partner.example\"", "frame-ancestors");
  return {};
}

}  // namespace sallyport::detail
