// Judges the fields of HTTP/2 requests.
#include "http/http2_head.hpp"

#include "base/character_class.hpp"
#include "http/head_scan.hpp"
#include "http/known_headers.hpp"
#include "http/origin.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace sallyport::http {
namespace {

constexpr HeadVerdict good{200, {}};

namespace rules {
constexpr HeadVerdict name_empty{0, "field/name_empty"};
constexpr HeadVerdict name_byte{0, "h2/name_byte"};
constexpr HeadVerdict value_byte{0, "field/value_byte"};
constexpr HeadVerdict value_blank{0, "h2/value_blank"};
constexpr HeadVerdict pseudo_unknown{0, "h2/pseudo_unknown"};
constexpr HeadVerdict pseudo_repeated{0, "h2/pseudo_repeated"};
constexpr HeadVerdict pseudo_order{0, "h2/pseudo_order"};
constexpr HeadVerdict pseudo_missing{0, "h2/pseudo_missing"};
constexpr HeadVerdict pseudo_in_trailers{0, "h2/pseudo_in_trailers"};
constexpr HeadVerdict connection_field{0, "h2/connection_field"};
constexpr HeadVerdict te{0, "h2/te"};
constexpr HeadVerdict length_mismatch{0, "h2/length_mismatch"};
constexpr HeadVerdict scheme{400, "h2/scheme"};
constexpr HeadVerdict not_one_head{400, "h2/head"};
constexpr HeadVerdict method_syntax{400, rule_name(ParseError::method_syntax)};
constexpr HeadVerdict target_byte{400, rule_name(ParseError::target_byte)};
constexpr HeadVerdict target_form{400, rule_name(ParseError::target_form)};
constexpr HeadVerdict host_mismatch{400, rule_name(ParseError::host_mismatch)};
constexpr HeadVerdict host_repeated{400, rule_name(ParseError::host_repeated)};
constexpr HeadVerdict connect{501, rule_name(ParseError::method_connect)};
constexpr HeadVerdict head_too_large{431, rule_name(ParseError::head_too_large)};
}  // namespace rules

constexpr std::size_t field_overhead = 32;  // RFC 9113 6.5.2
constexpr std::size_t text_kept = 4096;     // memory that a stream may keep between requests

constexpr std::uint8_t method_bit = 1;
constexpr std::uint8_t scheme_bit = 2;
constexpr std::uint8_t path_bit = 4;
constexpr std::uint8_t authority_bit = 8;
constexpr std::uint8_t protocol_bit = 16;

bool all_in(base::CharacterClass wanted, std::string_view text) noexcept {
  return base::skip(wanted, text.data(), text.data() + text.size()) == text.data() + text.size();
}

// RFC 9113 8.2.1, and as strict as HTTP/1.1: no control character but a tab, and nothing that a reader would trim.
HeadVerdict judge_value(std::string_view value) noexcept {
  if (value.empty()) return good;
  const char* const end = value.data() + value.size();
  if (detail::BlockScan::value_end(value.data(), end) != end) return rules::value_byte;
  return base::is_blank(value.front()) || base::is_blank(value.back()) ? rules::value_blank : good;
}

HeadVerdict judge_name(std::string_view name) noexcept {
  if (name.empty()) return rules::name_empty;
  for (const char c : name) {
    if (!base::is_in(base::token_class, c) || (c >= 'A' && c <= 'Z')) return rules::name_byte;
  }
  return good;
}

// RFC 9113 8.2.2.
HeadVerdict judge_meaning(KnownHeader known, std::string_view value) noexcept {
  switch (known) {
    case KnownHeader::connection:
    case KnownHeader::keep_alive:
    case KnownHeader::proxy_connection:
    case KnownHeader::transfer_encoding:
    case KnownHeader::upgrade:
    case KnownHeader::http2_settings:
      return rules::connection_field;
    case KnownHeader::te:
      return detail::is_keyword(value, "trailers") ? good : rules::te;
    default:
      return good;
  }
}

}  // namespace

// --- Requests

void Http2Head::begin() noexcept {
  verdict_ = good;
  size_ = 0;
  seen_ = 0;
  in_fields_ = in_trailers_ = host_seen_ = false;
  if (text_.capacity() > text_kept) std::string().swap(text_);
  for (std::string* part : {&method_, &scheme_, &authority_, &path_, &cookie_, &text_}) part->clear();
}

void Http2Head::begin_trailers() noexcept {
  verdict_ = good;
  size_ = 0;
  in_trailers_ = true;
}

void Http2Head::add(std::string_view name, std::string_view value) {
  if (verdict_.status != good.status) return;
  size_ += name.size() + value.size() + field_overhead;
  if (size_ > limits_.total) {
    verdict_ = rules::head_too_large;
    return;
  }
  verdict_ = judge_value(value);
  if (verdict_.status != good.status) return;
  if (name.starts_with(':')) {
    add_pseudo(name, value);
  } else {
    add_regular(name, value);
  }
}

