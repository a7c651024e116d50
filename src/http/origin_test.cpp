// Origins: only the form that a browser sends.
#include "http/origin.hpp"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

TEST(Origin, ReadsTheCanonicalForm) {
  for (const std::string_view text :
       {"https://notes.example", "https://notes.example:8443", "http://localhost:8080", "http://127.0.0.1",
        "http://[::1]:8080", "https://[2001:db8::1]", "https://xn--mnchen-3ya.example", "https://a-1.b",
        "https://az09.z9a0", "https://[1:2:3:4:5:6:7:8]"}) {
    const auto origin = parse_origin(text);
    ASSERT_TRUE(origin) << text;
    EXPECT_EQ(origin->https, text.starts_with("https")) << text;
    EXPECT_EQ(text.substr(text.find("//") + 2), origin->authority);
  }
}

TEST(Origin, RefusesEveryOtherForm) {
  for (const std::string_view text : {"",
                                      "https://",
                                      "notes.example",
                                      "HTTPS://notes.example",
                                      "https://Notes.example",
                                      "https://notes.example/",
                                      "https://notes.example/a",
                                      "https://notes.example:443",
                                      "http://notes.example:80",
                                      "https://notes.example:",
                                      "https://notes.example:0",
                                      "https://notes.example:08443",
                                      "https://notes.example:65536",
                                      "https://notes.example:+1",
                                      "https://notes.example:8443/",
                                      "https://notes.example:8443x",
                                      "https://u@notes.example",
                                      "https://*.example",
                                      "*",
                                      "null",
                                      "https://notes..example",
                                      "https://notes.example.",
                                      "https://-a.example",
                                      "https://a-.example",
                                      "https://a_b.example",
                                      "https://1.2.3",
                                      "https://0x7f.1",
                                      "https://a.0x7f",
                                      "https://01.2.3.4",
                                      "https://2130706433",
                                      "https://::1",
                                      "https://[::1",
                                      "https://[0::1]",
                                      "https://[::1x]",
                                      "https://[]",
                                      "https://[",
                                      "https://]",
                                      "https://[::ffff:1.2.3.4]",
                                      "https://[fe80::1%25eth0]",
                                      "https://m\xc3\xbcnchen.example",
                                      "ftp://notes.example",
                                      "https://notes.example?x",
                                      "https://notes.example#x",
                                      " https://notes.example",
                                      "https://notes.example "}) {
    EXPECT_FALSE(parse_origin(text)) << text;
  }
  EXPECT_FALSE(parse_origin("https://" + std::string(64, 'a') + ".example"));
  EXPECT_TRUE(parse_origin("https://" + std::string(63, 'a') + ".example"));
  std::string long_name;  // RFC 1035 2.3.4: 253 characters, written with dots
  for (int i = 0; i < 126; ++i) long_name += "a.";
  EXPECT_TRUE(parse_origin("https://" + long_name + "b"));
  EXPECT_FALSE(parse_origin("https://" + long_name + "bc"));
}

TEST(Origin, EndsWhereItsTextEnds) {
  constexpr std::string_view text = "https://notes.example:80801";
  const auto origin = parse_origin(text.substr(0, text.size() - 1));
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->authority, "notes.example:8080");
}

TEST(Origin, IsMadeWithoutTheSchemesOwnPort) {
  EXPECT_EQ(make_origin(false, "localhost", 8080), "http://localhost:8080");
  EXPECT_EQ(make_origin(false, "localhost", 80), "http://localhost");
  EXPECT_EQ(make_origin(true, "localhost", 443), "https://localhost");
  EXPECT_EQ(make_origin(true, "localhost", 80), "https://localhost:80");
}

TEST(Authority, IsTheSameWithTheSchemesOwnPort) {
  for (const auto text : {"notes.example:443", "notes.example:", "Notes.Example.", "notes.example.:443"})
    EXPECT_TRUE(same_authority(true, "notes.example", text)) << text;
  for (const auto text : {"notes.example:80", "notes.example:8443", "notes.example..", "evil.example", "", ".", ":443"})
    EXPECT_FALSE(same_authority(true, "notes.example", text)) << text;
  EXPECT_TRUE(same_authority(false, "notes.example", "notes.example:80"));
  EXPECT_FALSE(same_authority(false, "notes.example", "notes.example:443"));
  EXPECT_TRUE(same_authority(true, "notes.example:443", "notes.example"));
  EXPECT_TRUE(same_authority(true, "notes.example:8443", "notes.example.:8443"));
  EXPECT_TRUE(same_authority(true, "[::1]:443", "[::1]"));
  EXPECT_FALSE(same_authority(true, "[::1]", "[::1:443]"));
}

TEST(Authority, IsAHostWithOrWithoutAPort) {
  for (const auto text : {"notes.example", "notes.example:443", "[::1]", "[::1]:80", "10.0.0.1:1"})
    EXPECT_TRUE(is_authority(text)) << text;
  for (const auto text : {"", ":80", "*", "*.example", "a b", "[::1]80", "[::1]:", "a:b", "a:1:2"})
    EXPECT_FALSE(is_authority(text)) << text;
}

}  // namespace
}  // namespace sallyport::http
