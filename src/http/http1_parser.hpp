// The HTTP/1.1 request head: bytes in, a checked model of views out, or the one rule that was broken.
#pragma once

#include "http/header_fields.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::http {

/// The methods a route can be registered for. Anything else that is a token (TRACE, `get`, PROPFIND) is `other`, with its
/// text in `RequestHead::method_text`; methods are case-sensitive (RFC 9110 9.1). CONNECT is refused by the parser.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };

/// Where the body ends (RFC 9112 6.3). A request without Content-Length and Transfer-Encoding has none.
enum class BodyFraming : std::uint8_t { none, length, chunked };

/// A request head that passed every rule. All views point into the bytes given to `parse_request_head` and die with them.
/// Large (about 4 KiB) and cheap to reuse: keep one per connection; parsing overwrites it without clearing it first.
class RequestHead : public HeaderFields {
 public:
  Method method = Method::other;
  std::uint8_t minor_version = 1;  ///< 0 or 1: HTTP/1.0 or HTTP/1.1 (or a later 1.x)
  BodyFraming framing = BodyFraming::none;
  bool has_query = false;            ///< a `?` was there, even with nothing after it
  bool keep_alive = false;           ///< RFC 9112 9.3; HTTP/1.0 only when asked for
  bool expect_continue = false;      ///< an HTTP/1.1 client waits for 100 before it sends its (non-empty) body
  std::uint64_t content_length = 0;  ///< bytes; meaningful with `BodyFraming::length`, below 10^18
  std::string_view method_text;
  std::string_view target;  ///< the request target as sent
  std::string_view scheme;  ///< `http` or `https` as sent in absolute-form, otherwise empty
  std::string_view host;    ///< `host[:port]` as sent, checked; empty only in HTTP/1.0 without Host
  std::string_view path;    ///< up to the first `?`, undecoded; starts with `/`, or is `*` (OPTIONS)
  std::string_view
      query;  ///< after the first `?`, undecoded; in a URL of ours, escape what is not of `base::target_class`

  /// User-provided on purpose: see HeaderFields.
  RequestHead() noexcept {}  // NOLINT(modernize-use-equals-default)

  /// Forgets every view, without a look at the field storage.
  void clear() noexcept {
    method = Method::other;
    framing = BodyFraming::none;
    minor_version = 1;
    has_query = keep_alive = expect_continue = false;
    content_length = 0;
    method_text = target = scheme = host = path = query = {};
    reset();
  }

  /// Moves every view from the bytes at `from` to a copy of them at `to` (the caller moved or copied its buffer).
  void rebase(const char* from, const char* to) noexcept;
};

/// Caps on a head. Each is tested at n (accepted) and n + 1 (refused).
struct HeadLimits {
  std::size_t request_line = 8192;  ///< bytes of the request line without its CRLF; more is 414
  std::size_t total = 16'384;       ///< bytes of the whole head, from the first to the final CRLF; more is 431
  std::size_t fields = 64;          ///< field lines, at most `RequestHead::max_fields`; more is 431
};

/// The rule a head broke. After any of them the connection must be answered and closed: what follows on it cannot be
/// trusted to be where the next request starts.
enum class ParseError : std::uint8_t {
  none,
  method_syntax,
  method_too_long,
  method_connect,
  extra_space,
  target_byte,
  target_fragment,
  target_form,
  version_missing,
  version_syntax,
  version_unsupported,
  request_line_too_long,
  bare_cr,
  bare_lf,
  obs_fold,
  space_before_colon,
  no_colon,
  name_empty,
  name_byte,
  value_byte,
  too_many_fields,
  head_too_large,
  length_syntax,
  length_repeated,
  coding_not_chunked,
  coding_repeated,
  coding_and_length,
  coding_in_http10,
  host_missing,
  host_repeated,
  host_syntax,
  host_mismatch,
  expectation,
  count,
};

/// The status to answer with, and the stable name of the rule for logs and tests.
struct ErrorInfo {
  int status;
  std::string_view rule;
};

namespace detail {
inline constexpr std::array<ErrorInfo, static_cast<std::size_t>(ParseError::count)> parse_errors{{
    {200, "none"},
    {400, "request/method_syntax"},
    {501, "request/method_too_long"},  // RFC 9112 3: longer than any method we implement
    {501, "request/connect"},
    {400, "request/extra_space"},
    {400, "request/target_byte"},
    {400, "request/fragment"},
    {400, "request/target_form"},
    {400, "request/http09"},
    {400, "request/version_syntax"},
    {505, "request/version"},
    {414, "limit/request_line"},
    {400, "framing/bare_cr"},
    {400, "framing/bare_lf"},
    {400, "framing/obs_fold"},
    {400, "framing/sp_colon"},
    {400, "field/no_colon"},
    {400, "field/name_empty"},
    {400, "field/name_byte"},
    {400, "field/value_byte"},
    {431, "limit/field_count"},
    {431, "limit/head"},
    {400, "framing/cl_syntax"},
    {400, "framing/dup_cl"},
    {400, "framing/te_not_chunked"},
    {400, "framing/dup_te"},
    {400, "framing/te_and_cl"},
    {400, "framing/te_http10"},
    {400, "host/missing"},
    {400, "host/repeated"},
    {400, "host/syntax"},
    {400, "host/mismatch"},
    {417, "expect/unknown"},
}};
}  // namespace detail

[[nodiscard]] constexpr int status_of(ParseError error) noexcept {
  return detail::parse_errors[static_cast<std::size_t>(error)].status;
}
[[nodiscard]] constexpr std::string_view rule_name(ParseError error) noexcept {
  return detail::parse_errors[static_cast<std::size_t>(error)].rule;
}

struct ParseResult {
  enum class State : std::uint8_t { complete, incomplete, error };
  State state = State::incomplete;
  ParseError error = ParseError::none;  ///< set with `State::error`
  std::size_t consumed = 0;             ///< with `State::complete`: the size of the head; the body starts there

  friend bool operator==(const ParseResult&, const ParseResult&) = default;
};

/// Reads one request head from the start of `bytes`.
///
/// Pure, does not allocate, does not read past the view, linear in its size. `out` is meaningful only after `complete`.
/// A byte that no continuation could make valid is an error at once; what a field means is judged when its line is
/// complete, and what the head lacks (Host) at its end. Never asks for more than `limits.total` bytes.
///
/// `already_scanned`: how many of these bytes an earlier call (same limits) answered with `incomplete`; bytes that drip in
/// one at a time are then not read again and again. 0 is always correct.
///
/// Choices where RFC 9112 leaves one: a single empty line before the request line is skipped (2.2); bytes >= 0x80 in field
/// values are opaque, and refused everywhere else; HTTP/1.2 to 1.9 are read as 1.1 (RFC 9110 2.5), other major versions are
/// 505; six characters that no URI has may stand in a query, as browsers send them (`base::raw_query_marks`); a horizontal tab
/// around a Content-Length or Transfer-Encoding value is refused, because intermediaries disagree on it; a host is letters, digits, `-`, `.`, `_` (what DNS and certificates can name) or an IP literal, not any RFC 3986 reg-name.
[[nodiscard]] ParseResult parse_request_head(std::string_view bytes, RequestHead& out, const HeadLimits& limits = {},
                                             std::size_t already_scanned = 0) noexcept;

namespace scalar {
/// The same function one byte at a time: the reference that tests and fuzzing compare the fast one with.
[[nodiscard]] ParseResult parse_request_head(std::string_view bytes, RequestHead& out, const HeadLimits& limits = {},
                                             std::size_t already_scanned = 0) noexcept;
}  // namespace scalar

}  // namespace sallyport::http
