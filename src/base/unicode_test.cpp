// Passwords and searches of people whose keyboards compose letters in different ways.
#include "base/unicode.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::base {
namespace {

std::string prepared(const std::string& text) {
  std::vector<unsigned char> room(prepared_size(text.size()) + 1);
  const std::vector<unsigned char> bytes(text.begin(), text.end());
  const std::size_t size = prepare_password(bytes, room);
  return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size)};
}

// RFC 8265 4.3, Table 3, and what keyboards send.
TEST(Unicode, PasswordsAreOpaqueStrings) {
  EXPECT_EQ(prepared("correct horse battery staple"), "correct horse battery staple");
  EXPECT_EQ(prepared("Correct Horse Battery Staple"), "Correct Horse Battery Staple") << "case is kept";
  EXPECT_EQ(prepared("\u03c0\u00df\u00e5"), "\u03c0\u00df\u00e5");
  EXPECT_EQ(prepared("Jack of \u2666s"), "Jack of \u2666s");
  EXPECT_EQ(prepared("foo\u1680bar"), "foo bar") << "U+1680, OGHAM SPACE MARK";
  EXPECT_EQ(prepared("a\u00a0b\u3000c"), "a b c");
  EXPECT_EQ(prepared("cafe\u0301"), "caf\u00e9") << "NFD, as macOS and some input methods type it";
  EXPECT_EQ(prepared("\u212b"), "\u00c5");
  EXPECT_EQ(prepared("\uff41"), "\uff41") << "width is kept";
  EXPECT_EQ(prepared(""), "");
}

TEST(Unicode, PreparingTwiceChangesNothing) {
  for (const char* text : {"foo\u1680bar\u0301", "\u0958\u0958", "\ufb2c\ufb2c\ufb2c", "\U0001d160\U0001d160"}) {
    EXPECT_EQ(prepared(prepared(text)), prepared(text)) << text;
    EXPECT_LE(prepared(text).size(), prepared_size(std::string(text).size()));
  }
}

TEST(Unicode, WhatIsNoUtf8IsLeftAlone) {
  EXPECT_EQ(prepared("caf\xe9"), "caf\xe9");
  EXPECT_EQ(fold_case("CAF\xc9"), "CAF\xc9");
}

TEST(Unicode, FoldsCaseInEveryScript) {
  EXPECT_EQ(fold_case("Hello"), "hello");
  EXPECT_EQ(fold_case("\u00c4pfel"), fold_case("\u00e4PFEL"));
  EXPECT_EQ(fold_case("\u00c4"), fold_case("a\u0308")) << "composed and decomposed";
  EXPECT_EQ(fold_case("STRASSE"), fold_case("Stra\u00dfe"));
  EXPECT_EQ(fold_case("\u041f\u0420\u0418\u0412\u0415\u0422"), fold_case("\u043f\u0440\u0438\u0432\u0435\u0442"));
  EXPECT_EQ(fold_case("\u03a3\u0391\u03a3"), fold_case("\u03c3\u03b1\u03c2"));
  EXPECT_NE(fold_case("a"), fold_case("\u00e4")) << "accents count";
}

}  // namespace
}  // namespace sallyport::base
