// The chunked transfer coding (RFC 9112 7.1), undone piece by piece without copying.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::http {

/// The rule a chunked body broke. As with a head: answer, then close the connection.
enum class ChunkError : std::uint8_t {
  none,
  size_syntax,
  size_overflow,
  bare_lf,
  bare_cr,
  extension_byte,
  extension_syntax,
  extension_too_long,
  data_not_ended,
  too_much_framing,
  trailer_syntax,
  trailer_too_large,
  trailer_too_many,
  count,
};

namespace detail {
struct ChunkErrorInfo {
  int status;
  std::string_view rule;
};
inline constexpr std::array<ChunkErrorInfo, static_cast<std::size_t>(ChunkError::count)> chunk_errors{{
    {200, "none"},
    {400, "framing/chunk_size"},
    {400, "framing/chunk_overflow"},
    {400, "framing/chunk_bare_lf"},
    {400, "framing/chunk_bare_cr"},
    {400, "framing/chunk_ext"},
    {400, "framing/chunk_ext_syntax"},
    {400, "limit/chunk_ext"},
    {400, "framing/chunk_data_end"},
    {400, "limit/chunk_framing"},
    {400, "framing/trailer"},
    {431, "limit/trailer_bytes"},
    {431, "limit/trailer_count"},
}};
}  // namespace detail

[[nodiscard]] constexpr int status_of(ChunkError error) noexcept {
  return detail::chunk_errors[static_cast<std::size_t>(error)].status;
}
[[nodiscard]] constexpr std::string_view rule_name(ChunkError error) noexcept {
  return detail::chunk_errors[static_cast<std::size_t>(error)].rule;
}

/// An incremental decoder: no allocation, no copy, the same answer however the bytes are cut.
///
///     for (;;) {
///       auto piece = decoder.feed(bytes);
///       bytes.remove_prefix(piece.consumed);
///       if (piece.state != ChunkedDecoder::State::data) break;   // need_more, done or error
///       sink(piece.data);
///     }
///
/// Refused: a size that is not 1 to 16 hexadecimal digits (no sign, space or `0x`; leading zeros count), a line ending that
/// is not CRLF, whitespace before the first `;`, an extension that is not of RFC 9112's grammar (7.1.1) or has a byte outside HTAB and 0x20
/// to 0x7E (CVE-2025-55315, CVE-2025-22871), data not followed by CRLF. Trailer fields are held to the rules of the head and dropped.
/// The size of the body is the caller's limit: see `chunk_remaining`.
class ChunkedDecoder {
 public:
  static constexpr std::size_t max_size_digits = 16;
  static constexpr std::size_t max_extension = 256;       ///< bytes after the size of one chunk, its CRLF not counted
  static constexpr std::size_t max_trailer_bytes = 8192;  ///< bytes of all trailer lines with their CRLF
  static constexpr std::size_t max_trailer_fields = 64;
  /// Bytes of framing beyond what the data pays for, 16 + 2n for a chunk of n bytes (the rule of Go's net/http):
  /// one-byte chunks are fine for ever, long extensions on tiny chunks are not.
  static constexpr std::uint64_t max_excess_framing = 16'384;

  enum class State : std::uint8_t {
    need_more,  ///< all bytes were consumed, the body goes on
    data,       ///< `data` (not empty, a view into the input) is body; feed the rest
    done,       ///< the body ended; bytes after `consumed` belong to the next request
    error,      ///< final: feeding more changes nothing
  };
  struct Piece {
    State state = State::need_more;
    ChunkError error = ChunkError::none;
    std::size_t consumed = 0;
    std::string_view data;
  };

  [[nodiscard]] Piece feed(std::string_view bytes) noexcept;

  /// Bytes of the current chunk that are still to come, as its sender declared: lets a caller refuse a body that will be
  /// too large before it arrives.
  [[nodiscard]] std::uint64_t chunk_remaining() const noexcept { return remaining_; }

 private:
  enum class Step : std::uint8_t {
    size,
    extension_start,  // behind a `;`
    extension_name,
    extension_gap,     // blanks behind a name
    extension_equals,  // behind the `=`
    extension_token,
    extension_text,    // within quotes
    extension_escape,  // behind a backslash
    extension_end,     // behind a value in quotes
    extension_blank,   // blanks behind a value
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_lf,
    final_lf,
    done,
    error,
  };

  ChunkError take(char byte) noexcept;
  ChunkError take_size(char byte) noexcept;
  ChunkError take_extension(char byte) noexcept;
  bool next_in_extension(char byte) noexcept;
  ChunkError take_trailer(char byte) noexcept;
  ChunkError start_chunk() noexcept;
  ChunkError expect_lf(char byte, Step next) noexcept;

  std::uint64_t remaining_ = 0;
  std::uint64_t excess_framing_ = 0;
  std::size_t digits_ = 0;     // of the current size
  std::size_t extension_ = 0;  // bytes, from the `;`
  std::size_t trailer_bytes_ = 0;
  std::size_t trailer_fields_ = 0;
  Step step_ = Step::size;
  ChunkError error_ = ChunkError::none;
};

}  // namespace sallyport::http
