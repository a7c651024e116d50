// PHC strings: written and read back, and nothing but the exact spelling within bounds is read.
#include "crypto/phc.hpp"

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

constexpr std::string_view salt = "c29tZXNhbHQ";                                 // "somesalt"
constexpr std::string_view tag = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";  // 32 bytes

std::string phc(std::string_view parameters, std::string_view with_salt = salt, std::string_view with_tag = tag) {
  return std::string(parameters) + '$' + std::string(with_salt) + '$' + std::string(with_tag);
}

TEST(Phc, ReadsWhatItWrites) {
  const std::string text = phc("$argon2id$v=19$m=65536,t=2,p=1");
  const auto hash = read_phc(text);
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->parameters, (Argon2Parameters{65536, 2, 1}));
  EXPECT_EQ(text_of(hash->salt()), "somesalt");
  EXPECT_EQ(hash->tag().size(), 32U);
  EXPECT_EQ(write_phc(*hash), text);
}

TEST(Phc, ReadsTheBoundsAndNothingBeyond) {
  for (const std::string_view good :
       {"$argon2id$v=19$m=262144,t=10,p=8", "$argon2id$v=19$m=8,t=1,p=1", "$argon2id$v=19$m=64,t=1,p=8"})
    EXPECT_TRUE(read_phc(phc(good))) << good;
  for (const std::string_view bad :
       {"$argon2id$v=19$m=262145,t=3,p=1", "$argon2id$v=19$m=65536,t=11,p=1", "$argon2id$v=19$m=65536,t=3,p=9",
        "$argon2id$v=19$m=7,t=1,p=1", "$argon2id$v=19$m=63,t=1,p=8", "$argon2id$v=19$m=65536,t=0,p=1",
        "$argon2id$v=19$m=65536,t=3,p=0", "$argon2id$v=19$m=4294967296,t=3,p=1", "$argon2id$v=19$m=4295032832,t=3,p=1",
        "$argon2id$v=19$m=99999999999999999999999,t=3,p=1"})
    EXPECT_FALSE(read_phc(phc(bad))) << bad;
}

TEST(Phc, AHashThatWasNotReadIsEmpty) {
  EXPECT_TRUE(Argon2Hash{}.salt().empty());
  EXPECT_TRUE(Argon2Hash{}.tag().empty());
}

TEST(Phc, NothingIsComputedForNothing) {
  EXPECT_TRUE(computable({8, 1, 1}));
  EXPECT_FALSE(computable({8, 0, 1}));
  EXPECT_FALSE(computable({8, 1, 0}));
  EXPECT_FALSE(computable({7, 1, 1}));
}

// What a service hashes with when nobody says otherwise, and the floor below it, are those of OWASP's cheat sheet.
TEST(Phc, TheDefaultsAreAtOrAboveTheAdvice) {
  const Argon2Parameters advice{19456, 2, 1};
  EXPECT_EQ(argon2_minimum, advice);
  EXPECT_EQ(Argon2Parameters{}, (Argon2Parameters{65536, 3, 1}));
}

TEST(Phc, RefusesOtherSpellings) {
  for (const std::string_view bad : {"",
                                     "$",
                                     "argon2id$v=19$m=65536,t=3,p=1",
                                     "$argon2i$v=19$m=65536,t=3,p=1",
                                     "$argon2d$v=19$m=65536,t=3,p=1",
                                     "$Argon2id$v=19$m=65536,t=3,p=1",
                                     "$argon2id$v=16$m=65536,t=3,p=1",
                                     "$argon2id$m=65536,t=3,p=1",
                                     "$argon2id$v=19$t=3,m=65536,p=1",
                                     "$argon2id$v=19$m=065536,t=3,p=1",
                                     "$argon2id$v=19$m=+65536,t=3,p=1",
                                     "$argon2id$v=19$m=-1,t=3,p=1",
                                     "$argon2id$v=19$m= 65536,t=3,p=1",
                                     "$argon2id$v=19$m=65536,t=3,p=1,x=1",
                                     "$argon2id$v=19$m=65536,t=3,p=1 ",
                                     "$argon2id$v=19$m=0x10000,t=3,p=1",
                                     "$argon2id$v=19$m=65536;t=3;p=1",
                                     "$argon2id$v=19$m=,t=3,p=1",
                                     "65536,t=3,p=1",
                                     "$argon2id$v=19$m=65536,t=3,p=01"})
    EXPECT_FALSE(read_phc(phc(bad))) << bad;
}

TEST(Phc, RefusesSaltsAndTagsOutOfBounds) {
  const std::string_view parameters = "$argon2id$v=19$m=65536,t=3,p=1";
  const auto reads = [&](std::size_t salt_size, std::size_t tag_size) {  // sizes in groups of three bytes
    return read_phc(phc(parameters, std::string(salt_size * 4, 'A'), std::string(tag_size * 4, 'A'))).has_value();
  };
  EXPECT_TRUE(reads(3, 6));
  EXPECT_TRUE(reads(16, 21));
  EXPECT_TRUE(read_phc(phc(parameters, "AAAAAAAAAAA", std::string(22, 'A'))));          // 8 and 16 bytes
  EXPECT_TRUE(read_phc(phc(parameters, std::string(64, 'A'), std::string(86, 'A'))));   // 48 and 64
  EXPECT_FALSE(read_phc(phc(parameters, "AAAAAAAAAA", std::string(22, 'A'))));          // 7
  EXPECT_FALSE(read_phc(phc(parameters, "AAAAAAAAAAA", std::string(20, 'A'))));         // 15
  EXPECT_FALSE(read_phc(phc(parameters, std::string(66, 'A'), std::string(86, 'A'))));  // 49
  EXPECT_FALSE(read_phc(phc(parameters, std::string(64, 'A'), std::string(87, 'A'))));  // 65
  EXPECT_FALSE(reads(2, 6));                                                            // 6 bytes of salt
  EXPECT_FALSE(reads(17, 6));                                                           // 51
  EXPECT_FALSE(reads(3, 5));                                                            // 15 bytes of tag
  EXPECT_FALSE(reads(3, 22));                                                           // 66
  EXPECT_FALSE(reads(3, 100'000));
  EXPECT_FALSE(read_phc(phc(parameters, "c29tZXNhbHR", tag)));            // unused bits set
  EXPECT_FALSE(read_phc(phc(parameters, "c29tZXNhbHQ=", tag)));           // padding
  EXPECT_FALSE(read_phc(phc(parameters, salt, std::string(tag) + '$')));  // more after the tag
  EXPECT_FALSE(read_phc(phc(parameters, salt, std::string(tag) + '\n')));
  EXPECT_FALSE(read_phc(phc(parameters, "", tag)));
  EXPECT_FALSE(read_phc(phc(parameters, salt, "")));
}

TEST(Phc, EveryTruncationIsRefused) {
  const std::string text = phc("$argon2id$v=19$m=65536,t=2,p=1");
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto hash = read_phc(std::string_view(text).substr(0, size));
    // Cut inside the tag it is another, shorter hash where the base64 happens to end well; never below 16 bytes of tag.
    if (size < text.size() - 22) {
      EXPECT_FALSE(hash) << size;
    } else if (hash) {
      EXPECT_EQ(write_phc(*hash), text.substr(0, size));
    }
  }
}

}  // namespace
}  // namespace sallyport::crypto
