// Checks and decodes paths. The list of what is refused is that of Spring's StrictHttpFirewall, and ours.
#include "gate/path_shape.hpp"

#include "base/character_class.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

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

// An overlong encoding of a character (RFC 3629 3): old decoders read C0 AE as a dot and C0 AF as a slash.
bool overlong(std::string_view text) noexcept {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next < 0x80 || next > 0xbf) continue;
    if (byte == 0xc0 || byte == 0xc1 || (byte == 0xe0 && next < 0xa0) || (byte == 0xf0 && next < 0x90)) return true;
  }
  return false;
}

// Whether a dot segment appears when what stayed escaped is decoded, once or twice. (`/a%2F..%2Fb` reaches handlers of Express as `a/../b`.)
bool hides_dots(std::string_view path) {
  std::string text(path);
  for (int round = 0; round < 2; ++round) {
    std::string again;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool escaped = text[i] == '%' && text.size() - i > 2 && base::hex_value(text[i + 1]) >= 0 &&
                           base::hex_value(text[i + 2]) >= 0;
      const char c =
          escaped ? static_cast<char>(base::hex_value(text[i + 1]) * 16 + base::hex_value(text[i + 2])) : text[i];
      again.push_back(c == '\\' ? '/' : c);
      if (escaped) i += 2;
    }
    text = std::move(again);
    if (overlong(text)) return true;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('/', begin), text.size());
      if (is_dots(std::string_view(text).substr(begin, end - begin))) return true;
      begin = end + 1;
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

PathFault check_text(std::string_view text, bool any_bytes) noexcept {
  if (simdjson::validate_utf8(text.data(), text.size())) {
    return has_c1_control(text) ? PathFault::forbidden_byte : PathFault::none;
  }
  return any_bytes && !overlong(text) ? PathFault::none : PathFault::not_utf8;
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
  bool kept = false;  // something has stayed escaped
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
        kept = true;
        continue;
      }
      const auto byte = static_cast<unsigned char>(base::hex_value(raw[i + 1]) * 16 + base::hex_value(raw[i + 2]));
      if (delimiter(byte)) {
        if (!leniency.encoded_delimiters || byte == '\\' || byte == 0) return PathFault::encoded_delimiter;
        storage.append(raw.substr(i, 3));
        kept = true;
      } else if (forbidden(byte)) {
        return PathFault::forbidden_byte;
      } else {
        storage.push_back(static_cast<char>(byte));
      }
      i += 2;
    }
    if (const PathFault fault = check_text(storage, leniency.not_utf8); fault != PathFault::none) return fault;
    decoded = storage;
  }
  const PathFault fault = check_segments(decoded, leniency.empty_segments);
  return fault == PathFault::none && kept && hides_dots(decoded) ? PathFault::dot_segment : fault;
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
