// Field lines as heads of requests and of answers have them: one grammar (RFC 9112 5), and the fields that decide where a message ends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/character_class.hpp"
#include "http/head_scan.hpp"
#include "http/header_fields.hpp"
#include "http/http1_parser.hpp"
#include "http/known_headers.hpp"

namespace sallyport::http {

/// What parsers of heads derive from. `Derived` has `head(begin)`, which reads the first line and calls `field_lines`, and `message_field(known, raw,
/// value)` for the first five of `KnownHeader`.
///
/// A step takes the position it starts at and returns the one behind what it accepted, or null: then `error_` is the rule that was broken,
/// or `none` when the bytes ran out.
template <class Derived, class Scan>
class FieldLines {
 public:
  ParseResult run(std::size_t already_scanned) noexcept {
    const char* const scanned = begin_ + std::min(already_scanned, size(begin_, end_));
    const char* const line = field_line_in_progress(scanned);
    if (line != nullptr) {
      rest_of_line(line, scanned);
    } else {
      fields_.reset();
      const char* const body = derived().head(begin_);
      if (body != nullptr) return {ParseResult::State::complete, ParseError::none, size(begin_, body)};
    }
    if (error_ != ParseError::none) return {ParseResult::State::error, error_, 0};
    // A head that is not complete in its last allowed byte never will be.
    if (at_total_limit_) return {ParseResult::State::error, ParseError::head_too_large, 0};
    return {ParseResult::State::incomplete, ParseError::none, 0};
  }

 protected:
  FieldLines(std::string_view bytes, HeaderFields& fields, std::size_t total, std::size_t max_fields) noexcept
      : fields_{fields},
        begin_{bytes.data()},
        end_{begin_ + std::min(bytes.size(), total)},
        max_fields_{std::min(max_fields, HeaderFields::max_fields)},
        at_total_limit_{bytes.size() >= total} {}
  ~FieldLines() = default;

  using Position = const char*;
  static constexpr Position starved = nullptr;

  static std::size_t size(Position from, Position to) noexcept { return static_cast<std::size_t>(to - from); }

  Position fail(ParseError error) noexcept {
    error_ = error;
    return nullptr;
  }

  // At a CR or LF: CRLF or nothing (RFC 9112 2.2 lets one accept a bare LF; which makes request smuggling possible).
  Position line_end(Position p) noexcept {
    if (*p == '\n') return fail(ParseError::bare_lf);
    if (end_ - p < 2) return starved;
    if (p[1] != '\n') return fail(ParseError::bare_cr);
    return p + 2;
  }

  // Up to and with the empty line.
  Position field_lines(Position p) noexcept {
    for (;;) {
      if (p == end_) return starved;
      if (*p == '\r') return line_end(p);
      if (p = field_line(p); p == nullptr) return nullptr;
    }
  }

  // --- What a message is framed by

  ParseError content_length(std::string_view raw, std::string_view value) noexcept {
    constexpr std::size_t max_digits = 18;
    if (fields_.has(KnownHeader::transfer_encoding)) return ParseError::coding_and_length;
    if (fields_.repeated(KnownHeader::content_length)) return ParseError::length_repeated;
    if (value.empty() || value.size() > max_digits || has_tab(raw)) return ParseError::length_syntax;
    for (const char digit : value) {
      if (!base::is_digit(digit)) return ParseError::length_syntax;
      length_ = length_ * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return ParseError::none;
  }

  ParseError transfer_encoding(std::string_view raw, std::string_view value, bool http10) noexcept {
    if (http10) return ParseError::coding_in_http10;  // RFC 9112 6.1
    if (fields_.has(KnownHeader::content_length)) return ParseError::coding_and_length;
    if (fields_.repeated(KnownHeader::transfer_encoding)) return ParseError::coding_repeated;
    return detail::is_keyword(value, "chunked") && !has_tab(raw) ? ParseError::none : ParseError::coding_not_chunked;
  }

  void connection(std::string_view value) noexcept {
    if (detail::is_keyword(value, "keep-alive")) {  // what nearly every browser sends
      says_keep_alive_ = true;
      return;
    }
    while (!value.empty()) {
      const std::size_t comma = std::min(value.find(','), value.size());
      const std::string_view option = base::trim_blanks(value.substr(0, comma));
      if (detail::is_keyword(option, "close")) says_close_ = true;
      if (detail::is_keyword(option, "keep-alive")) says_keep_alive_ = true;
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
  }

  // RFC 9112 9.3; HTTP/1.0 only when asked for.
  [[nodiscard]] bool stays(bool http10) const noexcept { return !says_close_ && (!http10 || says_keep_alive_); }

  HeaderFields& fields_;
  const Position begin_;
  const Position end_;  // not beyond the limit of the whole head
  const std::size_t max_fields_;
  const bool at_total_limit_;
  ParseError error_ = ParseError::none;
  std::uint64_t length_ = 0;

 private:
  Derived& derived() noexcept { return static_cast<Derived&>(*this); }

  Position field_line(Position name) noexcept {
    if (fields_.count_ == max_fields_) return fail(ParseError::too_many_fields);
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
    fields_.add({name, size(name, name_end)}, trimmed, known);
    if (known <= KnownHeader::expect) {
      error_ = derived().message_field(known, {raw, size(raw, raw_end)}, trimmed);
      if (error_ != ParseError::none) return nullptr;
    }
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

  static bool has_tab(std::string_view raw) noexcept { return raw.find('\t') != raw.npos; }

  // The start of the field line that [scanned, end) continues without ending it, else null. Everything before `scanned`
  // is known to be good then, and only the new bytes can be wrong.
  Position field_line_in_progress(Position scanned) const noexcept {
    if (scanned == begin_ || scanned == end_ || scanned[-1] == '\n') return nullptr;
    if (std::memchr(scanned, '\n', size(scanned, end_)) != nullptr) return nullptr;
    Position line = scanned;
    while (line != begin_ && line[-1] != '\n') --line;
    const bool is_first_line = line == begin_ || (size(begin_, line) == 2 && *begin_ == '\r');
    return is_first_line ? nullptr : line;
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

  bool says_close_ = false;
  bool says_keep_alive_ = false;
};

}  // namespace sallyport::http
