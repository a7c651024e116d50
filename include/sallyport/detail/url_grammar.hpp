// The grammar of safe addresses: one set of rules for literals (while compiling) and for users' links (at run time).
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/secret_names.hpp>
#include <sallyport/detail/slot_value.hpp>
#include <sallyport/fixed_string.hpp>

namespace sallyport {

class LocalUrl;

namespace detail {

constexpr bool ascii_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool hex_digit(char c) noexcept { return ascii_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

/// RFC 3986 section 2.3: the characters that mean themselves everywhere in an address.
constexpr bool url_unreserved(char c) noexcept {
  return ascii_letter(c) || ascii_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// RFC 3986 sections 2.1 to 2.3: every character that may stand in an address. Not among them: controls, space, `"`,
/// `<`, `>`, `\`, `^`, `` ` ``, `{`, `|`, `}`.
inline constexpr std::array<bool, 256> url_characters = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 0x80; ++c) table[static_cast<std::size_t>(c)] = url_unreserved(static_cast<char>(c));
  for (const char c : std::string_view{":/?#[]@!$&'()*+,;=%"}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();
constexpr bool url_character(char c) noexcept { return url_characters[static_cast<unsigned char>(c)]; }

/// Each `%` is followed by two hexadecimal digits; none of the `banned` pairs (lower case) occurs.
constexpr bool percent_encoding_ok(std::string_view text, std::initializer_list<std::string_view> banned) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    if (text.size() - i < 3 || !hex_digit(text[i + 1]) || !hex_digit(text[i + 2])) return false;
    for (const std::string_view pair : banned) {
      if (to_lower(text[i + 1]) == pair[0] && to_lower(text[i + 2]) == pair[1]) return false;
    }
  }
  return true;
}

// --- Links -----------------------------------------------------------------------------------------------------------

enum class UrlForm : unsigned char { refused, local, web, mailto, fragment, query };

/// The cap on a link; longer ones break in clients and logs.
inline constexpr std::size_t max_url_size = 2048;

/// Removes `prefix` (lower case) from the front of `text`, whatever its case there.
constexpr bool take_scheme(std::string_view& text, std::string_view prefix) noexcept {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (to_lower(text[i]) != prefix[i]) return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`. No user name, nothing beyond ASCII (a host is written in punycode).
constexpr bool authority_ok(std::string_view authority) noexcept {
  std::size_t i = 0;
  if (!authority.empty() && authority[0] == '[') {
    for (i = 1; i < authority.size() && (hex_digit(authority[i]) || authority[i] == ':' || authority[i] == '.');) ++i;
    if (i == 1 || i == authority.size() || authority[i] != ']') return false;
    ++i;
  } else {
    while (i < authority.size() && (url_unreserved(authority[i]) && authority[i] != '~')) ++i;
    if (i == 0) return false;
  }
  if (i == authority.size()) return true;
  if (authority[i] != ':') return false;
  const std::string_view port = authority.substr(i + 1);
  if (port.empty() || port.size() > 5) return false;
  for (const char c : port) {
    if (!ascii_digit(c)) return false;
  }
  return true;
}

/// What kind of safe address this is. The scheme decides by allow-list; what a browser would strip, fold or read as
/// another separator before it looks at the scheme (WHATWG URL section 4.4: C0 controls, space, tab, newline, `\`) is
/// refused wherever it stands.
constexpr UrlForm url_form(std::string_view text) noexcept {
  if (text.empty() || text.size() > max_url_size) return UrlForm::refused;
  for (const char c : text) {
    if (!url_character(c) && !beyond_ascii(c)) return UrlForm::refused;
  }
  if (!percent_encoding_ok(text, {})) return UrlForm::refused;
  if (text[0] == '#') return UrlForm::fragment;
  if (text[0] == '?') return UrlForm::query;
  if (text[0] == '/') return text.size() > 1 && text[1] == '/' ? UrlForm::refused : UrlForm::local;

  std::string_view rest = text;
  if (take_scheme(rest, "https://") || take_scheme(rest, "http://")) {
    return authority_ok(rest.substr(0, rest.find_first_of("/?#"))) ? UrlForm::web : UrlForm::refused;
  }
  if (take_scheme(rest, "mailto:")) {
    if (rest.empty() || !percent_encoding_ok(rest, {"0a", "0d"}))
      return UrlForm::refused;  // no lines into the mail's head
    for (const char c : rest) {
      if (beyond_ascii(c)) return UrlForm::refused;
    }
    return UrlForm::mailto;
  }
  return UrlForm::refused;
}

// --- Local paths -----------------------------------------------------------------------------------------------------

enum class PathFault : unsigned char { none, foreign, character, segment, slot, size, secret };

struct UrlSlot {
  unsigned short offset = 0;   // into the text without its `{}`
  bool whole_segment = false;  // nothing else stands between the slashes
};

inline constexpr std::size_t max_url_slots = 16;

/// A path template taken apart. Everything a path literal can do wrong is found here, so that `LocalPath` and
/// `local_url` keep the same rules.
struct ParsedPath {
  PathFault fault = PathFault::none;
  std::size_t slot_count = 0;
  std::array<UrlSlot, max_url_slots> slots{};
};

/// Reads a path, `?query` and `#fragment` in which `{}` marks a slot (if `slots_allowed`).
constexpr ParsedPath parse_path(std::string_view source, bool slots_allowed) noexcept {
  ParsedPath parsed;
  const auto failed = [&](PathFault fault) {
    parsed.fault = fault;
    return parsed;
  };
  if (source.empty() || source[0] != '/') return failed(PathFault::foreign);
  if (source.size() > 1 && (source[1] == '/' || source[1] == '\\')) return failed(PathFault::foreign);
  if (source.size() > max_url_size) return failed(PathFault::size);

  bool in_path = true;
  std::size_t literals = 0;  // of this segment
  std::size_t dots = 0;      // of these, how many are dots
  std::size_t slots = 0;     // of this segment
  const auto segment_fault = [&](bool last) {
    if (slots == 0) {
      if (literals == 0 && !last) return PathFault::segment;  // a trailing slash is fine
      if (literals > 0 && literals <= 2 && dots == literals) return PathFault::segment;
    } else if (literals == dots && (slots > 1 || literals > 0)) {
      return PathFault::slot;  // values of "." could add up to ".."
    }
    return PathFault::none;
  };

  std::size_t removed = 0;
  for (std::size_t i = 1; i < source.size(); ++i) {
    const char c = source[i];
    if (c == '{') {
      if (!slots_allowed || i + 1 == source.size() || source[i + 1] != '}') return failed(PathFault::character);
      if (parsed.slot_count == max_url_slots) return failed(PathFault::size);
      const bool alone = source[i - 1] == '/' && (i + 2 == source.size() || source[i + 2] == '/' ||
                                                  source[i + 2] == '?' || source[i + 2] == '#');
      parsed.slots[parsed.slot_count++] = {static_cast<unsigned short>(i - removed), in_path && alone};
      removed += 2;
      ++slots;
      ++i;
      continue;
    }
    if (!url_character(c)) return failed(PathFault::character);
    if (!in_path) continue;
    if (c == '/' || c == '?' || c == '#') {
      if (const PathFault fault = segment_fault(c != '/'); fault != PathFault::none) return failed(fault);
      literals = dots = slots = 0;
      in_path = c == '/';
      continue;
    }
    ++literals;
    if (c == '.') ++dots;
  }
  if (in_path) {
    if (const PathFault fault = segment_fault(true); fault != PathFault::none) return failed(fault);
  }
  // Encoded dots, slashes and backslashes are read differently by different hops.
  if (!percent_encoding_ok(source.substr(0, source.find_first_of("?#")), {"2e", "2f", "5c", "00"}) ||
      !percent_encoding_ok(source, {"00"})) {
    return failed(PathFault::character);
  }
  return parsed;
}

constexpr PathFault path_fault(std::string_view path) noexcept { return parse_path(path, false).fault; }

/// Whether a slot of the query is the value of a name that a secret has: `?token={}`.
constexpr bool puts_secret_in_query(std::string_view source) noexcept {
  std::size_t at = source.find('?');
  while (at != source.npos) {
    source.remove_prefix(at + 1);
    at = source.find_first_of("&;#");
    const std::string_view pair = source.substr(0, at);
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && pair.find("{}", equals) != pair.npos &&
        secret_name(pair.substr(0, equals)) == SecretName::one)
      return true;
  }
  return false;
}

/// Says what is wrong with a path template.
template <PathFault Fault>
struct PathVerdict {
  static_assert(Fault != PathFault::foreign, "REDIR-001: start a local path with exactly one '/'");
  static_assert(
      Fault != PathFault::character,
      "REDIR-002: use plain URL characters in a path; {} is a slot, other braces and %2e %2f %5c %00 are out");
  static_assert(Fault != PathFault::segment, "REDIR-002: no '.', '..' or empty segment in a path");
  static_assert(
      Fault != PathFault::slot,
      "REDIR-003: put a slot between two slashes or beside ordinary text: \"{}{}\" and \".{}\" could become \"..\"");
  static_assert(
      Fault != PathFault::secret,
      "SEC-013: addresses are kept in logs, histories and Referer fields: send a secret in a body, or call the "
      "value by what it is (?coupon={}, ?invitation={})");
  static_assert(Fault != PathFault::size, "REDIR-002: at most 16 slots and 2048 characters in a path");
  static constexpr bool ok = Fault == PathFault::none;
};

/// A path template that has passed its checks; only `LocalUrlTemplate` makes one.
class CheckedPath {
 public:
  std::string_view text() const noexcept { return text_; }  // without the `{}`
  const UrlSlot* slots() const noexcept { return slots_; }

