// HMAC-SHA-256: RFC 4231's vectors, long keys, parts, verification, and one object in many threads.
#include "crypto/mac.hpp"

#include <string>
#include <thread>
#include <vector>

#include <openssl/evp.h>

#include <gtest/gtest.h>

#include "crypto/constant_time.hpp"
#include "crypto/hex.hpp"
#include "crypto/random.hpp"

namespace sallyport::crypto {
namespace {

std::string tag_of(std::string_view key, std::string_view message) {
  return encode_hex(HmacSha256{bytes_of(key)}.sign(bytes_of(message)));
}

TEST(HmacSha256, Rfc4231Vectors) {
  EXPECT_EQ(tag_of(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(tag_of("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(tag_of(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(tag_of(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, AgreesWithOpenSslForEveryKeyAndMessageSize) {
  std::vector<unsigned char> bytes(300);
  random_bytes(bytes);
  for (std::size_t size = 0; size <= 140; ++size) {
    const auto key = ByteView{bytes}.first(size);
    const auto message = ByteView{bytes}.last(size * 2);
    unsigned char expected[32];
    // OpenSSL takes a null key for "none yet": an empty key needs an address too.
    ASSERT_NE(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, bytes.data(), key.size(), message.data(),
                        message.size(), expected, 32, nullptr),
              nullptr);
    EXPECT_TRUE(ct_equal(HmacSha256{key}.sign(message), expected)) << size;
  }
}

TEST(HmacSha256, TheKeyObjectIsReusable) {
  const HmacSha256 mac{bytes_of("Jefe")};
  const auto first = mac.sign(bytes_of("what do ya want for nothing?"));
  EXPECT_NE(mac.sign(bytes_of("another")), first);
  EXPECT_EQ(mac.sign(bytes_of("what do ya want for nothing?")), first);
}

TEST(HmacSha256, PartsArePutEndToEnd) {
  const HmacSha256 mac{bytes_of("key")};
  EXPECT_EQ(mac.sign_joined({bytes_of("ab"), {}, bytes_of("c")}), mac.sign(bytes_of("abc")));
  EXPECT_EQ(mac.sign_joined({}), mac.sign({}));
}

TEST(HmacSha256, ASecretIsAKeyLikeAnyOther) {
  const SecretBytes key{bytes_of("Jefe")};
  EXPECT_EQ(HmacSha256{key}.sign(bytes_of("x")), HmacSha256{bytes_of("Jefe")}.sign(bytes_of("x")));
}

TEST(HmacSha256, VerifiesTheWholeTagOnly) {
  const HmacSha256 mac{bytes_of("key")};
  auto tag = mac.sign(bytes_of("message"));
  EXPECT_TRUE(mac.verify(bytes_of("message"), tag));
  EXPECT_FALSE(mac.verify(bytes_of("Message"), tag));
  EXPECT_FALSE(mac.verify(bytes_of("message"), ByteView{tag}.first(31)));
  EXPECT_FALSE(mac.verify(bytes_of("message"), {}));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    tag[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
    EXPECT_FALSE(mac.verify(bytes_of("message"), tag)) << bit;
    tag[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
  }
}

TEST(HmacSha256, ThreadsShareOneObject) {
  const HmacSha256 mac{bytes_of("Jefe")};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&mac] {
      for (int i = 0; i < 500; ++i)
        EXPECT_EQ(encode_hex(mac.sign(bytes_of("what do ya want for nothing?"))),
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    });
  for (auto& thread : threads) thread.join();
}

TEST(ConstantTime, ComparesBytesAndSizes) {
  EXPECT_TRUE(ct_equal({}, {}));
  EXPECT_TRUE(ct_equal(bytes_of("abc"), bytes_of("abc")));
  EXPECT_FALSE(ct_equal(bytes_of("abc"), bytes_of("abd")));
  EXPECT_FALSE(ct_equal(bytes_of("abc"), bytes_of("xbc")));
  EXPECT_FALSE(ct_equal(bytes_of("abc"), bytes_of("ab")));
  EXPECT_FALSE(ct_equal(bytes_of("abc"), {}));
}

}  // namespace
}  // namespace sallyport::crypto
