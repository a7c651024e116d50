// Password policy: lengths counted in characters, predictable passwords refused, good ones let through.
#include "crypto/password_policy.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

NewPassword chosen(std::string_view typed) {
  PasswordFlaw flaw{};
  auto password = sallyport::detail::PasswordReader::new_password(typed, flaw);
  EXPECT_EQ(flaw, PasswordFlaw::none) << typed;
  return std::move(password).value();
}

TEST(PasswordPolicy, CountsCharactersNotBytes) {
  EXPECT_EQ(password_flaw("k7#mQz!2pLw9vX"), PasswordFlaw::too_short);                                         // 14
  EXPECT_EQ(password_flaw("k7#mQz!2pLw9vXe"), PasswordFlaw::none);                                             // 15
  EXPECT_EQ(password_flaw("\u00fc\u4f60\U0001F600kWq\u00e4\u00f6zR\u00dfvB\u00e9"), PasswordFlaw::too_short);  // 14
  EXPECT_EQ(password_flaw("\u00fc\u4f60\U0001F600kWq\u00e4\u00f6zR\u00dfvB\u00e9!"), PasswordFlaw::none);      // 15
  EXPECT_EQ(password_flaw(""), PasswordFlaw::too_short);
}

TEST(PasswordPolicy, CapsBytes) {
  std::string text;
  for (int i = 0; text.size() < 1024; ++i) text += std::to_string(i * 7919) + "xq ";
  text.resize(1024);
  EXPECT_EQ(password_flaw(text), PasswordFlaw::none);
  EXPECT_EQ(password_flaw(text + "a"), PasswordFlaw::too_long);
}

TEST(PasswordPolicy, RefusesWhatIsNotUtf8) {
  const std::string rest = "k7#mQz!2pLw9vXe";
  for (const std::string_view bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                     "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82"})
    EXPECT_EQ(password_flaw(rest + std::string(bad)), PasswordFlaw::not_text) << testing::PrintToString(bad);
  for (const std::string_view good : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                      "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(password_flaw(rest + std::string(good)), PasswordFlaw::none) << testing::PrintToString(good);
}

