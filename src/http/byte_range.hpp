// Byte ranges (RFC 9110 14): which part of a representation a request wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sallyport::http {

struct ByteRange {
  enum class Kind : std::uint8_t {
    whole,          ///< answer 200, as if there were no Range
    partial,        ///< answer 206 with `first` to `last`
    unsatisfiable,  ///< answer 416
  };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< the last byte, not the one after it; below the length

  /// Of the part.
  [[nodiscard]] std::uint64_t length() const noexcept { return kind == Kind::partial ? last - first + 1 : 0; }
};

/// Reads the value of a Range field against a representation of `length` bytes. Ask for GET only (14.2), and only when
/// If-Range allows; a field that came twice has no meaning and is not to be asked about.
///
/// What is malformed or in another unit is ignored, as 14.2 demands. So is more than one range, as 14.2 allows: a few bytes
/// of header would otherwise have the server send the same content many times over (CVE-2011-3192). An empty
/// representation is answered whole: some clients add a Range to everything, and 416 would tell them that it failed.
[[nodiscard]] ByteRange read_byte_range(std::string_view field, std::uint64_t length) noexcept;

inline constexpr std::size_t max_content_range_size = 68;

/// The value of Content-Range for a 206 or 416, written to `out`; empty for a whole.
[[nodiscard]] std::string_view content_range(const ByteRange& range, std::uint64_t length,
                                             std::span<char, max_content_range_size> out) noexcept;

}  // namespace sallyport::http
