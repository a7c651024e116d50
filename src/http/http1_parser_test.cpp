// Tests of the request head parser: RFC 9110 and 9112 rule by rule, the smuggling list, the limits at n and n + 1, and the
// agreement of the fast parser with its byte-at-a-time twin on whole, cut, dripped and mutated input.
#include "http/http1_parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/character_class.hpp"
#include "http/known_headers.hpp"

namespace sallyport::http {

std::ostream& operator<<(std::ostream& out, const ParseResult& result) {
  return out << "state " << static_cast<int>(result.state) << " rule " << rule_name(result.error) << " consumed "
             << result.consumed;
}

namespace {

using State = ParseResult::State;
using namespace std::string_literals;

constexpr ParseResult complete(std::size_t size) { return {State::complete, ParseError::none, size}; }
constexpr ParseResult incomplete() { return {State::incomplete, ParseError::none, 0}; }
constexpr ParseResult failed(ParseError error) { return {State::error, error, 0}; }

bool same_view(std::string_view a, std::string_view b) { return a.data() == b.data() && a.size() == b.size(); }

bool same_head(const RequestHead& a, const RequestHead& b) {
  const auto same_field = [](const HeaderField& x, const HeaderField& y) {
    return same_view(x.name, y.name) && same_view(x.value, y.value) && x.known == y.known;
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(KnownHeader::count); ++i) {
    const auto header = static_cast<KnownHeader>(i);
    if (a.has(header) != b.has(header) || a.repeated(header) != b.repeated(header) ||
        !same_view(a.known(header).value, b.known(header).value)) {
      return false;
    }
  }
  return a.method == b.method && a.minor_version == b.minor_version && a.framing == b.framing &&
         a.has_query == b.has_query && a.keep_alive == b.keep_alive && a.expect_continue == b.expect_continue &&
         a.content_length == b.content_length && same_view(a.method_text, b.method_text) &&
         same_view(a.target, b.target) && same_view(a.scheme, b.scheme) && same_view(a.host, b.host) &&
         same_view(a.path, b.path) && same_view(a.query, b.query) &&
         std::ranges::equal(a.fields(), b.fields(), same_field);
}

// Bytes in a heap block of exactly their size, so that the address sanitizer sees a read past the end; parsed by both parsers.
class Parsed {
 public:
  explicit Parsed(std::string_view bytes, const HeadLimits& limits = {}, std::size_t already_scanned = 0)
      : storage_{std::make_unique_for_overwrite<char[]>(bytes.size())} {
    std::memcpy(storage_.get(), bytes.data(), bytes.size());
    const std::string_view copy{storage_.get(), bytes.size()};
    result_ = parse_request_head(copy, *head_, limits, already_scanned);
    const auto twin = std::make_unique<RequestHead>();
    const ParseResult twin_result = scalar::parse_request_head(copy, *twin, limits, already_scanned);
    EXPECT_EQ(result_, twin_result) << bytes;
    if (result_.state == State::complete && twin_result == result_) {
      EXPECT_TRUE(same_head(*head_, *twin)) << bytes;
    }
  }
  const ParseResult& result() const { return result_; }
  const RequestHead& head() const { return *head_; }
  const RequestHead* operator->() const { return head_.get(); }

