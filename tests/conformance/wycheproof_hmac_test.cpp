// C2SP Wycheproof: HMAC-SHA-256.
#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/mac.hpp"
#include "wycheproof.hpp"

namespace sallyport::crypto {
namespace {

TEST(Wycheproof, HmacSha256) {
  conformance::Vectors vectors{"hmac_sha256_test.json"};
  if (vectors.absent()) GTEST_SKIP() << "no conformance data in " << vectors.folder();
  std::size_t tests = 0;
  for (const auto group : vectors.groups()) {
    const std::size_t tag_size = conformance::number(group, "tagSize") / 8;
    for (const auto test : simdjson::dom::array(group["tests"])) {
      SCOPED_TRACE(conformance::number(test, "tcId"));
      const HmacSha256 mac{conformance::bytes(test, "key")};
      const auto message = conformance::bytes(test, "msg"), expected = conformance::bytes(test, "tag");
      const bool valid = conformance::is_valid(test);
      const auto tag = mac.sign(message);
      const bool same = tag_size == expected.size() && std::equal(expected.begin(), expected.end(), tag.begin());
      EXPECT_EQ(same, valid);
      // A shortened tag is refused, right or wrong: nothing here makes one.
      EXPECT_EQ(mac.verify(message, expected), valid && tag_size == HmacSha256::tag_size);
      ++tests;
    }
  }
  EXPECT_EQ(tests, vectors.count());
}

}  // namespace
}  // namespace sallyport::crypto
