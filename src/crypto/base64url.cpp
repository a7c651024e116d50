// Bytes as base64 text and back: strict, canonical, without branches on the data while encoding.
#include "crypto/base64url.hpp"

#include <array>
#include <cstdint>

namespace sallyport::crypto {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr unsigned char no_digit = 0xFF;

consteval std::array<unsigned char, 256> values_of(std::string_view alphabet) {
  std::array<unsigned char, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<unsigned char>(i);
  return values;
}

constexpr auto url_values = values_of(url_alphabet);
constexpr auto standard_values = values_of(standard_alphabet);

/// The characters before the padding, or nothing if the padding or the length can't be right.
std::optional<std::string_view> without_padding(std::string_view text, Base64 form) noexcept {
  if (form == Base64::padded) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.ends_with("==")) {
      text.remove_suffix(2);
    } else if (text.ends_with('=')) {
      text.remove_suffix(1);
    }
  }
  if (text.size() % 4 == 1) return std::nullopt;
  return text;
}

}  // namespace

char* encode_base64(ByteView bytes, char* out, Base64 form) noexcept {
  const char* const alphabet = (form == Base64::url ? url_alphabet : standard_alphabet).data();
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = std::uint32_t{bytes[i]} << 16 | std::uint32_t{bytes[i + 1]} << 8 | bytes[i + 2];
    *out++ = alphabet[group >> 18];
    *out++ = alphabet[group >> 12 & 63];
    *out++ = alphabet[group >> 6 & 63];
    *out++ = alphabet[group & 63];
  }
  const std::size_t left = bytes.size() - i;
  if (left == 0) return out;
  const std::uint32_t group = std::uint32_t{bytes[i]} << 16 | (left == 2 ? std::uint32_t{bytes[i + 1]} << 8 : 0U);
  *out++ = alphabet[group >> 18];
  *out++ = alphabet[group >> 12 & 63];
  if (left == 2) *out++ = alphabet[group >> 6 & 63];
  if (form == Base64::padded) {
    *out++ = '=';
    if (left == 1) *out++ = '=';
  }
  return out;
}

std::string encode_base64(ByteView bytes, Base64 form) {
  std::string text(base64_length(bytes.size(), form), '\0');
  encode_base64(bytes, text.data(), form);
  return text;
}

std::optional<std::size_t> base64_decoded_size(std::string_view text, Base64 form) noexcept {
  const auto digits = without_padding(text, form);
  if (!digits) return std::nullopt;
  return digits->size() / 4 * 3 + (digits->size() % 4 == 0 ? 0 : digits->size() % 4 - 1);
}

std::optional<std::size_t> decode_base64(std::string_view text, std::span<unsigned char> out, Base64 form) noexcept {
  const auto size = base64_decoded_size(text, form);
  if (!size || *size > out.size()) return std::nullopt;
  const std::string_view digits = *without_padding(text, form);
  const auto& values = form == Base64::url ? url_values : standard_values;

  std::uint32_t bits = 0;
  unsigned waiting = 0;  // how many low bits of `bits` are not written yet
  std::size_t written = 0;
  for (const char c : digits) {
    const unsigned char value = values[static_cast<unsigned char>(c)];
    if (value == no_digit) return std::nullopt;
    bits = bits << 6 | value;
    waiting += 6;
    if (waiting >= 8) {
      waiting -= 8;
      out[written++] = static_cast<unsigned char>(bits >> waiting);
      bits &= (1U << waiting) - 1;
    }
  }
  if (bits != 0) return std::nullopt;  // RFC 4648 §3.5: pad bits are zero, or two texts would mean the same bytes
  return written;
}

}  // namespace sallyport::crypto