 private:
  std::unique_ptr<char[]> storage_;
  std::unique_ptr<RequestHead> head_ = std::make_unique<RequestHead>();
  ParseResult result_;
};

// The first verdict when the bytes come `step` at a time and each call says what the one before has seen.
ParseResult drip(std::string_view bytes, std::size_t step, const HeadLimits& limits = {}) {
  std::size_t seen = 0;
  for (;;) {
    const std::size_t size = std::min(bytes.size(), seen + step);
    const Parsed part{bytes.substr(0, size), limits, seen};
    if (part.result().state != State::incomplete || size == bytes.size()) return part.result();
    seen = size;
  }
}

std::string with_fields(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a.example\r\n" + std::string{fields} + "\r\n";
}

struct Good {
  const char* name;
  std::string bytes;
};

std::vector<Good> good_heads() {
  return {
      {"smallest", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"http10_without_fields", "GET / HTTP/1.0\r\n\r\n"},
      {"empty_line_before", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"query", "GET /a/b?c=d&e=%20?f HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"query_as_browsers_send_it", "GET /a?b={c|d}^`\\[e]' HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"absolute_form_query_as_browsers_send_it", "GET http://a.example?{c|d} HTTP/1.1\r\nHost: a.example\r\n\r\n"},
      {"version_1_2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"},
      {"version_1_9", "GET / HTTP/1.9\r\nHost: x\r\n\r\n"},
      {"absolute_form_default_port", "GET http://a.example/ HTTP/1.1\r\nHost: a.example:80\r\n\r\n"},
      {"absolute_form_https_default_port", "GET https://a.example:443/ HTTP/1.1\r\nHost: A.example\r\n\r\n"},
      {"absolute_form_empty_port", "GET http://a.example:/ HTTP/1.1\r\nHost: a.example\r\n\r\n"},
      {"empty_query", "GET /? HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"options_asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"port_empty", "GET / HTTP/1.1\r\nHost: x:\r\n\r\n"},
      {"absolute_form", "GET http://a.example:80/b?c HTTP/1.1\r\nHost: A.example:80\r\n\r\n"},
      {"absolute_form_empty_path", "GET HTTPS://a.example?c HTTP/1.1\r\nHost: a.example\r\n\r\n"},
      {"length", with_fields("Content-Length: 12\r\n")},
      {"length_zero", with_fields("Content-Length: 0\r\n")},
      {"length_18_digits", with_fields("content-length:999999999999999999\r\n")},
      {"chunked", with_fields("Transfer-Encoding:  Chunked \r\n")},
      {"close", with_fields("Connection: foo , Close\r\n")},
      {"expect", with_fields("Expect: 100-Continue\r\nContent-Length: 5\r\n")},
      {"empty_value", with_fields("X-Empty:\r\nX-Blank:   \t \r\n")},
      {"tab_inside_value", with_fields("X-Tab: a\tb\r\nX-Long-Tab: 0123456\t89abcdef\tghijklmno\t\r\n")},
      {"opaque_bytes_in_value", with_fields("X-Name: Andr\xC3\xA9 \xFF\x80 0123456789\xFF\r\n")},
      {"every_token_byte", with_fields("!#$%&'*+-.^_`|~09azAZ: x\r\n")},
      {"name_of_one_letter", with_fields("A: b\r\nc:d\r\n")},
      {"name_of_40_letters", with_fields(std::string(40, 'n') + ": v\r\n")},
      {"other_method", "PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"browser",
       "POST /notes/7f3a?page=2 HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
       "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n"
       "Accept-Encoding: gzip, deflate, br\r\nContent-Type: application/json\r\nContent-Length: 42\r\n"
       "Connection: keep-alive\r\nCookie: __Host-session=0123456789abcdef\r\nUpgrade-Insecure-Requests: 1\r\n"
       "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\n\r\n"},
  };
}

struct Bad {
  const char* name;
  std::string bytes;
  ParseError error;
};

std::vector<Bad> bad_heads() {
  using enum ParseError;
  const std::string get = "GET / HTTP/1.1\r\n";
  const auto host = [](std::string_view value) { return "GET / HTTP/1.1\r\nHost: " + std::string{value} + "\r\n\r\n"; };
  const auto line = [](std::string_view text) { return std::string{text} + "\r\nHost: x\r\n\r\n"; };
  return {
      // The request line, RFC 9112 3.
      {"request/empty", line(" / HTTP/1.1"), method_syntax},
      {"request/method_not_token", line("G(T / HTTP/1.1"), method_syntax},
      {"request/method_nul", line("G\0T / HTTP/1.1"s), method_syntax},
      {"request/method_tab", line("GET\t/ HTTP/1.1"), method_syntax},
      {"request/method_only", "GET\r\n\r\n", method_syntax},
      {"request/method_bare_lf", "GET\n", bare_lf},
      {"request/method_33", std::string(33, 'M'), method_too_long},
      {"request/tls_hello", "\x16\x03\x01\x02", method_syntax},
      {"request/connect", "CONNECT a.example:443 HTTP/1.1\r\n", method_connect},
      {"request/two_spaces", line("GET  / HTTP/1.1"), extra_space},
      {"request/two_spaces_before_version", line("GET /  HTTP/1.1"), extra_space},
      {"request/space_after_version", line("GET / HTTP/1.1 "), extra_space},
      {"request/two_empty_lines_before", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", method_syntax},
      {"request/bare_lf_before", "\nGET / HTTP/1.1\r\n", bare_lf},
      {"request/bare_cr_before", "\rGET / HTTP/1.1\r\n", bare_cr},
      {"request/target_space", line("GET /a b HTTP/1.1"), version_syntax},
      {"request/target_tab", line("GET /a\tb HTTP/1.1"), target_byte},
      {"request/target_nul", line("GET /a\0b HTTP/1.1"s), target_byte},
      {"request/target_delete", line("GET /a\x7F HTTP/1.1"), target_byte},
      {"request/target_high_byte", line("GET /caf\xC3\xA9 HTTP/1.1"), target_byte},
      {"request/target_high_byte_late", line("GET /0123456789abcdef\xFF HTTP/1.1"), target_byte},
      {"request/target_quote", line("GET /a\"b HTTP/1.1"), target_byte},
      {"request/target_less", line("GET /a?b=<c HTTP/1.1"), target_byte},
      {"request/target_greater", line("GET /a>b HTTP/1.1"), target_byte},
      {"request/target_backslash", line("GET /a\\b HTTP/1.1"), target_byte},
      {"request/target_caret", line("GET /a^ HTTP/1.1"), target_byte},
      {"request/target_quote_in_query", line("GET /a?b=\"c\" HTTP/1.1"), target_byte},
      {"request/target_fragment_in_query", line("GET /a?b={c}#d HTTP/1.1"), target_fragment},
      {"request/target_control_in_query", line("GET /a?b={\x01} HTTP/1.1"), target_byte},
      {"request/target_high_byte_in_query", line("GET /a?b={\xC3\xA9} HTTP/1.1"), target_byte},
      {"request/target_backtick", line("GET /a`b HTTP/1.1"), target_byte},
      {"request/target_braces", line("GET /{}?q HTTP/1.1"), target_byte},
      {"request/target_bar", line("GET /0123456789abcdef|b HTTP/1.1"), target_byte},
      {"request/fragment", line("GET /a#b HTTP/1.1"), target_fragment},
      {"request/target_relative", line("GET a HTTP/1.1"), target_form},
      {"request/target_query_only", line("GET ?a HTTP/1.1"), target_form},
      {"request/asterisk_get", line("GET * HTTP/1.1"), target_form},
      {"request/asterisk_more", line("OPTIONS *a HTTP/1.1"), target_form},
      {"request/authority_form", line("GET x:80 HTTP/1.1"), target_form},
      {"request/scheme_ftp", line("GET ftp://x/ HTTP/1.1"), target_form},
      {"request/scheme_javascript", line("GET javascript://x/ HTTP/1.1"), target_form},
      {"request/scheme_without_slashes", line("GET http:/x HTTP/1.1"), target_form},
      {"request/scheme_alone", line("GET http HTTP/1.1"), target_form},
      {"request/scheme_empty", line("GET ://x/ HTTP/1.1"), target_form},
      {"request/http09", "GET /\r\n", version_missing},
      {"request/http09_bare_lf", "GET /\n", bare_lf},
      {"request/version_lower_case", line("GET / http/1.1"), version_syntax},
      {"request/version_short", line("GET / HTTP/1"), version_syntax},
      {"request/version_long", line("GET / HTTP/1.10"), version_syntax},
      {"request/version_two_digits", line("GET / HTTP/11.1"), version_syntax},
      {"request/version_comma", line("GET / HTTP/1,1"), version_syntax},
      {"request/version_other_protocol", line("GET / SIP/2.0"), version_syntax},
      {"request/version_bare_lf", "GET / HTTP/1.1\nHost: x\r\n\r\n", bare_lf},
      {"request/version_bare_cr", "GET / HTTP/1.1\rHost: x\r\n\r\n", bare_cr},
      {"request/version_0_9", line("GET / HTTP/0.9"), version_unsupported},
      {"request/version_1_2_without_host", "GET / HTTP/1.2\r\n\r\n", host_missing},
      {"request/version_2_0", line("GET / HTTP/2.0"), version_unsupported},
      {"request/version_3_0", line("GET / HTTP/3.0"), version_unsupported},

      // Field lines, RFC 9112 5 and 9110 5.
      {"framing/bare_lf", get + "Host: x\n\r\n", bare_lf},
      {"framing/bare_lf_at_end", get + "Host: x\r\n\n", bare_lf},
      {"framing/bare_lf_in_name", get + "Ho\nst: x\r\n\r\n", bare_lf},
      {"framing/bare_lf_hides_field", get + "Host: x\r\nA: b\nTransfer-Encoding: chunked\r\n\r\n", bare_lf},
      {"framing/bare_cr", get + "Host: x\rA: b\r\n\r\n", bare_cr},
      {"framing/bare_cr_at_end", get + "Host: x\r\n\rA", bare_cr},
      {"framing/bare_cr_cr_lf", get + "Host: x\r\r\n\r\n", bare_cr},
      {"framing/obs_fold", get + "Host: x\r\nA: b\r\n c\r\n\r\n", obs_fold},
      {"framing/obs_fold_tab", get + "Host: x\r\nA: b\r\n\tc: d\r\n\r\n", obs_fold},
      {"framing/obs_fold_te", get + "Host: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n", coding_not_chunked},
      {"framing/space_before_first_field", get + " Host: x\r\n\r\n", obs_fold},
      {"framing/sp_colon", get + "Host : x\r\n\r\n", space_before_colon},
      {"framing/sp_colon_te", get + "Host: x\r\nTransfer-Encoding : chunked\r\n\r\n", space_before_colon},
      {"framing/sp_colon_tab", get + "Host: x\r\nContent-Length\t: 5\r\n\r\n", space_before_colon},
      {"field/no_colon", get + "Host: x\r\nfoo\r\n\r\n", no_colon},
      {"field/name_empty", get + "Host: x\r\n: foo\r\n\r\n", name_empty},
      {"field/name_space_inside", get + "Host: x\r\nfoo bar: baz\r\n\r\n", space_before_colon},
      {"field/name_nul", get + "Host: x\r\nfo\0o: bar\r\n\r\n"s, name_byte},
      {"field/name_nul_after_known", get + "Host\0: x\r\n\r\n"s, name_byte},
      {"field/name_control_for_hyphen", get + "Host: x\r\nContent\rLength: 5\r\n\r\n", no_colon},
      {"field/name_control_for_digit", get + "Host: x\r\nhttp\x12-settings: a\r\n\r\n", name_byte},
      {"field/name_separator", get + "Host: x\r\nfoo(bar): baz\r\n\r\n", name_byte},
      {"field/name_high_byte", get + "Host: x\r\nfo\xC3\xB6: bar\r\n\r\n", name_byte},
      {"field/name_high_colon", get + "Host: x\r\nfoo\xBA bar: x\r\n\r\n", name_byte},
      {"field/value_nul", get + "Host: x\r\nA: b\0c\r\n\r\n"s, value_byte},
      {"field/value_nul_late", get + "Host: x\r\nA: 0123456789abcdef\0\r\n\r\n"s, value_byte},
      {"field/value_escape", get + "Host: x\r\nA: \x1B[31m\r\n\r\n", value_byte},
      {"field/value_unit_separator", get + "Host: x\r\nA: 0123456789\x1F\r\n\r\n", value_byte},
      {"field/value_vertical_tab",
       get + "Host: x\r\nTransfer-Encoding: \x0B"
             "chunked\r\n\r\n",
       value_byte},
      {"field/value_delete", get + "Host: x\r\nA: 0123456789\x7F\r\n\r\n", value_byte},

      // Body framing, RFC 9112 6.
      {"framing/te_and_cl", with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), coding_and_length},
      {"framing/cl_and_te", with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), coding_and_length},
      {"framing/cl_and_te_apart", with_fields("Content-Length: 5\r\nA: b\r\ntransfer-encoding:chunked\r\n"),
       coding_and_length},
      {"framing/te_gzip_then_cl", with_fields("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), coding_not_chunked},
      {"framing/te_identity", with_fields("Transfer-Encoding: identity\r\n"), coding_not_chunked},
      {"framing/te_gzip_chunked", with_fields("Transfer-Encoding: gzip, chunked\r\n"), coding_not_chunked},
      {"framing/te_chunked_gzip", with_fields("Transfer-Encoding: chunked, gzip\r\n"), coding_not_chunked},
      {"framing/te_chunked_chunked", with_fields("Transfer-Encoding: chunked, chunked\r\n"), coding_not_chunked},
      {"framing/te_chunked_parameter", with_fields("Transfer-Encoding: chunked;a=b\r\n"), coding_not_chunked},
      {"framing/te_chunked_comma", with_fields("Transfer-Encoding: chunked,\r\n"), coding_not_chunked},
      {"framing/te_xchunked", with_fields("Transfer-Encoding: xchunked\r\n"), coding_not_chunked},
      {"framing/te_quoted", with_fields("Transfer-Encoding: \"chunked\"\r\n"), coding_not_chunked},
      {"framing/te_high_byte", with_fields("Transfer-Encoding: chunke\xE4\r\n"), coding_not_chunked},
      {"framing/te_empty", with_fields("Transfer-Encoding:\r\n"), coding_not_chunked},
      {"framing/te_tab_before", with_fields("Transfer-Encoding:\tchunked\r\n"), coding_not_chunked},
      {"framing/te_tab_after", with_fields("Transfer-Encoding: chunked\t\r\n"), coding_not_chunked},
      {"framing/dup_te", with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), coding_repeated},
      {"framing/te_identity_after", with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
       coding_repeated},
      {"framing/te_http10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", coding_in_http10},
      {"framing/dup_cl", with_fields("Content-Length: 5\r\nContent-Length: 6\r\n"), length_repeated},
      {"framing/dup_cl_equal", with_fields("Content-Length: 5\r\ncontent-length: 5\r\n"), length_repeated},
      {"framing/cl_list", with_fields("Content-Length: 5, 5\r\n"), length_syntax},
      {"framing/cl_plus", with_fields("Content-Length: +5\r\n"), length_syntax},
      {"framing/cl_minus", with_fields("Content-Length: -5\r\n"), length_syntax},
      {"framing/cl_hex", with_fields("Content-Length: 0x5\r\n"), length_syntax},
      {"framing/cl_fraction", with_fields("Content-Length: 5.0\r\n"), length_syntax},
      {"framing/cl_space_inside", with_fields("Content-Length: 1 0\r\n"), length_syntax},
      {"framing/cl_quoted", with_fields("Content-Length: \"5\"\r\n"), length_syntax},
      {"framing/cl_empty", with_fields("Content-Length: \r\n"), length_syntax},
      {"framing/cl_high_digit", with_fields("Content-Length: 1\xB2\r\n"), length_syntax},
      {"framing/cl_tab", with_fields("Content-Length: 5\t\r\n"), length_syntax},
      {"framing/cl_19_digits", with_fields("Content-Length: 1000000000000000000\r\n"), length_syntax},
      {"framing/cl_19_zeros", with_fields("Content-Length: 0000000000000000005\r\n"), length_syntax},

      // Host, RFC 9112 3.2 and 9110 7.2.
      {"host/missing", get + "\r\n", host_missing},
      {"host/repeated", get + "Host: x\r\nHost: y\r\n\r\n", host_repeated},
      {"host/repeated_equal", get + "Host: x\r\nhOsT: x\r\n\r\n", host_repeated},
      {"host/empty", host(""), host_syntax},
      {"host/list", host("a, b"), host_syntax},
      {"host/space", host("a b"), host_syntax},
      {"host/slash", host("a/b"), host_syntax},
      {"host/userinfo", host("user@a"), host_syntax},
      {"host/userinfo_password", host("a.example:80@evil.example"), host_syntax},
      {"host/percent", host("%61.example"), host_syntax},
      {"host/high_byte", host("caf\xC3\xA9.example"), host_syntax},
      {"host/quote", host("a\"b"), host_syntax},
      {"host/256_bytes", host(std::string(256, 'a')), host_syntax},
      {"host/port_only", host(":80"), host_syntax},
      {"host/port_65536", host("a:65536"), host_syntax},
      {"host/port_6_digits", host("a:000080"), host_syntax},
      {"host/port_sign", host("a:+80"), host_syntax},
      {"host/port_twice", host("a:80:80"), host_syntax},
      {"host/ipv6_bare", host("::1"), host_syntax},
      {"host/ipv6_open", host("[::1"), host_syntax},
      {"host/ipv6_empty", host("[]"), host_syntax},
      {"host/ipv6_nine_groups", host("[1:2:3:4:5:6:7:8:9]"), host_syntax},
      {"host/ipv6_zone", host("[fe80::1%25eth0]"), host_syntax},
      {"host/ipv6_text_behind", host("[::1]a"), host_syntax},
      {"host/ipv6_long", host("[" + std::string(60, ':') + "]"), host_syntax},
      {"host/ipvfuture", host("[v1.a]"), host_syntax},
      {"host/absolute_mismatch", "GET http://a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n", host_mismatch},
      {"host/absolute_port_mismatch", "GET http://a.example:81/ HTTP/1.1\r\nHost: a.example\r\n\r\n", host_mismatch},
      {"host/absolute_port_of_another_scheme", "GET http://a.example:443/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
       host_mismatch},
      {"host/absolute_without_host", "GET http://a.example/ HTTP/1.1\r\n\r\n", host_missing},
      {"host/absolute_empty", "GET http:/// HTTP/1.1\r\n", host_syntax},
      {"host/absolute_userinfo", "GET http://u@a.example/ HTTP/1.1\r\n", host_syntax},
      {"host/absolute_backslash", "GET http://a.example\\@b.example/ HTTP/1.1\r\n", target_byte},

      {"expect/other", with_fields("Expect: 200-ok\r\n"), expectation},
      {"expect/empty", with_fields("Expect:\r\n"), expectation},
      {"expect/list", with_fields("Expect: 100-continue, x\r\n"), expectation},
      {"expect/repeated", with_fields("Expect: 100-continue\r\nExpect: 100-continue\r\n"), expectation},
  };
}

// ---- verdicts

TEST(Http1Parser, good_heads) {
  for (const Good& head : good_heads()) {
    EXPECT_EQ(Parsed{head.bytes}.result(), complete(head.bytes.size())) << head.name;
    EXPECT_EQ(Parsed{head.bytes + "body and \r\n\r\n more"}.result(), complete(head.bytes.size())) << head.name;
  }
}

TEST(Http1Parser, bad_heads) {
  for (const Bad& head : bad_heads()) {
    EXPECT_EQ(Parsed{head.bytes}.result(), failed(head.error)) << head.name;
    EXPECT_EQ(drip(head.bytes, 1), failed(head.error)) << head.name << ", byte by byte";
  }
}

TEST(Http1Parser, http2_preface_is_not_http1) {
  // The connection looks for the preface first (RFC 9113 3.4); here it is an asterisk that only OPTIONS may use.
  EXPECT_EQ(Parsed{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}.result(), failed(ParseError::target_form));
}

TEST(Http1Parser, every_rule_has_a_case_a_name_and_a_status) {
  std::vector<ParseError> covered{ParseError::request_line_too_long, ParseError::too_many_fields,
                                  ParseError::head_too_large};
  for (const Bad& head : bad_heads()) covered.push_back(head.error);
  for (std::size_t i = 1; i < static_cast<std::size_t>(ParseError::count); ++i) {
    const auto error = static_cast<ParseError>(i);
    EXPECT_NE(std::ranges::find(covered, error), covered.end()) << rule_name(error);
    EXPECT_FALSE(rule_name(error).empty());
    EXPECT_GE(status_of(error), 400);
  }
  EXPECT_EQ(status_of(ParseError::request_line_too_long), 414);
  EXPECT_EQ(status_of(ParseError::head_too_large), 431);
  EXPECT_EQ(status_of(ParseError::too_many_fields), 431);
  EXPECT_EQ(status_of(ParseError::version_unsupported), 505);
  EXPECT_EQ(status_of(ParseError::method_connect), 501);
  EXPECT_EQ(status_of(ParseError::expectation), 417);
  EXPECT_EQ(status_of(ParseError::coding_and_length), 400);
  EXPECT_EQ(rule_name(ParseError::coding_and_length), "framing/te_and_cl");
  EXPECT_EQ(rule_name(ParseError::expectation), "expect/unknown");
}

// ---- what a head says

TEST(Http1Parser, reads_the_request_line) {
  const Parsed head{"GET /a/b?c=d?e HTTP/1.1\r\nHost: x\r\n\r\n"};
  EXPECT_EQ(head->method, Method::get);
  EXPECT_EQ(head->method_text, "GET");
  EXPECT_EQ(head->target, "/a/b?c=d?e");
  EXPECT_EQ(head->path, "/a/b");
  EXPECT_TRUE(head->has_query);
  EXPECT_EQ(head->query, "c=d?e");
  EXPECT_EQ(head->minor_version, 1);
  EXPECT_EQ(head->host, "x");
  EXPECT_TRUE(head->scheme.empty());
}

TEST(Http1Parser, an_empty_query_is_a_query) {
  EXPECT_TRUE(Parsed { "GET /? HTTP/1.1\r\nHost: x\r\n\r\n" } -> has_query);
  EXPECT_FALSE(Parsed { "GET / HTTP/1.1\r\nHost: x\r\n\r\n" } -> has_query);
}

TEST(Http1Parser, knows_methods_by_their_case) {
  const std::pair<const char*, Method> methods[] = {
      {"GET", Method::get},       {"HEAD", Method::head},      {"POST", Method::post},       {"PUT", Method::put},
      {"PATCH", Method::patch},   {"DELETE", Method::delete_}, {"OPTIONS", Method::options}, {"TRACE", Method::other},
      {"get", Method::other},     {"Post", Method::other},     {"GETS", Method::other},      {"X", Method::other},
      {"DELETED", Method::other}, {"OPTION", Method::other},   {"PURGE", Method::other},     {"MKCOL", Method::other},
  };
  for (const auto& [text, method] : methods) {
    const Parsed head{std::string{text} + " / HTTP/1.1\r\nHost: x\r\n\r\n"};
    ASSERT_EQ(head.result().state, State::complete) << text;
    EXPECT_EQ(head->method, method) << text;
    EXPECT_EQ(head->method_text, text);
  }
}

TEST(Http1Parser, reads_absolute_form) {
  const Parsed head{"GET http://a.example:8080/b?c HTTP/1.1\r\nHost: A.example:8080\r\n\r\n"};
  EXPECT_EQ(head->scheme, "http");
  EXPECT_EQ(head->host, "A.example:8080");
  EXPECT_EQ(head->path, "/b");
  EXPECT_EQ(head->query, "c");
  const Parsed empty_path{"GET http://a.example?c HTTP/1.1\r\nHost: a.example\r\n\r\n"};
  EXPECT_EQ(empty_path->path, "/");
  EXPECT_EQ(empty_path->query, "c");
  const Parsed nothing_else{"GET http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n"};
  EXPECT_EQ(nothing_else->path, "/");
  const Parsed old{"GET http://a.example HTTP/1.0\r\n\r\n"};
  EXPECT_EQ(old->host, "a.example");
  EXPECT_EQ(old->path, "/");
}

TEST(Http1Parser, accepts_hosts) {
  for (const std::string host : {"a", "a.example", "A_B-c.example.", "a:0", "a:65535", "127.0.0.1:8080", "[::1]",
                                 "[::1]:80", "[2001:db8::192.0.2.1]"}) {
    const Parsed head{"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"};
    ASSERT_EQ(head.result().state, State::complete) << host;
    EXPECT_EQ(head->host, host);
  }
  EXPECT_EQ(Parsed{"GET / HTTP/1.1\r\nHost: " + std::string(255, 'a') + "\r\n\r\n"}.result().state, State::complete);
}

// The system's reader of addresses wants them in a buffer of its own, which has an end.
TEST(Http1Parser, refuses_addresses_longer_than_any) {
  for (const std::size_t groups : {9U, 12U, 400U}) {
    std::string host = "[";
    for (std::size_t i = 1; i < groups; ++i) host += "1111:";
    host += "1111]";
    EXPECT_EQ(Parsed{"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"}.result(), failed(ParseError::host_syntax));
  }
  EXPECT_EQ(Parsed{"GET / HTTP/1.1\r\nHost: [1111:2222:3333:4444:5555:6666:255.255.255.2550]\r\n\r\n"}.result(),
            failed(ParseError::host_syntax));
  EXPECT_EQ(Parsed{"GET / HTTP/1.1\r\nHost: [1111:2222:3333:4444:5555:6666:255.255.255.255]\r\n\r\n"}.result().state,
            State::complete);
}

TEST(Http1Parser, keeps_fields_in_order_without_their_whitespace) {
  const Parsed head{with_fields("X-A: \t one two\t \r\nx-b:\r\nX-A:three\r\n")};
  ASSERT_EQ(head->fields().size(), 4U);
  EXPECT_EQ(head->fields()[1].name, "X-A");
  EXPECT_EQ(head->fields()[1].value, "one two");
  EXPECT_EQ(head->fields()[2].value, "");
  EXPECT_EQ(head->fields()[3].value, "three");
  EXPECT_EQ(head->find("x-a"), &head->fields()[1]);
  EXPECT_EQ(head->find("X-B"), &head->fields()[2]);
  EXPECT_EQ(head->find("x-c"), nullptr);
}

TEST(Http1Parser, recognises_every_known_name_in_any_case) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(KnownHeader::count); ++i) {
    const auto header = static_cast<KnownHeader>(i);
    const std::string lower{header_name(header)};
    std::string upper = lower;
    std::string mixed = lower;
    for (std::size_t c = 0; c < lower.size(); ++c) {
      if (lower[c] >= 'a' && lower[c] <= 'z') upper[c] = static_cast<char>(lower[c] - 32);
      if (c % 2 == 0) mixed[c] = upper[c];
    }
    for (const std::string& name : {lower, upper, mixed}) EXPECT_EQ(detail::intern_header(name), header) << name;
    // No byte of a known name can be another one, not even those that a sloppy fold of case would let pass.
    for (std::size_t c = 0; c < lower.size(); ++c) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string other = lower;
        other[c] = static_cast<char>(byte);
        const KnownHeader found = detail::intern_header(other);
        EXPECT_EQ(found == header, base::to_lower(other[c]) == lower[c]) << other;
      }
    }
    EXPECT_EQ(detail::intern_header(lower + "x"), KnownHeader::other);
    EXPECT_NE(detail::intern_header(lower.substr(1)), header);
  }
  EXPECT_EQ(header_name(KnownHeader::transfer_encoding), "transfer-encoding");
  EXPECT_EQ(header_name(KnownHeader::dnt), "dnt");
  EXPECT_EQ(header_name(KnownHeader::other), "");
}

