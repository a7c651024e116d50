// The HTTP/1.1 request head: one grammar, read by a scanner of 16-byte blocks or by a reference scanner of single
// bytes.
#include "http/http1_parser.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/character_class.hpp"
#include "http/head_scan.hpp"
#include "http/known_headers.hpp"
#include "http/origin.hpp"

namespace sallyport::http {

namespace {

constexpr std::size_t max_method = 32;  // the longest registered one, UPDATEREDIRECTREF, has 17
constexpr std::size_t max_host = 255;   // RFC 1035 2.3.4
constexpr std::size_t max_length_digits = 18;
constexpr std::size_t version_size = 8;  // HTTP/1.1

// Types of this file, so that the compiler knows every caller of the two parsers and inlines their steps.
struct Blocks : detail::BlockScan {};
struct SingleBytes : detail::ByteScan {};

Method method_of(std::string_view text) noexcept {
  switch (text.size()) {
    case 3:
      return text == "GET" ? Method::get : text == "PUT" ? Method::put : Method::other;
    case 4:
      return text == "POST" ? Method::post : text == "HEAD" ? Method::head : Method::other;
    case 5:
      return text == "PATCH" ? Method::patch : Method::other;
    case 6:
      return text == "DELETE" ? Method::delete_ : Method::other;
    case 7:
      return text == "OPTIONS" ? Method::options : Method::other;
    default:
      return Method::other;
  }
}

bool is_ipv6(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> address{};  // zero-filled: always terminated
  if (text.empty() || text.size() >= address.size()) return false;
  std::memcpy(address.data(), text.data(), text.size());
  in6_addr parsed;
  return inet_pton(AF_INET6, address.data(), &parsed) == 1;
}

// uri-host [ ":" port ], RFC 9110 7.2, narrowed as http1_parser.hpp says; never userinfo.
bool is_host_and_port(std::string_view text) noexcept {
  std::size_t host_end = 0;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos || !is_ipv6(text.substr(1, close - 1))) return false;
    host_end = close + 1;
  } else {
    while (host_end < text.size() && base::is_in(base::host_class, text[host_end])) ++host_end;
    if (host_end == 0 || host_end > max_host) return false;
  }
  if (host_end == text.size()) return true;
  const std::string_view port = text.substr(host_end + 1);
  if (text[host_end] != ':' || port.size() > 5) return false;
  unsigned number = 0;
  for (const char digit : port) {
    if (!base::is_digit(digit)) return false;
    number = number * 10 + static_cast<unsigned>(digit - '0');
  }
  return number <= 65535;
}

struct ConnectionOptions {
  bool close = false;
  bool keep_alive = false;
};

