// Checks and decodes paths. The list of what is refused is that of Spring's StrictHttpFirewall, and ours.
#include "gate/path_shape.hpp"

#include "base/character_class.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>

namespace sallyport::gate {
namespace {

bool forbidden(unsigned char c) noexcept { return c < 0x20 || c == 0x7f || c == '\\'; }

// Characters that a second decoder could take for a delimiter.
bool delimiter(unsigned char c) noexcept { return c == '/' || c == '%' || c == ';' || c == '\\' || c == 0; }

// Servers that know path parameters read `..;x` as `..`: where semicolons are allowed, such segments are refused.
bool is_dots(std::string_view segment) noexcept {
  if (!segment.starts_with('.')) return false;
  segment = segment.substr(0, segment.find(';'));
  return segment == "." || segment == "..";
}

PathFault check_segments(std::string_view path, bool empty_allowed) noexcept {
  std::size_t segments = 0;
  for (std::size_t begin = 1; begin <= path.size();) {
    std::size_t end = path.find('/', begin);
    if (end == path.npos) end = path.size();
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment.empty() && end != path.size() && !empty_allowed) return PathFault::empty_segment;
    if (is_dots(segment)) return PathFault::dot_segment;
    if (++segments > max_path_segments) return PathFault::too_many_segments;
    begin = end + 1;
  }
  return PathFault::none;
}

// An overlong encoding of a character (RFC 3629 3): old decoders read C0 AE as a dot and C0 AF as a slash. They also knew encodings of
// five and six bytes (RFC 2279 2).
bool overlong(std::string_view text) noexcept {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next < 0x80 || next > 0xbf) continue;
    if (byte == 0xc0 || byte == 0xc1 || (byte == 0xe0 && next < 0xa0) || (byte == 0xf0 && next < 0x90) ||
        (byte == 0xf8 && next < 0x88) || (byte == 0xfc && next < 0x84)) {
      return true;
    }
  }
  return false;
}

// The value of `digits` hexadecimal digits at `at`; -1 when they are not that.
int hex_number(std::string_view text, std::size_t at, std::size_t digits) noexcept {
  if (at > text.size() || text.size() - at < digits) return -1;
  int number = 0;
  for (const char c : text.substr(at, digits)) {
    if (base::hex_value(c) < 0) return -1;
    number = number * 16 + base::hex_value(c);
  }
  return number;
}

// Decodes percent-escapes once: %2E, and %u002E as IIS does.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool wide = text[i] == '%' && text.size() - i > 1 && (text[i + 1] == 'u' || text[i + 1] == 'U');
    const int number = text[i] != '%' ? -1 : wide ? hex_number(text, i + 2, 4) : hex_number(text, i + 1, 2);
    if (number < 0) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(wide && number > 0x7f ? '?' : static_cast<char>(number));  // not ASCII: neither a dot nor a slash
    i += wide ? 5 : 2;
  }
  return out;
}

// Reads UTF-8 like a decoder that does not check the bytes behind the first one. Only sequences that give ASCII are replaced.
std::string without_checks(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto length = static_cast<std::size_t>(std::countl_one(first));
    if (length >= 2 && length <= 6 && bytes.size() - i >= length) {
      std::uint32_t character = first & (0x7fU >> length);
      for (const char c : bytes.substr(i + 1, length - 1))
        character = character << 6 | (static_cast<unsigned char>(c) & 0x3fU);
      if (character < 0x80) {
        out.push_back(static_cast<char>(character));
        i += length - 1;
        continue;
      }
    }
    out.push_back(bytes[i]);
  }
  return out;
}

