// Bytes as base64 text and back (RFC 4648), in the three forms this project meets.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

/// The forms of base64. Every decoder here is strict: one text per value, so that a token has no second spelling.
enum class Base64 : unsigned char {
  url,       ///< RFC 4648 §5 without padding: ids, tokens, cookies (RFC 7515 §2)
  padded,    ///< RFC 4648 §4: CSP nonces and hashes, HTTP Basic
  unpadded,  ///< RFC 4648 §4 without padding: PHC password hashes
};

/// How many characters `size` bytes become.
constexpr std::size_t base64_length(std::size_t size, Base64 form = Base64::url) noexcept {
  return form == Base64::padded ? (size + 2) / 3 * 4 : size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}

/// Writes exactly `base64_length(bytes.size(), form)` characters to `out` and returns the end of them.
char* encode_base64(ByteView bytes, char* out, Base64 form) noexcept;
std::string encode_base64(ByteView bytes, Base64 form);
inline std::string encode_base64url(ByteView bytes) { return encode_base64(bytes, Base64::url); }

/// How many bytes `text` stands for if it is well-formed, judged by its length and padding alone.
std::optional<std::size_t> base64_decoded_size(std::string_view text, Base64 form) noexcept;

/// Writes the bytes of `text` to the start of `out` and returns how many; nothing, with `out` in no particular state,
/// if `out` is too small or `text` is not canonical: a character outside the alphabet (white space too), padding that
/// is missing or not wanted, unused bits that are not zero (RFC 4648 §3.5).
[[nodiscard]] std::optional<std::size_t> decode_base64(std::string_view text, std::span<unsigned char> out,
                                                       Base64 form) noexcept;
[[nodiscard]] inline std::optional<std::size_t> decode_base64url(std::string_view text,
                                                                 std::span<unsigned char> out) noexcept {
  return decode_base64(text, out, Base64::url);
}

}  // namespace sallyport::crypto
