// Base64: RFC 4648's vectors, round trips, and that only the canonical spelling is read.
#include "crypto/base64url.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/hex.hpp"
#include "crypto/random.hpp"

namespace sallyport::crypto {
namespace {

std::optional<std::string> decoded(std::string_view text, Base64 form) {
  std::array<unsigned char, 64> bytes{};
  const auto size = decode_base64(text, bytes, form);
  if (!size) return std::nullopt;
  return std::string(text_of(ByteView{bytes}.first(*size)));
}

TEST(Base64, Rfc4648Vectors) {
  const struct {
    std::string_view bytes, padded;
  } vectors[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, padded] : vectors) {
    const std::string_view bare = padded.substr(0, padded.find('='));
    EXPECT_EQ(encode_base64(bytes_of(bytes), Base64::padded), padded);
    EXPECT_EQ(encode_base64(bytes_of(bytes), Base64::unpadded), bare);
    EXPECT_EQ(encode_base64url(bytes_of(bytes)), bare);
    EXPECT_EQ(decoded(padded, Base64::padded), bytes);
    EXPECT_EQ(decoded(bare, Base64::unpadded), bytes);
    EXPECT_EQ(decoded(bare, Base64::url), bytes);
    EXPECT_EQ(base64_length(bytes.size(), Base64::padded), padded.size());
    EXPECT_EQ(base64_length(bytes.size()), bare.size());
  }
}

TEST(Base64, TheTwoAlphabetsDifferInTwoCharacters) {
  const unsigned char bytes[] = {0xFB, 0xFF, 0xFE};
  EXPECT_EQ(encode_base64(bytes, Base64::padded), "+//+");
  EXPECT_EQ(encode_base64url(bytes), "-__-");
  EXPECT_FALSE(decoded("+//+", Base64::url));
  EXPECT_FALSE(decoded("-__-", Base64::padded));
}

TEST(Base64, RefusesEverySecondSpelling) {
  for (const std::string_view text :
       {"Zh", "Zm9", "Zg=", "Zg==", "Z", "Zm9vY", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v=", "Zm\0v", "Zm9\x80", "Zm9v="})
    EXPECT_FALSE(decoded(text, Base64::url)) << text;
  for (const std::string_view text :
       {"Zh==", "Zm9=", "Zg", "Zm8", "Zg=", "=", "==", "====", "Z===", "Zg==Zg==", "Zm9v====", "Zg=A", "Zm9v\n"})
    EXPECT_FALSE(decoded(text, Base64::padded)) << text;
  EXPECT_FALSE(decoded(std::string_view("Zm\0v", 4), Base64::url));
}

TEST(Base64, EveryCharacterOutsideTheAlphabetIsRefused) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = {'A', static_cast<char>(c), 'A', 'A'};
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    EXPECT_EQ(decoded(text, Base64::url).has_value(), letter_or_digit || c == '-' || c == '_') << c;
    EXPECT_EQ(decoded(text, Base64::padded).has_value(), letter_or_digit || c == '+' || c == '/') << c;
  }
}

TEST(Base64, OneBitPatternPerTwoCharacterText) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  int accepted = 0;
  for (const char a : alphabet)
    for (const char b : alphabet) accepted += decoded(std::string{a, b}, Base64::url).has_value() ? 1 : 0;
  EXPECT_EQ(accepted, 256);
}

TEST(Base64, DoesNotWriteBeyondTheRoomGiven) {
  std::array<unsigned char, 3> room{1, 2, 3};
  EXPECT_FALSE(decode_base64url("Zm9v", std::span{room}.first(2)));
  EXPECT_EQ(decode_base64url("Zm8", std::span{room}.first(2)), 2U);
  EXPECT_EQ(room[2], 3);
  EXPECT_EQ(decode_base64url("", {}), 0U);
}

TEST(Base64, RoundTripsEveryLength) {
  std::array<unsigned char, 64> bytes;
  random_bytes(bytes);
  for (std::size_t size = 0; size <= bytes.size(); ++size)
    for (const Base64 form : {Base64::url, Base64::padded, Base64::unpadded}) {
      const auto part = ByteView{bytes}.first(size);
      const std::string text = encode_base64(part, form);
      EXPECT_EQ(text.size(), base64_length(size, form));
      EXPECT_EQ(base64_decoded_size(text, form), size);
      EXPECT_EQ(decoded(text, form), text_of(part));
    }
}

TEST(Hex, BothWays) {
  const unsigned char bytes[] = {0x00, 0x1F, 0xA0, 0xFF};
  EXPECT_EQ(encode_hex(bytes), "001fa0ff");
  std::array<unsigned char, 4> read{};
  EXPECT_TRUE(decode_hex("001fA0fF", read));
  EXPECT_TRUE(std::equal(read.begin(), read.end(), bytes));
  EXPECT_TRUE(decode_hex("", {}));
  for (const std::string_view bad :
       {"001fa0f", "001fa0ff0", "001fa0", "001fa0ff00", "001fa0fg", "0x1fa0ff", " 01fa0ff", "-11fa0ff", ""})
    EXPECT_FALSE(decode_hex(bad, read)) << bad;
  EXPECT_FALSE(decode_hex("0", {}));
}

}  // namespace
}  // namespace sallyport::crypto