// Whether a segment is `.` or `..`. A backslash separates segments too, and a NUL ends one.
bool has_dots(std::string_view text) noexcept {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(std::string_view("/\\\0", 3), begin), text.size());
    if (is_dots(text.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

// Whether a decoder that runs once or twice over `raw`, and checks its UTF-8 or not, finds a dot segment. (`/a%2F..%2Fb` reaches handlers of
// Express as `a/../b`.) The decoded text is used for nothing else.
bool hides_dots(std::string_view raw) {
  for (const bool checked : {true, false}) {
    std::string text(raw);
    for (int round = 0; round < 2; ++round) {
      text = unescape(text);
      if (overlong(text)) return true;
      if (!checked) text = without_checks(text);
      if (has_dots(text)) return true;
    }
  }
  return false;
}

// C1 controls, U+0080 to U+009F, are C2 80 to C2 9F.
bool has_c1_control(std::string_view utf8) noexcept {
  for (std::size_t i = 0; i + 1 < utf8.size(); ++i) {
    if (utf8[i] == '\xc2' && static_cast<unsigned char>(utf8[i + 1]) < 0xa0) return true;
  }
  return false;
}

}  // namespace

std::string_view fault_name(PathFault fault) noexcept {
  switch (fault) {
    case PathFault::none:
      return "none";
    case PathFault::not_absolute:
      return "path/not_absolute";
    case PathFault::empty_segment:
      return "path/empty_segment";
    case PathFault::dot_segment:
      return "path/dot_segment";
    case PathFault::bad_escape:
      return "path/bad_escape";
    case PathFault::encoded_delimiter:
      return "path/encoded_delimiter";
    case PathFault::semicolon:
      return "path/semicolon";
    case PathFault::forbidden_byte:
      return "path/forbidden_byte";
    case PathFault::not_utf8:
      return "path/not_utf8";
    case PathFault::too_many_segments:
      return "path/too_many_segments";
    case PathFault::too_long:
      return "path/too_long";
  }
  return "path";
}

PathFault decode_path(std::string_view raw, std::string& storage, std::string_view& decoded, PathLeniency leniency) {
  if (raw.empty() || raw[0] != '/') return PathFault::not_absolute;
  if (raw.size() > UINT16_MAX) return PathFault::too_long;
  bool escaped = false;
  for (const char c : raw) {
    if (forbidden(static_cast<unsigned char>(c))) return PathFault::forbidden_byte;
    if (c == ';' && !leniency.semicolons) return PathFault::semicolon;
    escaped |= c == '%';
  }
  decoded = raw;
  bool ambiguous = false;  // other decoders may read it differently: something is still escaped, or is not UTF-8
  if (escaped) {
    storage.clear();
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '%') {
        storage.push_back(raw[i]);
        continue;
      }
      if (raw.size() - i < 3 || base::hex_value(raw[i + 1]) < 0 || base::hex_value(raw[i + 2]) < 0) {
        if (!leniency.bad_escapes) return PathFault::bad_escape;
        storage.append("%25");
        ambiguous = true;
        continue;
      }
      const auto byte = static_cast<unsigned char>(base::hex_value(raw[i + 1]) * 16 + base::hex_value(raw[i + 2]));
      if (delimiter(byte)) {
        if (!leniency.encoded_delimiters || byte == '\\' || byte == 0) return PathFault::encoded_delimiter;
        storage.append(raw.substr(i, 3));
        ambiguous = true;
      } else if (forbidden(byte)) {
        return PathFault::forbidden_byte;
      } else {
        storage.push_back(static_cast<char>(byte));
      }
      i += 2;
    }
    const bool utf8 = simdjson::validate_utf8(storage.data(), storage.size());
    if (!utf8 && (!leniency.not_utf8 || overlong(storage))) return PathFault::not_utf8;
    if (utf8 && has_c1_control(storage)) return PathFault::forbidden_byte;
    ambiguous |= !utf8;
    decoded = storage;
  }
  const PathFault fault = check_segments(decoded, leniency.empty_segments);
  return fault == PathFault::none && ambiguous && hides_dots(raw) ? PathFault::dot_segment : fault;
}

bool path_shape(Exchange& exchange) {
  const std::string_view raw = exchange.head.path;
  if (raw == "*" && exchange.head.method == http::Method::options) {
    exchange.path = raw;
    return true;
  }
  const PathFault fault = decode_path(raw, exchange.decoded_path, exchange.path, exchange.rules.path);
  if (fault == PathFault::none && exchange.head.query.size() > exchange.rules.query_bytes) {
    refuse(exchange, problems::uri_too_long);
    return false;
  }
  if (fault == PathFault::none) return true;
  security_event(exchange, "malicious_extraneous", fault_name(fault));
  refuse(exchange, problems::bad_request);
  return false;
}

}  // namespace sallyport::gate