TEST(Http1Parser, looks_known_fields_up) {
  const Parsed head{with_fields("Cookie: a=b\r\nOrigin: null\r\nX: y\r\nORIGIN: https://evil.example\r\n")};
  EXPECT_TRUE(head->has(KnownHeader::cookie));
  EXPECT_FALSE(head->repeated(KnownHeader::cookie));
  EXPECT_EQ(head->known(KnownHeader::cookie).value, "a=b");
  EXPECT_TRUE(head->repeated(KnownHeader::origin));
  EXPECT_TRUE(head->known(KnownHeader::origin).repeated);
  EXPECT_EQ(head->known(KnownHeader::origin).value, "null");
  EXPECT_FALSE(head->known(KnownHeader::referer));
  EXPECT_FALSE(head->has(KnownHeader::other));
}

TEST(Http1Parser, forgets_the_head_before) {
  RequestHead head;
  ASSERT_EQ(
      parse_request_head(with_fields("Cookie: a\r\nCookie: b\r\nContent-Length: 7\r\nConnection: close\r\n"), head)
          .state,
      State::complete);
  const std::string second = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_EQ(parse_request_head(second, head).state, State::complete);
  EXPECT_FALSE(head.has(KnownHeader::cookie));
  EXPECT_FALSE(head.repeated(KnownHeader::cookie));
  EXPECT_EQ(head.fields().size(), 1U);
  EXPECT_EQ(head.framing, BodyFraming::none);
  EXPECT_EQ(head.content_length, 0U);
  EXPECT_TRUE(head.keep_alive);

  ASSERT_EQ(parse_request_head("GET http://a.example/ HTTP/1.0\r\nHost: a.example\r\n\r\n", head).state,
            State::complete);
  ASSERT_EQ(parse_request_head("GET /?q HTTP/1.0\r\n\r\n", head).state, State::complete);
  EXPECT_EQ(head.scheme, "");
  EXPECT_EQ(head.host, "");
  ASSERT_EQ(parse_request_head(second, head).state, State::complete);
  EXPECT_EQ(head.query, "");
  EXPECT_FALSE(head.has_query);
}

