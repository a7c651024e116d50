// The chunked transfer coding: framing one byte at a time, data in the largest pieces there are.
#include "http/chunked_decoder.hpp"

#include <algorithm>

#include "base/character_class.hpp"

namespace sallyport::http {

// Every extension is `; name` or `; name = value`, the value a token or text in quotes. Blanks around `;` and `=` are bad style, and read
// (RFC 9112 7.1.1, RFC 9110 5.6.3); none before the end of the line.

ChunkedDecoder::Piece ChunkedDecoder::feed(std::string_view bytes) noexcept {
  if (step_ == Step::error) return {State::error, error_, 0, {}};
  if (step_ == Step::done) return {State::done, ChunkError::none, 0, {}};
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (step_ == Step::data) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size() - used));
      remaining_ -= size;
      if (remaining_ == 0) step_ = Step::data_cr;
      return {State::data, ChunkError::none, used + size, bytes.substr(used, size)};
    }
    error_ = take(bytes[used++]);
    if (error_ != ChunkError::none) {
      step_ = Step::error;
      return {State::error, error_, used, {}};
    }
    if (step_ == Step::done) return {State::done, ChunkError::none, used, {}};
  }
  return {State::need_more, ChunkError::none, used, {}};
}

ChunkError ChunkedDecoder::take(char byte) noexcept {
  switch (step_) {
    case Step::size:
      return take_size(byte);
    case Step::extension_start:
    case Step::extension_name:
    case Step::extension_gap:
    case Step::extension_equals:
    case Step::extension_token:
    case Step::extension_text:
    case Step::extension_escape:
    case Step::extension_end:
    case Step::extension_blank:
      return take_extension(byte);
    case Step::size_lf:
      return byte == '\n' ? start_chunk() : ChunkError::bare_cr;
    case Step::data_cr:
      if (byte == '\n') return ChunkError::bare_lf;
      if (byte != '\r') return ChunkError::data_not_ended;
      step_ = Step::data_lf;
      return ChunkError::none;
    case Step::data_lf:
      return expect_lf(byte, Step::size);
    case Step::trailer_lf:
      return expect_lf(byte, Step::trailer_start);
    case Step::final_lf:
      return expect_lf(byte, Step::done);
    default:
      return take_trailer(byte);
  }
}

ChunkError ChunkedDecoder::expect_lf(char byte, Step next) noexcept {
  if (byte != '\n') return ChunkError::bare_cr;
  step_ = next;
  return ChunkError::none;
}

ChunkError ChunkedDecoder::take_size(char byte) noexcept {
  if (const int value = base::hex_value(byte); value >= 0) {
    if (digits_ == max_size_digits) return ChunkError::size_overflow;
    ++digits_;
    remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(value);
    return ChunkError::none;
  }
  if (byte == '\n') return ChunkError::bare_lf;
  if (digits_ == 0) return ChunkError::size_syntax;
  if (byte == ';') {
    step_ = Step::extension_start;
    extension_ = 1;
    return ChunkError::none;
  }
  if (byte != '\r') return ChunkError::size_syntax;
  step_ = Step::size_lf;
  return ChunkError::none;
}

ChunkError ChunkedDecoder::take_extension(char byte) noexcept {
  if (byte == '\n') return ChunkError::bare_lf;
  if (byte == '\r') {
    const bool whole = step_ == Step::extension_name || step_ == Step::extension_token || step_ == Step::extension_end;
    if (!whole) return ChunkError::extension_syntax;
    step_ = Step::size_lf;
    return ChunkError::none;
  }
  const bool is_ascii = static_cast<unsigned char>(byte) < 0x80;
  if (!is_ascii || !base::is_in(base::value_class, byte)) return ChunkError::extension_byte;
  if (++extension_ > max_extension) return ChunkError::extension_too_long;
  return next_in_extension(byte) ? ChunkError::none : ChunkError::extension_syntax;
}

bool ChunkedDecoder::next_in_extension(char byte) noexcept {
  const auto go_to = [this](Step next) {
    step_ = next;
    return true;
  };
  const bool token = base::is_in(base::token_class, byte);
  const bool blank = base::is_blank(byte);
  switch (step_) {
    case Step::extension_start:
      return blank || (token && go_to(Step::extension_name));
    case Step::extension_name:
      if (token) return true;
      [[fallthrough]];
    case Step::extension_gap:
      if (blank) return go_to(Step::extension_gap);
      if (byte == '=') return go_to(Step::extension_equals);
      return byte == ';' && go_to(Step::extension_start);
    case Step::extension_equals:
      if (blank) return true;
      if (byte == '"') return go_to(Step::extension_text);
      return token && go_to(Step::extension_token);
    case Step::extension_text:
      if (byte == '"') return go_to(Step::extension_end);
      return byte != '\\' || go_to(Step::extension_escape);
    case Step::extension_escape:
      return go_to(Step::extension_text);
    case Step::extension_token:
      if (token) return true;
      [[fallthrough]];
    default:  // extension_end, extension_blank
      if (blank) return go_to(Step::extension_blank);
      return byte == ';' && go_to(Step::extension_start);
  }
}

ChunkError ChunkedDecoder::start_chunk() noexcept {
  const std::uint64_t framing = digits_ + extension_ + 4;  // two CRLFs
  const std::uint64_t paid = 16 + 2 * std::min<std::uint64_t>(remaining_, max_excess_framing);
  excess_framing_ += framing;
  excess_framing_ -= std::min(excess_framing_, paid);
  if (excess_framing_ > max_excess_framing) return ChunkError::too_much_framing;
  digits_ = 0;
  extension_ = 0;
  step_ = remaining_ == 0 ? Step::trailer_start : Step::data;
  return ChunkError::none;
}

ChunkError ChunkedDecoder::take_trailer(char byte) noexcept {
  if (step_ == Step::trailer_start) {
    if (byte == '\r') {
      step_ = Step::final_lf;
      return ChunkError::none;
    }
    if (byte == '\n') return ChunkError::bare_lf;
    if (!base::is_in(base::token_class, byte))
      return ChunkError::trailer_syntax;  // an obs-fold or an empty name among them
    if (++trailer_fields_ > max_trailer_fields) return ChunkError::trailer_too_many;
    trailer_bytes_ += 2;  // its CRLF
    step_ = Step::trailer_name;
  } else if (step_ == Step::trailer_name) {
    if (byte == '\n') return ChunkError::bare_lf;
    if (byte == ':') {
      step_ = Step::trailer_value;
    } else if (!base::is_in(base::token_class, byte)) {
      return ChunkError::trailer_syntax;
    }
  } else {
    if (byte == '\n') return ChunkError::bare_lf;
    if (byte == '\r') {
      step_ = Step::trailer_lf;
      return ChunkError::none;
    }
    if (!base::is_in(base::value_class, byte)) return ChunkError::trailer_syntax;
  }
  return ++trailer_bytes_ > max_trailer_bytes ? ChunkError::trailer_too_large : ChunkError::none;
}

}  // namespace sallyport::http