void Http2Head::add_pseudo(std::string_view name, std::string_view value) {
  if (in_trailers_) {
    verdict_ = rules::pseudo_in_trailers;
  } else if (in_fields_) {
    verdict_ = rules::pseudo_order;
  } else if (name == ":method") {
    set_pseudo(method_, method_bit, value);
  } else if (name == ":scheme") {
    set_pseudo(scheme_, scheme_bit, value);
  } else if (name == ":path") {
    set_pseudo(path_, path_bit, value);
  } else if (name == ":authority") {
    set_pseudo(authority_, authority_bit, value);
  } else if (name == ":protocol") {  // RFC 8441: refused with its CONNECT, unknown with anything else
    seen_ |= protocol_bit;
  } else {
    verdict_ = rules::pseudo_unknown;
  }
}

void Http2Head::set_pseudo(std::string& part, std::uint8_t bit, std::string_view value) {
  if ((seen_ & bit) != 0) {
    verdict_ = rules::pseudo_repeated;
    return;
  }
  seen_ = static_cast<std::uint8_t>(seen_ | bit);
  part = value;
}

void Http2Head::add_regular(std::string_view name, std::string_view value) {
  verdict_ = judge_name(name);
  if (verdict_.status != good.status) return;
  const KnownHeader known = detail::intern_header(name);
  verdict_ = judge_meaning(known, value);
  if (verdict_.status != good.status || in_trailers_) return;
  begin_fields();
  if (known == KnownHeader::host) {
    add_host(value);
  } else if (known == KnownHeader::cookie) {
    if (!cookie_.empty()) cookie_.append("; ");
    cookie_.append(value);
  } else {
    add_line(name, value);
  }
}

void Http2Head::begin_fields() {
  if (std::exchange(in_fields_, true)) return;
  text_.append(method_).append(" ").append(path_).append(" HTTP/1.1\r\n");
  if ((seen_ & authority_bit) != 0) add_line("host", authority_);
}

void Http2Head::add_host(std::string_view value) {
  if (std::exchange(host_seen_, true)) {
    verdict_ = rules::host_repeated;
  } else if ((seen_ & authority_bit) == 0) {
    add_line("host", value);
  } else if (!same_authority(base::equal_ignoring_case(scheme_, "https"), value, authority_)) {
    verdict_ = rules::host_mismatch;
  }
}

void Http2Head::add_line(std::string_view name, std::string_view value) {
  text_.append(name).append(": ").append(value).append("\r\n");
}

// What the HTTP/1.1 parser can't see: where its request line would have ended otherwise, and absolute-form.
HeadVerdict Http2Head::judge_target() const noexcept {
  if (method_ == "CONNECT") return rules::connect;
  constexpr std::uint8_t needed = method_bit | scheme_bit | path_bit;
  if ((seen_ & needed) != needed || path_.empty()) return rules::pseudo_missing;
  if ((seen_ & protocol_bit) != 0) return rules::pseudo_unknown;
  if (method_.empty() || !all_in(base::token_class, method_)) return rules::method_syntax;
  if (!base::equal_ignoring_case(scheme_, "http") && !base::equal_ignoring_case(scheme_, "https")) return rules::scheme;
  const auto splits = [](char c) { return !base::is_in(base::query_class, c) && c != '#'; };
  if (std::any_of(path_.begin(), path_.end(), splits)) return rules::target_byte;
  return path_.front() == '/' || path_ == "*" ? good : rules::target_form;
}

HeadVerdict Http2Head::finish(RequestHead& out, bool ended) {
  if (verdict_.status != good.status) return verdict_;
  if (verdict_ = judge_target(); verdict_.status != good.status) return verdict_;
  begin_fields();
  if (!cookie_.empty()) add_line("cookie", cookie_);
  text_.append("\r\n");
  const HeadLimits limits{limits_.request_line, std::numeric_limits<std::size_t>::max(), limits_.fields};
  const ParseResult result = parse_request_head(text_, out, limits);
  if (result.state == ParseResult::State::error) {
    verdict_ = {status_of(result.error), rule_name(result.error)};
  } else if (result.state != ParseResult::State::complete || result.consumed != text_.size()) {
    verdict_ = rules::not_one_head;
  } else if (ended && out.content_length != 0) {
    verdict_ = rules::length_mismatch;
  }
  out.keep_alive = true;
  out.expect_continue = false;  // flow control does what it is for
  if (ended) {
    out.framing = BodyFraming::none;
  } else if (out.framing == BodyFraming::none) {
    out.framing = BodyFraming::chunked;
  }
  return verdict_;
}

}  // namespace sallyport::http
