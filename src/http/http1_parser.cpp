// The HTTP/1.1 request head: one grammar, read by a scanner of 16-byte blocks or by a reference scanner of single
// bytes.
#include "http/http1_parser.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/character_class.hpp"
#include "http/field_lines.hpp"
#include "http/head_scan.hpp"
#include "http/known_headers.hpp"
#include "http/origin.hpp"

namespace sallyport::http {

namespace {

constexpr std::size_t max_method = 32;   // the longest registered one, UPDATEREDIRECTREF, has 17
constexpr std::size_t max_host = 255;    // RFC 1035 2.3.4
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

template <class Scan>
class HeadParser final : public FieldLines<HeadParser<Scan>, Scan> {
  using Lines = FieldLines<HeadParser<Scan>, Scan>;

 public:
  HeadParser(std::string_view bytes, RequestHead& out, const HeadLimits& limits) noexcept
      : Lines{bytes, out, limits.total, limits.fields},
        out_{out},
        max_line_{std::max(limits.request_line, 2 * version_size)} {}

 private:
  friend Lines;
  using Lines::begin_;
  using Lines::end_;
  using Lines::error_;
  using Lines::fail;
  using Lines::length_;
  using Lines::line_end;
  using Lines::size;
  using Lines::starved;
  using typename Lines::Position;

  Position head(Position p) noexcept {
    if (p == end_) return starved;
    if (*p == '\r') {  // RFC 9112 2.2: one empty line, left over from a body whose sender added a CRLF
      if (p = line_end(p); p == nullptr) return nullptr;
    }
    if (p = request_line(p); p == nullptr) return nullptr;
    if (p = this->field_lines(p); p == nullptr) return nullptr;
    return whole_head_rules() ? p : nullptr;
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

  // The fields that decide what the message is and where it ends. `raw` is the value with its whitespace.
  ParseError message_field(KnownHeader header, std::string_view raw, std::string_view value) noexcept {
    switch (header) {
      case KnownHeader::host:
        return host(value);
      case KnownHeader::content_length:
        return this->content_length(raw, value);
      case KnownHeader::transfer_encoding:
        return this->transfer_encoding(raw, value, out_.minor_version == 0);
      case KnownHeader::connection:
        this->connection(value);
        return ParseError::none;
      default:  // KnownHeader::expect
        return !out_.repeated(header) && detail::is_keyword(value, "100-continue") ? ParseError::none
                                                                                   : ParseError::expectation;
    }
  }

  ParseError host(std::string_view value) noexcept {
    if (out_.repeated(KnownHeader::host)) return ParseError::host_repeated;
    if (!is_host_and_port(value)) return ParseError::host_syntax;
    // RFC 9112 3.2.2: the host of an absolute-form target wins; a correct client sends the same host in both.
    const bool https = out_.scheme.size() == std::string_view("https").size();
    if (!out_.scheme.empty() && !same_authority(https, out_.host, value)) return ParseError::host_mismatch;
    out_.host = value;
    return ParseError::none;
  }

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
    out_.keep_alive = this->stays(!is_http11);
    // RFC 9110 10.1.1: an HTTP/1.0 expectation is ignored, and without content there is nothing to wait for.
    out_.expect_continue =
        is_http11 && out_.has(KnownHeader::expect) && (out_.framing == BodyFraming::chunked || length_ != 0);
    return true;
  }

  RequestHead& out_;
  const std::size_t max_line_;
};

}  // namespace

std::string_view header_name(KnownHeader header) noexcept {
  return header < KnownHeader::count ? detail::known_header_names[static_cast<std::size_t>(header)]
                                     : std::string_view{};
}

const HeaderField* HeaderFields::find(std::string_view name) const noexcept {
  const auto all = fields();
  const auto found =
      std::ranges::find_if(all, [name](const HeaderField& f) { return base::equal_ignoring_case(f.name, name); });
  return found == all.end() ? nullptr : &*found;
}

namespace {

void move_view(std::string_view& view, const char* from, const char* to) noexcept {
  if (view.data() != nullptr) view = {to + (view.data() - from), view.size()};
}

}  // namespace

void HeaderFields::rebase_fields(const char* from, const char* to) noexcept {
  auto* const slot = std::launder(reinterpret_cast<HeaderField*>(storage_.data()));
  for (std::size_t i = 0; i < count_; ++i) {
    move_view(slot[i].name, from, to);
    move_view(slot[i].value, from, to);
  }
}

void RequestHead::rebase(const char* from, const char* to) noexcept {
  for (std::string_view* view : {&method_text, &target, &scheme, &host, &path, &query}) move_view(*view, from, to);
  rebase_fields(from, to);
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
