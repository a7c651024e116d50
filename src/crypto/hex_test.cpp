// Hexadecimal text: every byte there and back, and what is refused.
#include "crypto/hex.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

bool decodes(std::string_view text, std::size_t size) {
  std::array<unsigned char, 8> out{};
  return decode_hex(text, std::span(out).first(size));
}

TEST(Hex, EveryByteThereAndBackInEitherCase) {
  for (int value = 0; value < 256; ++value) {
    const std::array<unsigned char, 1> byte{static_cast<unsigned char>(value)};
    const std::string text = encode_hex(byte);
    ASSERT_EQ(text, (std::string{"0123456789abcdef"[value / 16], "0123456789abcdef"[value % 16]}));
    const std::string upper{"0123456789ABCDEF"[value / 16], "0123456789ABCDEF"[value % 16]};
    std::array<unsigned char, 1> out{};
    ASSERT_TRUE(decode_hex(text, out));
    EXPECT_EQ(out, byte);
    ASSERT_TRUE(decode_hex(upper, out));
    EXPECT_EQ(out, byte);
  }
}

TEST(Hex, BytesKeepTheirOrder) {
  const std::array<unsigned char, 4> bytes{0x01, 0x23, 0xab, 0xef};
  EXPECT_EQ(encode_hex(bytes), "0123abef");
  std::array<unsigned char, 4> out{};
  ASSERT_TRUE(decode_hex("0123abef", out));
  EXPECT_EQ(out, bytes);
}

TEST(Hex, TwoDigitsForEachByteAndNothingElse) {
  EXPECT_TRUE(decodes("", 0));
  EXPECT_TRUE(decodes("00ff", 2));
  for (const std::string_view text : {"0", "000", "00f", "00fff", "00ffff"}) EXPECT_FALSE(decodes(text, 2)) << text;
  EXPECT_FALSE(decodes("00ff", 1));
  EXPECT_FALSE(decodes("0", 0));
}

TEST(Hex, NoOtherCharacterInEitherPlace) {
  for (int value = 0; value < 256; ++value) {
    const char c = static_cast<char>(value);
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    EXPECT_EQ(decodes(std::string{c, '1'}, 1), digit) << value;
    EXPECT_EQ(decodes(std::string{'1', c}, 1), digit) << value;
  }
}

}  // namespace
}  // namespace sallyport::crypto
