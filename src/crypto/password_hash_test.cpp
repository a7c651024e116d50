// Password hashes: RFC 9106's vector, the reference program's strings, checks that match or don't, and rehashing.
#include "crypto/password_hash.hpp"

#include <array>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/hex.hpp"

namespace sallyport::crypto {
namespace {

constexpr Argon2Parameters cheap{.memory_kib = 64, .iterations = 1, .parallelism = 1};

Password typed(std::string_view text) {
  PasswordFlaw flaw{};
  return sallyport::detail::PasswordReader::password(text, flaw).value();
}

NewPassword chosen(std::string_view text) {
  PasswordFlaw flaw{};
  return sallyport::detail::PasswordReader::new_password(text, flaw).value();
}

TEST(Argon2id, Rfc9106Vector) {  // §5.3
  const std::vector<unsigned char> password(32, 1), salt(16, 2), key(8, 3), associated_data(12, 4);
  std::array<unsigned char, 32> tag;
  ASSERT_TRUE(
      argon2id(password, salt, key, associated_data, {.memory_kib = 32, .iterations = 3, .parallelism = 4}, tag));
  EXPECT_EQ(encode_hex(tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

TEST(PasswordHasher, ChecksAHashOfTheReferenceProgram) {
  // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
  constexpr std::string_view stored =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  const PasswordHasher hasher;
  EXPECT_EQ(hasher.verify(typed("password"), stored), PasswordCheck::match);
  EXPECT_EQ(hasher.verify(typed("Password"), stored), PasswordCheck::mismatch);
}

TEST(PasswordHasher, TheDefaultsAreThoseItPromises) {
  const PasswordHasher hasher;
  EXPECT_EQ(hasher.parameters(), (Argon2Parameters{65536, 3, 1}));
  const auto stored = hasher.hash(chosen("gravel lantern oboe"));
  ASSERT_TRUE(stored);
  EXPECT_TRUE(stored->starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << *stored;
  EXPECT_EQ(hasher.verify(typed("gravel lantern oboe"), *stored), PasswordCheck::match);
}

TEST(PasswordHasher, ComparesEveryByteAsTyped) {
  const PasswordHasher hasher{cheap};
  const auto stored = hasher.hash(chosen("gravel lantern oboe")).value();
  EXPECT_EQ(hasher.verify(typed("gravel lantern oboe"), stored), PasswordCheck::match);
  for (const std::string_view wrong :
       {"gravel lantern oboe ", " gravel lantern oboe", "Gravel lantern oboe", "gravel lantern obo", "x"})
    EXPECT_EQ(hasher.verify(typed(wrong), stored), PasswordCheck::mismatch) << wrong;
  const auto with_nul = hasher.hash(typed(std::string_view("a\0b", 3))).value();
  EXPECT_EQ(hasher.verify(typed(std::string_view("a\0b", 3)), with_nul), PasswordCheck::match);
  EXPECT_EQ(hasher.verify(typed(std::string_view("a\0c", 3)), with_nul), PasswordCheck::mismatch);
  EXPECT_EQ(hasher.verify(typed("a"), with_nul), PasswordCheck::mismatch);
}

// RFC 8265: the same letters are the same password, however a keyboard composes them.
TEST(PasswordHasher, CompositionDoesNotMatter) {
  const PasswordHasher hasher{cheap};
  constexpr std::string_view composed = "caf\u00e9 lantern oboe", decomposed = "cafe\u0301 lantern oboe";
  for (const std::string_view set : {composed, decomposed}) {
    const auto stored = hasher.hash(chosen(set)).value();
    EXPECT_EQ(hasher.verify(typed(composed), stored), PasswordCheck::match) << set;
    EXPECT_EQ(hasher.verify(typed(decomposed), stored), PasswordCheck::match) << set;
    EXPECT_EQ(hasher.verify(typed("caf\u00e9\u00a0lantern\u3000oboe"), stored), PasswordCheck::match) << set;
    EXPECT_EQ(hasher.verify(typed("cafe lantern oboe"), stored), PasswordCheck::mismatch) << set;
  }
}

// One that was hashed as it was typed, before passwords were prepared.
TEST(PasswordHasher, AnOldHashOfWhatWasTypedMatchesAndIsKnown) {
  const PasswordHasher hasher{cheap};
  const std::string_view decomposed = "cafe\u0301 lantern oboe";
  Argon2Hash old{.parameters = cheap, .salt_size = 16, .tag_size = 32};
  ASSERT_TRUE(argon2id({reinterpret_cast<const unsigned char*>(decomposed.data()), decomposed.size()}, old.salt(), {},
                       {}, cheap, std::span{old.tag_bytes}.first(32)));
  const std::string stored = write_phc(old);
  EXPECT_EQ(hasher.verify(typed(decomposed), stored), PasswordCheck::match_as_typed);
  EXPECT_EQ(hasher.verify(typed("caf\u00e9 lantern oboe"), stored), PasswordCheck::mismatch);
  const auto renewed = hasher.hash(typed(decomposed)).value();
  EXPECT_EQ(hasher.verify(typed("caf\u00e9 lantern oboe"), renewed), PasswordCheck::match);
}

TEST(PasswordHasher, NoLengthIsTruncated) {
  const PasswordHasher hasher{cheap};
  std::string longest(1024, 'a');
  const auto stored = hasher.hash(typed(longest)).value();
  EXPECT_EQ(hasher.verify(typed(longest), stored), PasswordCheck::match);
  longest.back() = 'b';
  EXPECT_EQ(hasher.verify(typed(longest), stored), PasswordCheck::mismatch);
}

TEST(PasswordHasher, SaltsDiffer) {
  const PasswordHasher hasher{cheap};
  EXPECT_NE(hasher.hash(typed("same")), hasher.hash(typed("same")));
}

TEST(PasswordHasher, SaysWhenTheStoredHashIsDamaged) {
  const PasswordHasher hasher{cheap};
  for (const std::string_view stored :
       {"", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=4294967295,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"})
    EXPECT_EQ(hasher.verify(typed("password"), stored), PasswordCheck::damaged_hash) << stored;
}

TEST(PasswordHasher, NobodysHashNeverMatches) {
  const PasswordHasher hasher{cheap};
  for (const std::string_view guess : {"x", "password"})
    EXPECT_EQ(hasher.verify_unknown(typed(guess)), PasswordCheck::mismatch);
}

TEST(PasswordHasher, RehashesWhatIsWeakerThanToday) {
  const PasswordHasher today{{.memory_kib = 128, .iterations = 2, .parallelism = 1}};
  const auto made_with = [](const Argon2Parameters& parameters) {
    return PasswordHasher{parameters}.hash(typed("x")).value();
  };
  EXPECT_FALSE(today.needs_rehash(made_with({128, 2, 1})));
  EXPECT_FALSE(today.needs_rehash(made_with({256, 3, 1})));
  EXPECT_FALSE(today.needs_rehash(made_with({128, 2, 2})));
  EXPECT_TRUE(today.needs_rehash(made_with({127, 2, 1})));
  EXPECT_TRUE(today.needs_rehash(made_with({128, 1, 1})));
  EXPECT_TRUE(today.needs_rehash("damaged"));
  EXPECT_TRUE(PasswordHasher{cheap}.needs_rehash(
      "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));  // 8 bytes of salt
}

TEST(PasswordHasher, ImpossibleParametersAreBroughtIntoBounds) {
  EXPECT_EQ((PasswordHasher{{0, 0, 0}}.parameters()), (Argon2Parameters{8, 1, 1}));
  EXPECT_EQ((PasswordHasher{{0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}}.parameters()), argon2_cap);
}

TEST(Argon2Parameters, TheFloor) {
  EXPECT_TRUE(meets_minimum({}));
  EXPECT_TRUE(meets_minimum(argon2_minimum));
  EXPECT_FALSE(meets_minimum({.memory_kib = 19455, .iterations = 2, .parallelism = 1}));
  EXPECT_FALSE(meets_minimum({.memory_kib = 65536, .iterations = 1, .parallelism = 1}));
}

TEST(Argon2Parameters, ASlowMachineGetsTheFloor) {
  using namespace std::chrono_literals;
  const auto chosen_when_one_hash_takes = [](std::chrono::milliseconds duration) {
    std::chrono::steady_clock::time_point now{};
    return choose_parameters([&] { return std::exchange(now, now + duration); });
  };
  EXPECT_EQ(chosen_when_one_hash_takes(500ms), Argon2Parameters{});
  EXPECT_EQ(chosen_when_one_hash_takes(501ms), argon2_minimum);
}

}  // namespace
}  // namespace sallyport::crypto