 private:
  template <FixedString Source>
  friend struct LocalUrlTemplate;
  constexpr CheckedPath(std::string_view text, const UrlSlot* slots) noexcept : text_(text), slots_(slots) {}

  std::string_view text_;
  const UrlSlot* slots_;
};

template <FixedString Source>
struct LocalUrlTemplate {
  static constexpr ParsedPath parsed = [] {
    ParsedPath path = parse_path(Source.view(), true);
    if (path.fault == PathFault::none && puts_secret_in_query(Source.view())) path.fault = PathFault::secret;
    return path;
  }();
  static constexpr bool ok = PathVerdict<parsed.fault>::ok;

  struct Text {
    char bytes[Source.size + 1]{};
    std::size_t size = 0;
  };
  static consteval Text strip() {
    Text stripped;
    for (std::size_t i = 0; i < Source.size; ++i) {
      if (Source.text[i] != '{' && Source.text[i] != '}') stripped.bytes[stripped.size++] = Source.text[i];
    }
    return stripped;
  }
  static constexpr Text text = strip();
  static constexpr CheckedPath checked() noexcept { return {{text.bytes, text.size}, parsed.slots.data()}; }
};

/// The compiled part of `local_url`.
struct UrlMaker {
  static LocalUrl build(const CheckedPath& path, std::initializer_list<SlotValue> values);
};

}  // namespace detail
}  // namespace sallyport
