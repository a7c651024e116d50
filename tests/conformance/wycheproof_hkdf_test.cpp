// C2SP Wycheproof: HKDF-SHA-256.
#include <gtest/gtest.h>

#include "crypto/hkdf.hpp"
#include "wycheproof.hpp"

namespace sallyport::crypto {
namespace {

TEST(Wycheproof, HkdfSha256) {
  conformance::Vectors vectors{"hkdf_sha256_test.json"};
  if (vectors.absent()) GTEST_SKIP() << "no conformance data in " << vectors.folder();
  std::size_t tests = 0;
  for (const auto group : vectors.groups())
    for (const auto test : simdjson::dom::array(group["tests"])) {
      SCOPED_TRACE(conformance::number(test, "tcId"));
      std::vector<unsigned char> out(conformance::number(test, "size"));
      const bool done = hkdf_sha256(conformance::bytes(test, "ikm"), conformance::bytes(test, "salt"),
                                    conformance::bytes(test, "info"), out);
      EXPECT_EQ(done && out == conformance::bytes(test, "okm"), conformance::is_valid(test));
      ++tests;
    }
  EXPECT_EQ(tests, vectors.count());
}

}  // namespace
}  // namespace sallyport::crypto
