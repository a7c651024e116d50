// Sealed texts: made here, for one place, and unchanged.
#include "crypto/sealer.hpp"

#include "crypto/base64url.hpp"
#include "crypto/master_key.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sallyport::crypto {
namespace {

Sealer sealer_of(std::string_view master) {
  KeyFinding finding = KeyFinding::none;
  const auto key = MasterKey::parse(bytes_of(master), finding);
  EXPECT_EQ(finding, KeyFinding::none);
  return Sealer(key->derive<purpose::SealedCookie>());
}

constexpr std::string_view one = "c3Q0dm9uZGVyIGtleSBmb3IgdGVzdHMgb25seSBub3cuLi4_9zXkQa1TzNwYb7Lr0H2m";
constexpr std::string_view other = "8hJ2kQ0mVwL5tZ1xRb7sYc3dNf6gPa9uEiOoTqWzXlC4yM-rKjHnBvDsUeGpAfIh";

TEST(Sealer, OpensWhatItHasSealed) {
  const Sealer sealer = sealer_of(one);
  for (const std::string& text : {std::string(), std::string("x"), std::string(3000, 'a'), std::string("\0\xFF", 2)}) {
    const std::string sealed = sealer.seal(text, "basket");
    EXPECT_EQ(sealer.open(sealed, "basket"), text);
    if (text.size() > 1) {
      EXPECT_EQ(sealed.find(text), sealed.npos);
    }
  }
}

TEST(Sealer, OneTextIsNeverSealedTheSame) {
  const Sealer sealer = sealer_of(one);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(sealer.seal("the same", "basket"));
  EXPECT_EQ(seen.size(), 100U);
}

TEST(Sealer, AnotherPlaceOrKeyOpensNothing) {
  const std::string sealed = sealer_of(one).seal("three apples", "basket");
  EXPECT_FALSE(sealer_of(one).open(sealed, "baskets"));
  EXPECT_FALSE(sealer_of(one).open(sealed, ""));
  EXPECT_FALSE(sealer_of(other).open(sealed, "basket"));
}

TEST(Sealer, AChangedByteOpensNothing) {
  const Sealer sealer = sealer_of(one);
  const std::string sealed = sealer.seal("three apples", "basket");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sealer.open(changed, "basket")) << i;
    EXPECT_FALSE(sealer.open(sealed.substr(0, i), "basket")) << i;
  }
  EXPECT_FALSE(sealer.open(sealed + "A", "basket"));
  EXPECT_FALSE(sealer.open(std::string(Sealer::max_sealed + 1, 'A'), "basket"));
  EXPECT_FALSE(sealer.open("not base64 at all, whatever it may be, and longer than salt and tag", "basket"));
}

}  // namespace
}  // namespace sallyport::crypto
