// HKDF-SHA-256: RFC 5869's vectors and its limit.
#include "crypto/hkdf.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/hex.hpp"

namespace sallyport::crypto {
namespace {

std::vector<unsigned char> from_hex(std::string_view text) {
  std::vector<unsigned char> bytes(text.size() / 2);
  EXPECT_TRUE(decode_hex(text, bytes));
  return bytes;
}

std::string derived(std::string_view key, std::string_view salt, std::string_view info, std::size_t size) {
  std::vector<unsigned char> out(size);
  EXPECT_TRUE(hkdf_sha256(from_hex(key), from_hex(salt), from_hex(info), out));
  return encode_hex(out);
}

TEST(Hkdf, Rfc5869Vectors) {
  EXPECT_EQ(
      derived("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42),
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(derived("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", 42),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, DerivesUpToTheLimit) {
  std::vector<unsigned char> longest(hkdf_sha256_max), shorter(100), too_long(hkdf_sha256_max + 1, 7);
  EXPECT_TRUE(hkdf_sha256(bytes_of("key"), {}, bytes_of("info"), longest));
  EXPECT_TRUE(hkdf_sha256(bytes_of("key"), {}, bytes_of("info"), shorter));
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longest.begin()));
  EXPECT_FALSE(hkdf_sha256(bytes_of("key"), {}, bytes_of("info"), too_long));
  EXPECT_EQ(too_long, std::vector<unsigned char>(hkdf_sha256_max + 1, 7));
  EXPECT_TRUE(hkdf_sha256(bytes_of("key"), {}, {}, {}));
}

}  // namespace
}  // namespace sallyport::crypto
