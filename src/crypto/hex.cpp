// Bytes as hexadecimal text and back.
#include "crypto/hex.hpp"

#include "base/character_class.hpp"

namespace sallyport::crypto {
std::string encode_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

bool decode_hex(std::string_view text, std::span<unsigned char> out) noexcept {
  if (text.size() % 2 != 0 || text.size() / 2 != out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = base::hex_value(text[2 * i]);
    const int low = base::hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return true;
}

}  // namespace sallyport::crypto
