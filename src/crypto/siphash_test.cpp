// SipHash-2-4: the paper's vectors, and every length against OpenSSL's.
#include "crypto/siphash.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include <openssl/evp.h>
#include <openssl/params.h>

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

constexpr SipHashKey papers_key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

std::array<unsigned char, 256> counting() {
  std::array<unsigned char, 256> bytes;
  std::iota(bytes.begin(), bytes.end(), static_cast<unsigned char>(0));
  return bytes;
}

TEST(SipHash, PaperAndReferenceVectors) {
  const auto message = counting();
  EXPECT_EQ(siphash(papers_key, ByteView{message}.first(0)), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(siphash(papers_key, ByteView{message}.first(1)), 0x74f839c593dc67fdU);
  EXPECT_EQ(siphash(papers_key, ByteView{message}.first(8)), 0x93f5f5799a932462U);
  EXPECT_EQ(siphash(papers_key, ByteView{message}.first(15)), 0xa129ca6149be45e5U);  // appendix A of the paper
}

TEST(SipHash, AgreesWithOpenSslForEveryLength) {
  const auto message = counting();
  const SipHashKey key = SipHashKey::random();
  const auto key_bytes = std::bit_cast<std::array<unsigned char, 16>>(key);
  std::size_t tag_size = 8;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t("size", &tag_size), OSSL_PARAM_construct_end()};
  for (std::size_t size = 0; size <= message.size(); ++size) {
    std::uint64_t expected = 0;
    ASSERT_NE(EVP_Q_mac(nullptr, "SIPHASH", nullptr, nullptr, parameters, key_bytes.data(), key_bytes.size(),
                        message.data(), size, reinterpret_cast<unsigned char*>(&expected), sizeof expected, nullptr),
              nullptr);
    EXPECT_EQ(siphash(key, ByteView{message}.first(size)), expected) << size;
  }
}

TEST(SipHash, KeysDiffer) {
  const SipHashKey one = SipHashKey::random(), other = SipHashKey::random();
  EXPECT_NE(one.low, other.low);
  EXPECT_NE(one.high, other.high);
  EXPECT_NE(siphash(one, bytes_of("key")), siphash(other, bytes_of("key")));
}

}  // namespace
}  // namespace sallyport::crypto