void read_connection_options(std::string_view list, ConnectionOptions& options) noexcept {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view option = base::trim_blanks(list.substr(0, comma));
    if (detail::is_keyword(option, "close")) options.close = true;
    if (detail::is_keyword(option, "keep-alive")) options.keep_alive = true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace

inline void RequestHead::add(std::string_view name, std::string_view value, KnownHeader known) noexcept {
  std::construct_at(reinterpret_cast<HeaderField*>(storage_.data()) + count_, HeaderField{name, value, known});
  const std::size_t index = count_++;
  if (known == KnownHeader::other) return;
  const std::uint64_t flag = std::uint64_t{1} << static_cast<unsigned>(known);
  if ((present_ & flag) != 0) {
    repeated_ |= flag;
  } else {
    present_ |= flag;
    first_[static_cast<std::size_t>(known)] = static_cast<std::uint8_t>(index);
  }
}

// Parses one head. A step takes the position it starts at and returns the one behind what it accepted, or null: then
// `error_` is the rule that was broken, or `none` when the bytes ran out.
template <class Scan>
class HeadParser {
 public:
  HeadParser(std::string_view bytes, RequestHead& out, const HeadLimits& limits) noexcept
      : out_{out},
        begin_{bytes.data()},
        end_{begin_ + std::min(bytes.size(), limits.total)},
        max_line_{std::max(limits.request_line, 2 * version_size)},
        max_fields_{std::min(limits.fields, RequestHead::max_fields)},
        at_total_limit_{bytes.size() >= limits.total} {}

  ParseResult run(std::size_t already_scanned) noexcept {
    const char* const scanned = begin_ + std::min(already_scanned, size(begin_, end_));
    const char* const line = field_line_in_progress(scanned);
    if (line != nullptr) {
      rest_of_line(line, scanned);
    } else if (const char* const body = head(); body != nullptr) {
      return {ParseResult::State::complete, ParseError::none, size(begin_, body)};
    }
    if (error_ != ParseError::none) return {ParseResult::State::error, error_, 0};
    // A head that is not complete in its last allowed byte never will be.
    if (at_total_limit_) return {ParseResult::State::error, ParseError::head_too_large, 0};
    return {ParseResult::State::incomplete, ParseError::none, 0};
  }

 private:
  using Position = const char*;
  static constexpr Position starved = nullptr;

  static std::size_t size(Position from, Position to) noexcept { return static_cast<std::size_t>(to - from); }

  Position fail(ParseError error) noexcept {
    error_ = error;
    return nullptr;
  }

  Position head() noexcept {
    out_.reset();
    Position p = begin_;
    if (p == end_) return starved;
    if (*p == '\r') {  // RFC 9112 2.2: one empty line, left over from a body whose sender added a CRLF
      if (p = line_end(p); p == nullptr) return nullptr;
    }
    if (p = request_line(p); p == nullptr) return nullptr;
    for (;;) {
      if (p == end_) return starved;
      if (*p == '\r') break;
      if (p = field_line(p); p == nullptr) return nullptr;
    }
    if (p = line_end(p); p == nullptr) return nullptr;
    return whole_head_rules() ? p : nullptr;
  }

  // At a CR or LF: CRLF or nothing (RFC 9112 2.2 lets one accept a bare LF; which makes request smuggling possible).
  Position line_end(Position p) noexcept {
    if (*p == '\n') return fail(ParseError::bare_lf);
    if (end_ - p < 2) return starved;
    if (p[1] != '\n') return fail(ParseError::bare_cr);
    return p + 2;
  }

  Position request_line(Position line) noexcept {
    const Position target = method(line);
    if (target == nullptr) return nullptr;
    // The target must leave room for SP and version.
    const Position room = line + std::min(size(line, end_), max_line_ - version_size);
    const Position target_end = target < room ? end_of_target(target, room) : target;
    if (size(line, target_end) >= max_line_ - version_size) return fail(ParseError::request_line_too_long);
    if (target_end == end_) return starved;
    if (*target_end != ' ') return fail(wrong_target_byte(*target_end));
    if (target_end == target) return fail(ParseError::extra_space);
    out_.target = {target, size(target, target_end)};
    return read_target() ? version(target_end + 1) : nullptr;
  }

  Position method(Position p) noexcept {
    if (end_ - p >= 4 && std::memcmp(p, "GET ", 4) == 0) {
      out_.method = Method::get;
      out_.method_text = {p, 3};
      return p + 4;
    }
    const Position method_end = base::skip(base::token_class, p, p + std::min(size(p, end_), max_method + 1));
    if (size(p, method_end) > max_method) return fail(ParseError::method_too_long);
    if (method_end == end_) return starved;
    if (*method_end == '\n') return fail(ParseError::bare_lf);
    if (*method_end != ' ' || method_end == p) return fail(ParseError::method_syntax);
    out_.method_text = {p, size(p, method_end)};
    out_.method = method_of(out_.method_text);
    if (out_.method == Method::other && out_.method_text == "CONNECT") return fail(ParseError::method_connect);
    return method_end + 1;
  }

  // Of the bytes that stop the scan, some may stand in a query.
  static Position end_of_target(Position target, Position room) noexcept {
    const Position stop = Scan::target_end(target, room);
    const bool goes_on = stop != room && base::is_in(base::query_class, *stop) &&
                         std::memchr(target, '?', size(target, stop)) != nullptr;
    return goes_on ? base::skip(base::query_class, stop, room) : stop;
  }

  static ParseError wrong_target_byte(char c) noexcept {
    switch (c) {
      case '#':
        return ParseError::target_fragment;
      case '\r':
        return ParseError::version_missing;
      case '\n':
        return ParseError::bare_lf;
      default:
        return ParseError::target_byte;
    }
  }

  // RFC 9112 3.2. Authority-form belongs to CONNECT, which is gone by now.
  bool read_target() noexcept {
    const std::string_view target = out_.target;
    out_.scheme = {};
    out_.host = {};
    if (target.front() == '/' || (target == "*" && out_.method == Method::options)) {
      split_query(target);
      return true;
    }
    const std::size_t colon = std::min(target.find("://"), target.size());
    const std::string_view scheme = target.substr(0, colon);
    if (colon == target.size() ||
        !(base::equal_ignoring_case(scheme, "http") || base::equal_ignoring_case(scheme, "https"))) {
      error_ = ParseError::target_form;
      return false;
    }
    const std::string_view rest = target.substr(colon + 3);
    const std::size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
    out_.scheme = scheme;
    out_.host = rest.substr(0, host_end);
    if (!is_host_and_port(out_.host)) {
      error_ = ParseError::host_syntax;
      return false;
    }
    split_query(rest.substr(host_end));
    // An empty path means "/" (RFC 9110 4.2.3); the one after the scheme's colon serves, so that the view stays in the buffer.
    if (out_.path.empty()) out_.path = target.substr(colon + 1, 1);
    return true;
  }

  void split_query(std::string_view path_and_query) noexcept {
    const std::size_t mark = path_and_query.find('?');
    out_.has_query = mark != path_and_query.npos;
    out_.path = path_and_query.substr(0, mark);
    out_.query = out_.has_query ? path_and_query.substr(mark + 1) : std::string_view{};
  }

  Position version(Position p) noexcept {
    if (end_ - p >= 10 && std::memcmp(p, "HTTP/1.1\r\n", 10) == 0) {
      out_.minor_version = 1;
      return p + 10;
    }
    constexpr std::string_view shape = "HTTP/d.d";
    static_assert(shape.size() == version_size);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (p + i == end_) return starved;
      if (shape[i] == 'd' ? base::is_digit(p[i]) : p[i] == shape[i]) continue;
      if (p[i] == '\n') return fail(ParseError::bare_lf);
      return fail(i == 0 && p[i] == ' ' ? ParseError::extra_space : ParseError::version_syntax);
    }
    if (p[5] != '1') return fail(ParseError::version_unsupported);
    out_.minor_version = p[7] == '0' ? 0 : 1;
    p += version_size;
    if (p == end_) return starved;
    if (*p == ' ') return fail(ParseError::extra_space);
    if (*p != '\r' && *p != '\n') return fail(ParseError::version_syntax);
    return line_end(p);
  }

  Position field_line(Position name) noexcept {
    if (out_.count_ == max_fields_) return fail(ParseError::too_many_fields);
    const auto [name_end, known] = Scan::field_name(name, end_);
    if (known == KnownHeader::other) {
      if (name_end == end_) return starved;
      if (*name_end != ':' || name_end == name) return fail(wrong_name_byte(name, name_end));
    }

    const Position raw = name_end + 1;
    const Position raw_end = Scan::value_end(raw, end_);
    if (end_ - raw_end < 2 || std::memcmp(raw_end, "\r\n", 2) != 0) return unfinished_value(raw_end);
    // Nearly always one blank before the value and none behind it. What stands at `raw_end` is no blank.
    Position value = raw + (*raw == ' ' ? 1 : 0);
    Position value_end = raw_end;
    if (is_low(*value) || is_low(value_end[-1])) [[unlikely]] {
      while (is_low(value_end[-1])) --value_end;  // the colon ends this, if nothing else does
      value = std::min(value, value_end);
      while (value != value_end && is_low(*value)) ++value;
    }
    const std::string_view trimmed{value, size(value, value_end)};
    out_.add({name, size(name, name_end)}, trimmed, known);
    if (known <= KnownHeader::expect && !message_field(known, {raw, size(raw, raw_end)}, trimmed)) return nullptr;
    return raw_end + 2;
  }

  // Of the bytes that a value may have, only HTAB and SP are this low.
  static bool is_low(char c) noexcept { return static_cast<unsigned char>(c) <= ' '; }

  // At a byte that is not of a value, and not the CR of a CRLF that is here in full.
  Position unfinished_value(Position p) noexcept {
    if (p == end_) return starved;
    return *p == '\r' || *p == '\n' ? line_end(p) : fail(ParseError::value_byte);
  }

  static ParseError wrong_name_byte(Position name, Position wrong) noexcept {
    switch (*wrong) {
      case ':':
        return ParseError::name_empty;
      case ' ':
      case '\t':
        return wrong == name ? ParseError::obs_fold : ParseError::space_before_colon;
      case '\r':
        return ParseError::no_colon;
      case '\n':
        return ParseError::bare_lf;
      default:
        return ParseError::name_byte;
    }
  }

  // The fields that decide what the message is and where it ends. `raw` is the value with its whitespace.
  bool message_field(KnownHeader header, std::string_view raw, std::string_view value) noexcept {
    const bool repeated = out_.repeated(header);
    switch (header) {
      case KnownHeader::host:
        error_ = host(value, repeated);
        break;
      case KnownHeader::content_length:
        error_ = content_length(raw, value, repeated);
        break;
      case KnownHeader::transfer_encoding:
        error_ = transfer_encoding(raw, value, repeated);
        break;
      case KnownHeader::connection:
        if (detail::is_keyword(value, "keep-alive")) {  // what nearly every browser sends
          connection_.keep_alive = true;
        } else {
          read_connection_options(value, connection_);
        }
        break;
      default:  // KnownHeader::expect
        if (repeated || !detail::is_keyword(value, "100-continue")) error_ = ParseError::expectation;
    }
    return error_ == ParseError::none;
  }

  ParseError host(std::string_view value, bool repeated) noexcept {
    if (repeated) return ParseError::host_repeated;
    if (!is_host_and_port(value)) return ParseError::host_syntax;
    // RFC 9112 3.2.2: the host of an absolute-form target wins; a correct client sends the same host in both.
    const bool https = out_.scheme.size() == std::string_view("https").size();
    if (!out_.scheme.empty() && !same_authority(https, out_.host, value)) return ParseError::host_mismatch;
    out_.host = value;
    return ParseError::none;
  }

  ParseError content_length(std::string_view raw, std::string_view value, bool repeated) noexcept {
    if (out_.has(KnownHeader::transfer_encoding)) return ParseError::coding_and_length;
    if (repeated) return ParseError::length_repeated;
    if (value.empty() || value.size() > max_length_digits || has_tab(raw)) return ParseError::length_syntax;
    for (const char digit : value) {
      if (!base::is_digit(digit)) return ParseError::length_syntax;
      length_ = length_ * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return ParseError::none;
  }

  ParseError transfer_encoding(std::string_view raw, std::string_view value, bool repeated) noexcept {
    if (out_.minor_version == 0) return ParseError::coding_in_http10;  // RFC 9112 6.1
    if (out_.has(KnownHeader::content_length)) return ParseError::coding_and_length;
    if (repeated) return ParseError::coding_repeated;
    return detail::is_keyword(value, "chunked") && !has_tab(raw) ? ParseError::none : ParseError::coding_not_chunked;
  }

  static bool has_tab(std::string_view raw) noexcept { return raw.find('\t') != raw.npos; }

  // What can only be judged when every field is known.
  bool whole_head_rules() noexcept {
    const bool is_http11 = out_.minor_version == 1;
    if (is_http11 && !out_.has(KnownHeader::host)) {
      error_ = ParseError::host_missing;
      return false;
    }
    out_.framing = out_.has(KnownHeader::transfer_encoding) ? BodyFraming::chunked
                   : out_.has(KnownHeader::content_length)  ? BodyFraming::length
                                                            : BodyFraming::none;
    out_.content_length = length_;
    out_.keep_alive = !connection_.close && (is_http11 || connection_.keep_alive);
    // RFC 9110 10.1.1: an HTTP/1.0 expectation is ignored, and without content there is nothing to wait for.
    out_.expect_continue =
        is_http11 && out_.has(KnownHeader::expect) && (out_.framing == BodyFraming::chunked || length_ != 0);
    return true;
  }

  // The start of the field line that [scanned, end) continues without ending it, else null. Everything before `scanned`
  // is known to be good then, and only the new bytes can be wrong.
  Position field_line_in_progress(Position scanned) const noexcept {
    if (scanned == begin_ || scanned == end_ || scanned[-1] == '\n') return nullptr;
    if (std::memchr(scanned, '\n', size(scanned, end_)) != nullptr) return nullptr;
    Position line = scanned;
    while (line != begin_ && line[-1] != '\n') --line;
    const bool is_request_line = line == begin_ || (size(begin_, line) == 2 && *begin_ == '\r');
    return is_request_line ? nullptr : line;
  }

  void rest_of_line(Position line, Position scanned) noexcept {
    Position p = scanned;
    if (p[-1] == '\r') {
      fail(ParseError::bare_cr);
      return;
    }
    if (std::memchr(line, ':', size(line, scanned)) == nullptr) {
      p = base::skip(base::token_class, p, end_);
      if (p == end_) return;
      if (*p != ':') {
        fail(wrong_name_byte(line, p));
        return;
      }
      ++p;
    }
    unfinished_value(Scan::value_end(p, end_));
  }

  RequestHead& out_;
  const Position begin_;
  const Position end_;  // not beyond limits.total
  const std::size_t max_line_;
  const std::size_t max_fields_;
  const bool at_total_limit_;
  ParseError error_ = ParseError::none;
  ConnectionOptions connection_;
  std::uint64_t length_ = 0;
};

std::string_view header_name(KnownHeader header) noexcept {
  return header < KnownHeader::count ? detail::known_header_names[static_cast<std::size_t>(header)]
                                     : std::string_view{};
}

const HeaderField* RequestHead::find(std::string_view name) const noexcept {
  const auto all = fields();
  const auto found =
      std::ranges::find_if(all, [name](const HeaderField& f) { return base::equal_ignoring_case(f.name, name); });
  return found == all.end() ? nullptr : &*found;
}

void RequestHead::rebase(const char* from, const char* to) noexcept {
  const auto move = [from, to](std::string_view& view) {
    if (view.data() != nullptr) view = {to + (view.data() - from), view.size()};
  };
  for (std::string_view* view : {&method_text, &target, &scheme, &host, &path, &query}) move(*view);
  auto* const slot = std::launder(reinterpret_cast<HeaderField*>(storage_.data()));
  for (std::size_t i = 0; i < count_; ++i) {
    move(slot[i].name);
    move(slot[i].value);
  }
}

ParseResult parse_request_head(std::string_view bytes, RequestHead& out, const HeadLimits& limits,
                               std::size_t already_scanned) noexcept {
  return HeadParser<Blocks>{bytes, out, limits}.run(already_scanned);
}

ParseResult scalar::parse_request_head(std::string_view bytes, RequestHead& out, const HeadLimits& limits,
                                       std::size_t already_scanned) noexcept {
  return HeadParser<SingleBytes>{bytes, out, limits}.run(already_scanned);
}

}  // namespace sallyport::http
