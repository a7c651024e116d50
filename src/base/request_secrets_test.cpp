// How secrets that were taken out are found in a text, and where they are not looked for.
#include "base/request_secrets.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::detail {
namespace {

void add(RequestSecrets& secrets, std::string_view text, Taken how = Taken::exposed) {
  secrets.add({reinterpret_cast<const unsigned char*>(text.data()), text.size()}, how);
}

TEST(RequestSecrets, DigitsAreFoundByThemselves) {
  RequestSecrets secrets;
  add(secrets, "012345", Taken::to_send);
  EXPECT_TRUE(secrets.has_code());
  for (const char* text : {"012345", "code 012345", "012345.", "{\"code\":\"012345\"}", "a012345b", "012 345",
                           "012-345", "no: 0123-45", "1 012345", "99-012345"})
    EXPECT_TRUE(secrets.held_by(text)) << text;
  for (const char* text :
       {"", "01234", "0123456", "9012345", "01 23 45", "012_345", "012345678901", "12345", "012  345"})
    EXPECT_FALSE(secrets.held_by(text)) << text;
  EXPECT_TRUE(secrets.are(12345));
  EXPECT_FALSE(secrets.are(112345));
  EXPECT_FALSE(secrets.are(0));
  EXPECT_TRUE(secrets.shown_by("Your code is 012345."));
}

TEST(RequestSecrets, LongTextsAreFoundAnywhere) {
  RequestSecrets secrets;
  add(secrets, "otter-kayak-violet");
  for (const char* text : {"otter-kayak-violet", "xotter-kayak-violety", "{\"p\":\"otter-kayak-violet\"}"}) {
    EXPECT_TRUE(secrets.held_by(text)) << text;
    EXPECT_TRUE(secrets.shown_by(text)) << text;
  }
  EXPECT_FALSE(secrets.held_by("otter-kayak-viole"));
  EXPECT_FALSE(secrets.has_code());
}

TEST(RequestSecrets, ShortTextsAreFoundWhereChanceDoesNotPutThem) {
  RequestSecrets secrets;
  add(secrets, "password");
  add(secrets, "hunter2");
  add(secrets, "a1");
  for (const char* text : {"password", "hunter2", "pass=hunter2;", "my hunter2", "a1"})
    EXPECT_TRUE(secrets.held_by(text)) << text;
  for (const char* text : {"a wrong password", "type=\"password\"", "hunter21", "xhunter2", "hunter2\xc3\xa4", "an a1"})
    EXPECT_FALSE(secrets.held_by(text)) << text;
  EXPECT_FALSE(secrets.shown_by("hunter2")) << "a page may show a word that somebody typed as a password";
  EXPECT_FALSE(secrets.are(1));
}

TEST(RequestSecrets, AreFoundInJson) {
  RequestSecrets secrets;
  add(secrets, R"(say "otters" \ to me)");
  EXPECT_TRUE(secrets.held_by(R"(say "otters" \ to me)"));
  EXPECT_TRUE(secrets.held_by(R"({"pass":"say \"otters\" \\ to me"})"));
  EXPECT_FALSE(secrets.held_by(R"(say \"otters\" to me)"));
}

TEST(RequestSecrets, NothingAndTheSameAgainAddNothing) {
  RequestSecrets secrets;
  add(secrets, "");
  EXPECT_FALSE(secrets.held_by(""));
  for (std::size_t i = 0; i < 2 * RequestSecrets::most; ++i) add(secrets, "the same one");
  for (std::size_t i = 1; i < RequestSecrets::most; ++i) add(secrets, "number " + std::to_string(i));
  EXPECT_ANY_THROW(add(secrets, "one too many"));
}

TEST(RequestSecrets, OutsideOfARequestNothingIsNoted) {
  SecretBytes key(3, [](std::span<unsigned char> out) { out[0] = 'x'; });
  EXPECT_EQ(key.expose([](std::span<const unsigned char> bytes) { return bytes.size(); }), 3U);
  EXPECT_EQ(key.expose([](std::string_view text) { return text.size(); }), 3U);
}

}  // namespace
}  // namespace sallyport::detail
