// Secrets: what they hold, that they move and do not copy, and that wiping wipes.
#include <sallyport/secret.hpp>

#include <array>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"

namespace sallyport {
namespace {

std::string shown(const detail::Secret& secret) {
  std::string text;
  secret.expose([&](crypto::ByteView bytes) { text = crypto::text_of(bytes); });
  return text;
}

Password password(std::string_view typed) {
  PasswordFlaw flaw{};
  return detail::PasswordReader::password(typed, flaw).value();
}

struct SignIn {
  std::string email;
  Password password;
};

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_copy_constructible_v<SignIn> && std::is_nothrow_move_constructible_v<SignIn>);
static_assert(std::is_nothrow_move_constructible_v<Password> && std::is_nothrow_move_assignable_v<Password>);
static_assert(std::is_nothrow_move_constructible_v<NewPassword> && std::is_nothrow_move_assignable_v<NewPassword>);
static_assert(!std::is_default_constructible_v<Password> && !std::is_default_constructible_v<NewPassword>);
static_assert(!std::is_constructible_v<Password, std::string> && !std::is_constructible_v<NewPassword, Password>);
static_assert(!std::is_convertible_v<Password, std::string> && !std::is_convertible_v<Password, std::string_view>);
static_assert(!std::is_convertible_v<SecretBytes, std::span<const unsigned char>>);
static_assert(detail::SecretType<Password> && detail::SecretType<const SecretBytes&> &&
              !detail::SecretType<std::string>);

static_assert(detail::CarriesNothingOut<void> && detail::CarriesNothingOut<bool> &&
              detail::CarriesNothingOut<PasswordFlaw>);
static_assert(detail::CarriesNothingOut<SecretBytes>);
static_assert(!detail::CarriesNothingOut<std::string> && !detail::CarriesNothingOut<std::string_view>);
static_assert(!detail::CarriesNothingOut<const unsigned char*> && !detail::CarriesNothingOut<crypto::ByteView>);
static_assert(!detail::CarriesNothingOut<const unsigned char&> && !detail::CarriesNothingOut<SecretBytes&>);
static_assert(!detail::CarriesNothingOut<std::array<unsigned char, 4>>);

TEST(Secret, HoldsWhatItIsGiven) {
  EXPECT_EQ(shown(SecretBytes{crypto::bytes_of("key")}), "key");
  EXPECT_EQ(shown(SecretBytes{3, [](std::span<unsigned char> out) { std::fill(out.begin(), out.end(), 'x'); }}), "xxx");
  EXPECT_EQ(shown(SecretBytes{}), "");
  EXPECT_EQ(shown(SecretBytes{0, [](std::span<unsigned char>) {}}), "");
}

TEST(Secret, FreshRoomIsZeroed) {
  const SecretBytes secret{64, [](std::span<unsigned char> out) {
                             for (const unsigned char byte : out) EXPECT_EQ(byte, 0);
                           }};
  EXPECT_EQ(shown(secret), std::string(64, '\0'));
}

TEST(Secret, MovesWithoutLeavingBytesBehind) {
  SecretBytes first{crypto::bytes_of("first")};
  SecretBytes second{crypto::bytes_of("the second one")};
  second = std::move(first);
  EXPECT_EQ(shown(second), "first");
  EXPECT_EQ(shown(first), "");  // NOLINT(bugprone-use-after-move): a moved-from secret shows nothing

  SignIn one{"a@example.com", password("short")};
  const SignIn other = std::move(one);
  EXPECT_EQ(shown(other.password), "short");
  EXPECT_EQ(shown(one.password), "");  // NOLINT(bugprone-use-after-move)
}

TEST(Secret, ExposeReturnsTheAnswer) {
  const SecretBytes secret{crypto::bytes_of("abc")};
  EXPECT_EQ(secret.expose([](crypto::ByteView bytes) { return bytes.size(); }), 3U);
  EXPECT_EQ(shown(secret.expose([](crypto::ByteView bytes) { return SecretBytes{bytes.first(2)}; })), "ab");
}

TEST(Secret, WipeZeroesEveryByte) {
  std::array<unsigned char, 33> bytes;
  bytes.fill(0xAA);
  detail::wipe(std::span{bytes}.first(32));
  for (std::size_t i = 0; i < 32; ++i) EXPECT_EQ(bytes[i], 0) << i;
  EXPECT_EQ(bytes[32], 0xAA);
  detail::wipe({});
}

TEST(Password, IsTakenExactlyAsTyped) {
  for (const std::string_view typed : {" two  spaces ", "x", "\xC3\xBCml\xC3\xA4ut", "not\xFFutf8"})
    EXPECT_EQ(shown(password(typed)), typed);
  EXPECT_EQ(shown(password(std::string_view("nul\0inside", 10))), std::string_view("nul\0inside", 10));
}

TEST(Password, HasBounds) {
  PasswordFlaw flaw{};
  EXPECT_FALSE(detail::PasswordReader::password("", flaw));
  EXPECT_EQ(flaw, PasswordFlaw::too_short);
  EXPECT_TRUE(detail::PasswordReader::password(std::string(1024, 'a'), flaw));
  EXPECT_EQ(flaw, PasswordFlaw::none);
  EXPECT_FALSE(detail::PasswordReader::password(std::string(1025, 'a'), flaw));
  EXPECT_EQ(flaw, PasswordFlaw::too_long);
}

TEST(NewPassword, ExistsOnlyWhenThePolicyAgrees) {
  PasswordFlaw flaw{};
  const auto good = detail::PasswordReader::new_password("gravel lantern oboe", flaw);
  ASSERT_TRUE(good);
  EXPECT_EQ(flaw, PasswordFlaw::none);
  EXPECT_EQ(shown(*good), "gravel lantern oboe");
  EXPECT_FALSE(detail::PasswordReader::new_password("passwordpassword", flaw));
  EXPECT_EQ(flaw, PasswordFlaw::too_common);
}

}  // namespace
}  // namespace sallyport
