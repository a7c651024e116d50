// The classes of bytes, written out as the RFCs list them.
#include "base/character_class.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::base {
namespace {

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

void expect_class(CharacterClass wanted, std::string_view members) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(is_in(wanted, c), members.find(c) != members.npos) << byte;
  }
}

TEST(CharacterClass, Token) { expect_class(token_class, "!#$%&'*+-.^_`|~" DIGITS LETTERS); }  // RFC 9110 5.6.2

// RFC 3986 2.2 and 2.3, without `#`.
TEST(CharacterClass, Target) { expect_class(target_class, "!$%&'()*+,-./:;=?@[]_~" DIGITS LETTERS); }

// And what the URL standard's query percent-encode set leaves as it is, without what that set names: `"`, `<`, `>`.
TEST(CharacterClass, Query) { expect_class(query_class, "!$%&'()*+,-./:;=?@[\\]^_`{|}~" DIGITS LETTERS); }

TEST(CharacterClass, Host) { expect_class(host_class, "-._" DIGITS LETTERS); }

TEST(CharacterClass, Value) {  // RFC 9110 5.5
  std::string members = "\t !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" DIGITS LETTERS;
  for (int byte = 0x80; byte < 256; ++byte) members += static_cast<char>(byte);
  expect_class(value_class, members);
}

TEST(CharacterClass, SkipStopsAtTheFirstOther) {
  const std::string_view text = "abc def";
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  EXPECT_EQ(skip(token_class, begin, end), begin + 3);
  EXPECT_EQ(skip(token_class, begin + 3, end), begin + 3);
  EXPECT_EQ(skip(token_class, begin + 4, end), end);
  EXPECT_EQ(skip(token_class, begin, begin + 2), begin + 2);
}

TEST(CharacterClass, TrimsBlanksOnly) {
  for (const std::string_view text : {"a b", " a b", "a b ", "\t a b \t ", "a b\t"})
    EXPECT_EQ(trim_blanks(text), "a b");
  for (const std::string_view text : {"", " ", "\t \t"}) EXPECT_EQ(trim_blanks(text), "");
  EXPECT_EQ(trim_blanks("\va\r"), "\va\r");
}

TEST(CharacterClass, DigitsAndTheirValues) {
  const std::string_view digits = "0123456789abcdef";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::size_t at = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c);
    EXPECT_EQ(hex_value(c), at == digits.npos ? -1 : static_cast<int>(at)) << byte;
    EXPECT_EQ(is_digit(c), at < 10) << byte;
  }
}

TEST(CharacterClass, CaseIsIgnoredInAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("Content-Length", "content-lENGTH"));
  EXPECT_FALSE(equal_ignoring_case("content-length", "content-lengthe"));
  EXPECT_FALSE(equal_ignoring_case("content-lengthe", "content-length"));
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(to_lower(c), std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ").find(c) != std::string_view::npos
                               ? static_cast<char>(byte + 32)
                               : c);
  }
}

#undef DIGITS
#undef LETTERS

}  // namespace
}  // namespace sallyport::base