TEST(PasswordPolicy, APredictablePieceCountsAsOneCharacterOfEight) {
  EXPECT_EQ(password_flaw("administrator qx7kz"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("administrator qx7kzv"), PasswordFlaw::none);
}

// The tests below count: "administrator", a blank and what stands beside them make seven pieces, one too few, or eight.
TEST(PasswordPolicy, FindsAWordInEveryUsualDisguise) {
  for (const std::string_view word :
       {"b@rcelona", "b4rcelona", "8arcelona", "barc3lona", "somethin9", "m1crosoft", "m!crosoft", "choco1ate",
        "choco!ate", "ch0colate", "micro5oft", "micro$oft", "microsof7", "microsof+", "MICROSOFT"})
    EXPECT_EQ(password_flaw(std::string(word) + " qx7kz"), PasswordFlaw::too_common) << word;
  for (const std::string_view no_word : {"zdministrator", "administratoz", "mi4rosoft", "micr1soft", "m0crosoft"})
    EXPECT_EQ(password_flaw(std::string(no_word) + " qx7kz"), PasswordFlaw::none) << no_word;
  EXPECT_EQ(password_flaw("qx7kz administrator"), PasswordFlaw::too_common);
}

TEST(PasswordPolicy, ThreeCharactersOfASequenceAreOnePieceAndTwoAreTwo) {
  EXPECT_EQ(password_flaw("administrator qx7kabc"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("administrator qx7kcba"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("administrator qx7kab"), PasswordFlaw::none);
  EXPECT_EQ(password_flaw("administrator qx7kaa"), PasswordFlaw::none);
}

TEST(PasswordPolicy, ASequenceGoesUpOrDownInStepsOfOne) {
  const auto letters = [](int first, int step) {
    std::string text;
    for (int i = 0; i < 15; ++i) {
      const int letter = first + i * step;  // U+0400 to U+043F: on no track
      text += {static_cast<char>(0xD0), static_cast<char>(0x80 + letter)};
    }
    return text;
  };
  EXPECT_EQ(password_flaw(letters(0, 1)), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw(letters(40, -1)), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw(letters(0, 2)), PasswordFlaw::none);
  EXPECT_EQ(password_flaw(letters(40, -2)), PasswordFlaw::none);
}

TEST(PasswordPolicy, FollowsAKeyboardEitherWayFromItsFirstKeyToItsLast) {
  EXPECT_EQ(password_flaw("qwertyuiop qx7kz"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("poiuytrewq qx7kz"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("ZXCVBNM,./ qw7kd"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("/.,mnbvcxz qw7kd"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("xwertyuiop qx7kz"), PasswordFlaw::none) << "x and eight keys and six";
  EXPECT_EQ(password_flaw("xoiuytrewq qx7kz"), PasswordFlaw::none);
}

TEST(PasswordPolicy, AYearFrom1900To2099IsOnePiece) {
  for (const std::string_view year : {"1900", "1964", "1999", "2000", "2064", "2099"}) {
    EXPECT_EQ(password_flaw("administrator " + std::string(year) + "qxkz"), PasswordFlaw::too_common) << year;
    EXPECT_EQ(password_flaw("administrator " + std::string(year) + "qxkzv"), PasswordFlaw::none) << year;
    EXPECT_EQ(password_flaw("administrator qxkz" + std::string(year)), PasswordFlaw::too_common) << year;
  }
  for (const std::string_view other :
       {"1864", "2164", "2964", "1064", "3064", "0964", "a964", "19a4", "196a", "20/4", "206:", "19:5", "195/"})
    EXPECT_EQ(password_flaw("administrator " + std::string(other) + "qx"), PasswordFlaw::none) << other;
}

TEST(PasswordPolicy, WhatIsSaidAgainIsOnePiece) {
  EXPECT_EQ(password_flaw("qzkvwjqzkvwjqzkvwj"), PasswordFlaw::too_common) << "six and one";
  EXPECT_EQ(password_flaw("qzkvwjQZKVWJqzkvwj"), PasswordFlaw::too_common);
  EXPECT_EQ(password_flaw("qzkvwjfqzkvwjfqzkvwjf"), PasswordFlaw::none) << "seven and one";
  EXPECT_EQ(password_flaw("qzkvwjfzkvwjfzkvwj"), PasswordFlaw::none) << "six, another one and one";
}

class Predictable : public testing::TestWithParam<std::string_view> {};
TEST_P(Predictable, IsRefused) { EXPECT_EQ(password_flaw(GetParam()), PasswordFlaw::too_common); }
INSTANTIATE_TEST_SUITE_P(
    Passwords, Predictable,
    testing::Values("aaaaaaaaaaaaaaaa", "abababababababab", "passwordpassword", "PasswordPassword1!",
                    "Password12345678", "password123456789", "123456789012345", "1234567890123456", "987654321098765",
                    "111111222222333333", "qwertyuiopasdfgh", "qwertyuiop123456", "zxcvbnmasdfghjkl",
                    "1qaz2wsx3edc4rfv", "!QAZ2wsx#EDC4rfv", "1q2w3e4r5t6y7u8i", "abcdefghijklmnop", "iloveyouforever",
                    "iloveyou123456789", "ILoveYouSunshine!", "Welcome123456789", "P@ssw0rd!P@ssw0rd!",
                    "Summer2024Summer2024", "administrator123", "letmein letmein letmein", "qwerty qwerty qwerty",
                    "monkeydragonshadow", "correcthorsebatterystaple", "xk7xk7xk7xk7xk7xk7",
                    "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9\u03ba\u03bb\u03bc\u03bd\u03be\u03bf",
                    "password-password-password-password", "asdfghjkl;asdfghjkl;", "000000000000000000000",
                    "poiuytrewq lkjhgfdsa", "administrator 1964 qx"));

TEST(PasswordPolicy, RefusesTheLongestRepetition) {
  EXPECT_EQ(password_flaw(std::string(1024, 'a')), PasswordFlaw::too_common);
  std::string pair;
  while (pair.size() < 1024) pair += "kQ";
  EXPECT_EQ(password_flaw(pair), PasswordFlaw::too_common);
}

class Good : public testing::TestWithParam<std::string_view> {};
TEST_P(Good, IsLetThrough) { EXPECT_EQ(password_flaw(GetParam()), PasswordFlaw::none); }
INSTANTIATE_TEST_SUITE_P(
    Passwords, Good,
    testing::Values(
        "gravel lantern oboe", "my cat ate seven figs", "k7#mQz!2pLw9vXe", "zebra-umbrella-klaxon",
        "the quick brown fox", "password xk29fj7v",
        "\u043f\u0440\u0438\u0432\u0435\u0442 \u043a\u043e\u0440\u0430\u0431\u043b\u044c \u0434\u043e\u043c",
        "837492048517362", "Nos vieux bateaux bleus", "               k7#mQz!2pLw9vXe"));

TEST(PasswordPolicy, RefusesTheAccountsOwnWords) {
  EXPECT_EQ(own_data_flaw(chosen("alice.smith@example.net"), "alice.smith@example.net", "Alice Smith"),
            PasswordFlaw::own_data);
  EXPECT_EQ(own_data_flaw(chosen("Alice.Smith.Alice.Smith"), "alice.smith@example.net", ""), PasswordFlaw::own_data);
  EXPECT_EQ(own_data_flaw(chosen("wilhelmina zimmermann1"), "wz@example.net", "Wilhelmina Zimmermann"),
            PasswordFlaw::own_data);
  EXPECT_EQ(
      own_data_flaw(chosen("j\u00fcrgen gr\u00fcnw\u00e4lder"), "j@example.net", "J\u00fcrgen Gr\u00fcnw\u00e4lder"),
      PasswordFlaw::own_data);
  EXPECT_EQ(own_data_flaw(chosen("gravel lantern oboe"), "alice.smith@example.net", "Alice Smith"), PasswordFlaw::none);
  EXPECT_EQ(own_data_flaw(chosen("smith gravel lantern"), "alice.smith@example.net", "Alice Smith"),
            PasswordFlaw::none);
  EXPECT_EQ(own_data_flaw(chosen("gravel lantern oboe"), "", "\xFF"), PasswordFlaw::none);
}

TEST(PasswordPolicy, APartOfTheAccountsOwnWordsIsOnePiece) {
  const auto flaw = [](std::string_view password) { return own_data_flaw(chosen(password), "", "Wilhelmina"); };
  EXPECT_EQ(flaw("wilhelmina qx7kz"), PasswordFlaw::own_data) << "one and six";
  EXPECT_EQ(flaw("qx7kz WILHELMINA"), PasswordFlaw::own_data);
  EXPECT_EQ(flaw("wilhelmina qx7kzv"), PasswordFlaw::none);
  EXPECT_EQ(flaw("ilhelmina q7kzvd"), PasswordFlaw::none);
  EXPECT_EQ(flaw("xilhelmina qx7kz"), PasswordFlaw::none) << "x and one and six";
  EXPECT_EQ(flaw("wilhelwilhel qx7kz"), PasswordFlaw::none) << "two and six";
}

}  // namespace
}  // namespace sallyport::crypto
