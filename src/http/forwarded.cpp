// Reads what proxies add, strictly: an element that could be read in two ways names no host.
#include "http/forwarded.hpp"

#include "base/character_class.hpp"

#include <algorithm>

namespace sallyport::http {
namespace {

using base::equal_ignoring_case;
using base::is_digit;

constexpr std::size_t none = std::string_view::npos;

// The comma before the last element. A quote that nothing opens makes the rest one element, which is malformed. With quoted
// pairs the quotes may be taken for others than they are, but then a backslash is in the element, and it is malformed too.
std::size_t last_comma(std::string_view list, bool quotes) noexcept {
  for (std::size_t i = list.size(); i-- > 0;) {
    if (list[i] == ',') return i;
    if (!quotes || list[i] != '"') continue;
    i = list.substr(0, i).rfind('"');
    if (i == none) return none;
  }
  return none;
}

// RFC 7239 6.3: `_` and letters, digits, `.`, `_`, `-`.
bool is_obfuscated(std::string_view text) noexcept {
  return text.size() > 1 && text.front() == '_' &&
         std::all_of(text.begin(), text.end(), [](char c) { return base::is_in(base::host_class, c); });
}

// Nothing, or `:` and a port (RFC 7239 6.2). What the port is does not matter.
bool is_port_or_nothing(std::string_view text) noexcept {
  if (text.empty()) return true;
  if (text.front() != ':') return false;
  const std::string_view port = text.substr(1);
  if (is_obfuscated(port)) return true;
  return !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

// node [ ":" port ] (RFC 7239 section 6). IPv6 without brackets never has a port: which part would it be?
Hop read_node(std::string_view text, bool bare_v6) noexcept {
  std::optional<base::IpAddress> address;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == none || text.substr(0, close).find(':') == none) return {};  // `[1.2.3.4]` is nothing
    address = base::IpAddress::parse(text.substr(1, close - 1));
    port = text.substr(close + 1);
  } else {
    const std::size_t colon = text.find(':');
    const bool v6 = colon != none && text.find(':', colon + 1) != none;
    if (v6 && !bare_v6) return {};
    const std::string_view name = v6 ? text : text.substr(0, colon);
    port = v6 || colon == none ? std::string_view{} : text.substr(colon);
    if (equal_ignoring_case(name, "unknown") || is_obfuscated(name)) {
      return {.kind = is_port_or_nothing(port) ? Hop::Kind::hidden : Hop::Kind::malformed};
    }
    address = base::IpAddress::parse(name);
  }
  if (!address || !is_port_or_nothing(port)) return {};
  return {.kind = Hop::Kind::address, .address = *address};
}

// Takes a token or a quoted string off the front of `text`.
std::optional<std::string_view> take_value(std::string_view& text) noexcept {
  const bool quoted = text.starts_with('"');
  if (quoted) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const char* const stop = quoted ? std::find(text.data(), end, '"') : base::skip(base::token_class, text.data(), end);
  const std::string_view value = text.substr(0, static_cast<std::size_t>(stop - text.data()));
  if (quoted ? stop == end || value.find('\\') != none : value.empty()) return std::nullopt;
  text.remove_prefix(value.size() + (quoted ? 1 : 0));
  return value;
}

}  // namespace

std::optional<std::string_view> ElementsFromRight::next() noexcept {
  while (!in_line_) {
    if (lines_.empty()) return std::nullopt;
    const HeaderField& last = lines_.back();
    lines_ = lines_.first(lines_.size() - 1);
    in_line_ = last.known == field_;
    line_ = last.value;
  }
  if (count_++ == max_elements) {
    lines_ = {};
    in_line_ = false;
    return std::nullopt;
  }
  const std::size_t comma = last_comma(line_, field_ == KnownHeader::forwarded);
  in_line_ = comma != none;
  const std::string_view element = in_line_ ? line_.substr(comma + 1) : line_;
  if (in_line_) line_ = line_.substr(0, comma);
  return base::trim_blanks(element);
}

Hop read_forwarded(std::string_view element) noexcept {
  if (element.empty()) return {};
  Hop hop{.kind = Hop::Kind::hidden};
  constexpr std::string_view names[] = {"for", "by", "host", "proto"};
  unsigned seen = 0;
  // RFC 7239 section 4 has no blanks around the semicolons; some senders do.
  for (std::string_view rest = element; !rest.empty(); rest = base::trim_blanks(rest)) {
    if (rest.front() == ';') {
      rest.remove_prefix(1);
      continue;
    }
    const char* const end = rest.data() + rest.size();
    const char* const name_end = base::skip(base::token_class, rest.data(), end);
    const std::string_view name = rest.substr(0, static_cast<std::size_t>(name_end - rest.data()));
    if (name.empty() || name_end == end || *name_end != '=') return {};
    rest.remove_prefix(name.size() + 1);
    const auto value = take_value(rest);
    rest = base::trim_blanks(rest);
    if (!value || (!rest.empty() && rest.front() != ';')) return {};

    const auto* const known =
        std::find_if(std::begin(names), std::end(names), [&](auto text) { return equal_ignoring_case(text, name); });
    if (known == std::end(names)) continue;
    const unsigned bit = 1U << (known - std::begin(names));
    if ((seen & bit) != 0) return {};
    seen |= bit;
    if (*known == "for") {
      const Hop node = read_node(*value, false);
      if (node.kind == Hop::Kind::malformed) return {};
      hop.kind = node.kind;
      hop.address = node.address;
    }
    if (*known == "host") hop.host = *value;
    if (*known == "proto") hop.proto = *value;
  }
  return hop;
}

Hop read_x_forwarded_for(std::string_view element) noexcept { return read_node(element, true); }

}  // namespace sallyport::http