TEST(Http1Parser, says_how_the_body_is_framed) {
  EXPECT_EQ(
      Parsed { with_fields("") } -> framing, BodyFraming::none);
  const Parsed zero{with_fields("Content-Length: 0\r\n")};
  EXPECT_EQ(zero->framing, BodyFraming::length);
  EXPECT_EQ(zero->content_length, 0U);
  const Parsed largest{with_fields("Content-Length: 999999999999999999\r\n")};
  EXPECT_EQ(largest->content_length, 999'999'999'999'999'999U);
  EXPECT_EQ(
      Parsed { with_fields("Content-Length: 007\r\n") } -> content_length, 7U);
  EXPECT_EQ(
      Parsed { with_fields("Transfer-Encoding: CHUNKED\r\n") } -> framing, BodyFraming::chunked);
  EXPECT_EQ(
      Parsed { "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n" } -> framing, BodyFraming::length);
}

TEST(Http1Parser, says_whether_the_connection_stays) {
  const auto keeps = [](std::string_view version, std::string_view fields) {
    const Parsed head{"GET / HTTP/" + std::string{version} + "\r\nHost: x\r\n" + std::string{fields} + "\r\n"};
    EXPECT_EQ(head.result().state, State::complete);
    return head->keep_alive;
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_TRUE(keeps("1.1", "Connection: upgrade\r\nUpgrade: h2c\r\n"));
  EXPECT_TRUE(keeps("1.1", "Connection: closed, close-notify\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: CLOSE\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: keep-alive,\tclose ,,\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: upgrade,close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: close\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(keeps("1.0", "Connection: keep-alive, close\r\n"));
}

TEST(Http1Parser, says_whether_the_client_waits_for_100) {
  const auto waits = [](std::string_view version, std::string_view fields) {
    const Parsed head{"POST / HTTP/" + std::string{version} + "\r\nHost: x\r\nExpect: 100-continue\r\n" +
                      std::string{fields} + "\r\n"};
    EXPECT_EQ(head.result().state, State::complete);
    return head->expect_continue;
  };
  EXPECT_TRUE(waits("1.1", "Content-Length: 5\r\n"));
  EXPECT_TRUE(waits("1.1", "Transfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(waits("1.1", "Content-Length: 0\r\n"));
  EXPECT_FALSE(waits("1.1", ""));
  EXPECT_FALSE(waits("1.0", "Content-Length: 5\r\n"));
  EXPECT_FALSE(Parsed { with_fields("Content-Length: 5\r\n") } -> expect_continue);
}

TEST(Http1Parser, rebase_moves_every_view) {
  for (const Good& good : good_heads()) {
    RequestHead head;
    ASSERT_EQ(parse_request_head(good.bytes, head).state, State::complete);
    const auto copy = std::make_unique_for_overwrite<char[]>(good.bytes.size());
    std::memcpy(copy.get(), good.bytes.data(), good.bytes.size());
    head.rebase(good.bytes.data(), copy.get());
    RequestHead fresh;
    ASSERT_EQ(parse_request_head({copy.get(), good.bytes.size()}, fresh).state, State::complete);
    EXPECT_TRUE(same_head(head, fresh)) << good.name;
  }
}

// ---- limits: n passes, n + 1 does not, and nobody waits for byte n + 2

TEST(Http1Parser, request_line_limit) {
  const HeadLimits limits;
  const auto line = [](std::size_t size) { return "GET /" + std::string(size - 14, 'a') + " HTTP/1.1"; };
  ASSERT_EQ(line(100).size(), 100U);
  const std::string rest = "\r\nHost: x\r\n\r\n";
  EXPECT_EQ(Parsed{line(limits.request_line) + rest}.result().state, State::complete);
  EXPECT_EQ(Parsed{line(limits.request_line + 1) + rest}.result(), failed(ParseError::request_line_too_long));
  // SP and version need nine bytes: the target is too long when it takes one of them.
  const std::string endless = "GET /" + std::string(limits.request_line, 'a');
  EXPECT_EQ(Parsed{endless.substr(0, limits.request_line - 9)}.result(), incomplete());
  EXPECT_EQ(Parsed{endless.substr(0, limits.request_line - 8)}.result(), failed(ParseError::request_line_too_long));
  EXPECT_EQ(Parsed{"\r\n" + line(limits.request_line) + rest}.result().state, State::complete);
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", {.request_line = 0}).result().state, State::complete)
      << "at least 16";
}

TEST(Http1Parser, method_limit) {
  EXPECT_EQ(Parsed{std::string(32, 'M') + " / HTTP/1.1\r\nHost: x\r\n\r\n"}.result().state, State::complete);
  EXPECT_EQ(Parsed{std::string(32, 'M')}.result(), incomplete());
  EXPECT_EQ(Parsed{std::string(33, 'M')}.result(), failed(ParseError::method_too_long));
  EXPECT_EQ(status_of(ParseError::method_too_long), 501);
}

TEST(Http1Parser, total_limit) {
  const HeadLimits limits;
  const auto head = [](std::size_t size) { return with_fields("X: " + std::string(size - 40, 'a') + "\r\n"); };
  ASSERT_EQ(head(100).size(), 100U);
  EXPECT_EQ(Parsed{head(limits.total)}.result(), complete(limits.total));
  EXPECT_EQ(Parsed{head(limits.total + 1)}.result(), failed(ParseError::head_too_large));
  EXPECT_EQ(Parsed{head(limits.total + 100).substr(0, limits.total - 1)}.result(), incomplete());
  EXPECT_EQ(Parsed{head(limits.total + 100).substr(0, limits.total)}.result(), failed(ParseError::head_too_large));
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", {.total = 27}).result(), complete(27));
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", {.total = 26}).result(), failed(ParseError::head_too_large));
  EXPECT_EQ(Parsed("", {.total = 0}).result(), failed(ParseError::head_too_large));
}

TEST(Http1Parser, field_count_limit) {
  const auto fields = [](std::size_t count) {
    std::string all;
    for (std::size_t i = 1; i < count; ++i) all += "a:b\r\n";
    return "GET / HTTP/1.1\r\nHost: x\r\n" + all;
  };
  EXPECT_EQ(Parsed{fields(64) + "\r\n"}.result().state, State::complete);
  EXPECT_EQ(Parsed{fields(64)}.result(), incomplete());
  EXPECT_EQ(Parsed{fields(64) + "a"}.result(), failed(ParseError::too_many_fields));
  EXPECT_EQ(drip(fields(64) + "a", 1), failed(ParseError::too_many_fields));
  const std::size_t most = RequestHead::max_fields;
  EXPECT_EQ(Parsed(fields(most) + "\r\n", {.fields = most}).result().state, State::complete);
  EXPECT_EQ(Parsed(fields(most + 1) + "\r\n", {.fields = 1000}).result(), failed(ParseError::too_many_fields));
  EXPECT_EQ(Parsed(fields(2) + "\r\n", {.fields = 1}).result(), failed(ParseError::too_many_fields));
}

// ---- cut, dripped and mutated input

TEST(Http1Parser, a_good_head_cut_anywhere_is_incomplete) {
  for (const Good& head : good_heads()) {
    for (std::size_t cut = 0; cut < head.bytes.size(); ++cut) {
      EXPECT_EQ(Parsed{std::string_view{head.bytes}.substr(0, cut)}.result(), incomplete())
          << head.name << " cut at " << cut;
    }
    for (const std::size_t step : {1U, 2U, 3U, 7U, 8U, 9U, 64U}) {
      EXPECT_EQ(drip(head.bytes, step), complete(head.bytes.size())) << head.name << " in steps of " << step;
    }
  }
}

// What lies behind the end is not the client's, or not yet: a receive buffer holds bytes of a request before.
TEST(Http1Parser, what_stands_behind_the_end_does_not_count) {
  for (const Good& head : good_heads()) {
    RequestHead out;
    for (std::size_t cut = 0; cut < head.bytes.size(); ++cut) {
      EXPECT_EQ(parse_request_head(std::string_view{head.bytes}.substr(0, cut), out), incomplete())
          << head.name << " cut at " << cut;
    }
  }
}

TEST(Http1Parser, a_second_look_at_the_same_bytes_says_the_same) {
  for (const Good& head : good_heads()) {
    for (std::size_t cut = 0; cut < head.bytes.size(); ++cut) {
      EXPECT_EQ(Parsed(std::string_view{head.bytes}.substr(0, cut), {}, cut).result(), incomplete())
          << head.name << " cut at " << cut;
    }
  }
}

TEST(Http1Parser, every_split_in_two_gives_the_same_verdict) {
  for (const Good& head : good_heads()) {
    for (std::size_t cut = 0; cut <= head.bytes.size(); ++cut) {
      EXPECT_EQ(Parsed(head.bytes, {}, cut).result(), complete(head.bytes.size())) << head.name << " cut at " << cut;
    }
  }
  for (const Bad& head : bad_heads()) {
    for (std::size_t cut = 0; cut <= head.bytes.size(); ++cut) {
      const std::string_view part = std::string_view{head.bytes}.substr(0, cut);
      if (Parsed{part}.result().state != State::incomplete) break;
      EXPECT_EQ(Parsed(head.bytes, {}, cut).result(), failed(head.error)) << head.name << " cut at " << cut;
    }
  }
}

// Two things at once: the twin agrees on every mutant (checked by Parsed), and a mutant fed in drips is judged like a whole one.
TEST(Http1Parser, every_mutation_of_one_byte_gets_one_verdict) {
  const std::string heads[] = {
      "GET /a?b HTTP/1.1\r\nHost: x:80\r\nContent-Length: 5\r\nA-Name:\tvalue \r\n\r\n",
      "OPTIONS http://h/ HTTP/1.0\r\nhost: h\r\nTransfer-Encodinh: chunked\r\nConnection: close\r\n\r\n",
  };
  for (const std::string& head : heads) {
    for (std::size_t at = 0; at < head.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string mutant = head;
        mutant[at] = static_cast<char>(byte);
        const Parsed whole{mutant};
        if (byte % 16 == static_cast<int>(at % 16)) {  // a sixteenth of them: dripping costs a parse per byte
          ASSERT_EQ(drip(mutant, 1), whole.result()) << "byte " << byte << " at " << at;
        }
      }
    }
  }
}

TEST(Http1Parser, every_byte_value_at_every_offset_of_a_word) {
  for (std::size_t at = 0; at < 40; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      std::string filler(40, 'v');
      filler[at] = c;
      const State in_value = Parsed{with_fields("N: " + filler + "\r\n")}.result().state;
      EXPECT_EQ(in_value == State::complete, base::is_in(base::value_class, c)) << byte << " at " << at;
      const State in_name = Parsed{with_fields(filler + "z: v\r\n")}.result().state;
      EXPECT_EQ(in_name == State::complete, base::is_in(base::token_class, c) || (c == ':' && at != 0))
          << byte << " at " << at;
      const State in_query = Parsed{"GET /?" + filler + " HTTP/1.1\r\nHost: x\r\n\r\n"}.result().state;
      EXPECT_EQ(in_query == State::complete, base::is_in(base::query_class, c)) << byte << " at " << at;
      const State in_target = Parsed{"GET /" + filler + " HTTP/1.1\r\nHost: x\r\n\r\n"}.result().state;
      EXPECT_EQ(in_target == State::complete, base::is_in(base::target_class, c)) << byte << " at " << at;
    }
  }
}

TEST(CharacterClass, agrees_with_the_grammar) {
  EXPECT_EQ(std::ranges::count_if(base::character_classes, [](auto bits) { return (bits & base::token_class) != 0; }),
            77);
  EXPECT_EQ(std::ranges::count_if(base::character_classes, [](auto bits) { return (bits & base::value_class) != 0; }),
            224);
  EXPECT_EQ(std::ranges::count_if(base::character_classes, [](auto bits) { return (bits & base::target_class) != 0; }),
            84);
  EXPECT_EQ(std::ranges::count_if(base::character_classes, [](auto bits) { return (bits & base::host_class) != 0; }),
            65);
  for (const char c :
       {'"', '(', ')', ',', '/', ':', ';', '<', '=', '>', '?', '@', '[', '\\', ']', '{', '}', ' ', '\0', '\x7F'}) {
    EXPECT_FALSE(base::is_in(base::token_class, c)) << c;
  }
}

}  // namespace
}  // namespace sallyport::http
