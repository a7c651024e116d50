// Addresses: what is let through, what is not, and how values are put into local paths.
#include <sallyport/url.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sallyport {
namespace {

using namespace std::string_view_literals;

std::string parsed(std::string_view text) {
  const auto url = Url::parse(text);
  return url ? std::string(url->view()) : "refused";
}

TEST(Url, LetsSafeLinksThrough) {
  for (const auto text : {
           "https://example.org"sv,
           "https://example.org/a/b?c=d&e=f#g"sv,
           "HTTPS://Example.org/"sv,
           "http://127.0.0.1:8080/x"sv,
           "http://[::1]:8080/"sv,
           "https://a-b.example.org:443/%41?q=%20(x);y,z!$'*+@~"sv,
           "mailto:me@example.org"sv,
           "mailto:me@example.org?subject=Hello%20you"sv,
           "/"sv,
           "/notes/1?x=//y#z"sv,
           "/a:b"sv,
           "#top"sv,
           "?page=2"sv,
       }) {
    EXPECT_EQ(parsed(text), text);
  }
}

TEST(Url, RefusesScriptsDataAndOtherSchemes) {
  for (const auto text : {
           "javascript:alert(1)"sv,
           "JaVaScRiPt:alert(1)"sv,
           " javascript:alert(1)"sv,
           "\x01javascript:alert(1)"sv,
           "\0javascript:alert(1)"sv,
           "java\nscript:alert(1)"sv,
           "java\tscript:alert(1)"sv,
           "\tjavascript:alert(1)"sv,
           "javascript\n:alert(1)"sv,
           "javascript&colon;alert(1)"sv,
           "javascript%3aalert(1)"sv,
           "jav&#x09;ascript:alert(1)"sv,
           "\xC2\xA0javascript:alert(1)"sv,
           "\xE2\x80\xAAjavascript:alert(1)"sv,
           "vbscript:x"sv,
           "data:text/html,<script>alert(1)</script>"sv,
           "data:text/html;base64,PHNjcmlwdD4="sv,
           "blob:https://example.org/1"sv,
           "file:///etc/passwd"sv,
           "ftp://example.org/"sv,
           "tel:1"sv,
           "view-source:https://x"sv,
           "intent://x"sv,
           "about:blank"sv,
           "x:y"sv,
           ":"sv,
       }) {
    EXPECT_EQ(parsed(text), "refused") << text;
  }
}

TEST(Url, RefusesOtherSitesInDisguise) {
  for (const auto text : {
           "//evil.example"sv,
           "///evil.example"sv,
           "/\\evil.example"sv,
           "\\\\evil.example"sv,
           "\\/evil.example"sv,
           "/\t/evil.example"sv,
           "/\n/evil.example"sv,
           "/ /evil.example"sv,
           " //evil.example"sv,
           "https:evil.example"sv,
           "https:/evil.example"sv,
           "https:///evil.example"sv,
           "https:\\\\evil.example"sv,
           "https://bank.example@evil.example/"sv,
           "https://bank.example:pw@evil.example/"sv,
           "https://bank.example%40evil.example/"sv,
           "https://bank.example\\@evil.example"sv,
           "https://"sv,
           "https://?x"sv,
           "https://:80/"sv,
           "https://a:/"sv,
           "https://a:99999999/"sv,
           "https://a:8x/"sv,
           "https://[::1/"sv,
           "https://[]/"sv,
           "https://[::1]x/"sv,
           "https://ex\xC3\xA4mple.org/"sv,
           "evil.example"sv,
           "relative/path"sv,
           "../up"sv,
           ""sv,
       }) {
    EXPECT_EQ(parsed(text), "refused") << text;
  }
}

TEST(Url, RefusesEveryCharacterThatNoAddressHolds) {
  for (int c = 0; c < 0x80; ++c) {
    const bool ok = detail::ascii_letter(static_cast<char>(c)) || detail::ascii_digit(static_cast<char>(c)) ||
                    "-._~:/?#[]@!$&'()*+,;="sv.find(static_cast<char>(c)) != std::string_view::npos;
    EXPECT_EQ(parsed(std::string("/x") + static_cast<char>(c) + "y") != "refused", ok) << c;
  }
  EXPECT_EQ(parsed("/x%"), "refused");
  EXPECT_EQ(parsed("/x%4"), "refused");
  EXPECT_EQ(parsed("/x%4g"), "refused");
  EXPECT_EQ(parsed("/x\xC3"), "refused") << "not UTF-8";
  EXPECT_EQ(parsed("mailto:a@b?x=%0Abcc:c@d"), "refused");
  EXPECT_EQ(parsed("mailto:a@b?x=%0dbcc:c@d"), "refused");
  EXPECT_EQ(parsed("mailto:"), "refused");
  EXPECT_NE(parsed("/" + std::string(2047, 'x')), "refused");
  EXPECT_EQ(parsed("/" + std::string(2048, 'x')), "refused");
}

TEST(Url, EncodesWhatIsBeyondAscii) {
  EXPECT_EQ(parsed("https://de.wikipedia.org/wiki/Straße?ä#€"),
            "https://de.wikipedia.org/wiki/Stra%C3%9Fe?%C3%A4#%E2%82%AC");
}

TEST(ImgUrl, IsLocalOnly) {
  EXPECT_TRUE(ImgUrl::parse("/avatar/1.png"));
  EXPECT_FALSE(ImgUrl::parse("https://evil.example/pixel.gif"));
  EXPECT_FALSE(ImgUrl::parse("//evil.example/pixel.gif"));
  EXPECT_FALSE(ImgUrl::parse("#x"));
  EXPECT_FALSE(ImgUrl::parse("?x"));
  EXPECT_FALSE(ImgUrl::parse("data:image/png;base64,AA"));
}

TEST(LocalPath, KeepsItsText) {
  constexpr LocalPath path = "/notes?sort=new#top";
  EXPECT_EQ(path.view(), "/notes?sort=new#top");
  EXPECT_EQ(Url(path).view(), "/notes?sort=new#top");
  EXPECT_EQ(LocalPath("/").view(), "/");
  EXPECT_EQ(LocalPath("/a/").view(), "/a/");
  EXPECT_EQ(LocalPath("/.well-known/x..y/...").view(), "/.well-known/x..y/...");
}

std::string path_with(std::string_view value) { return std::string(local_url<"/notes/{}/edit">(value).view()); }

TEST(LocalUrl, EncodesEachValueIntoItsSegment) {
  EXPECT_EQ(path_with("abc-_.~9"), "/notes/abc-_.~9/edit");
  EXPECT_EQ(path_with("a/b"), "/notes/a%2Fb/edit");
  EXPECT_EQ(path_with("a\\b"), "/notes/a%5Cb/edit");
  EXPECT_EQ(path_with("?x=1&y#z"), "/notes/%3Fx%3D1%26y%23z/edit");
  EXPECT_EQ(path_with("%2e%2e"), "/notes/%252e%252e/edit");
  EXPECT_EQ(path_with("ü \n\0"sv), "/notes/%C3%BC%20%0A%00/edit");
  EXPECT_EQ(path_with("\"><script>"), "/notes/%22%3E%3Cscript%3E/edit");
}

TEST(LocalUrl, AValueCannotLeaveItsSegment) {
  EXPECT_EQ(path_with(""), "/notes/%EF%BF%BD/edit");
  EXPECT_EQ(path_with("."), "/notes/%EF%BF%BD/edit");
  EXPECT_EQ(path_with(".."), "/notes/%EF%BF%BD/edit");
  EXPECT_EQ(path_with("..."), "/notes/.../edit");
  EXPECT_EQ(local_url<"/{}/{}">("", "evil.example").view(), "/%EF%BF%BD/evil.example");
  EXPECT_EQ(local_url<"/{}">("/evil.example").view(), "/%2Fevil.example");
  EXPECT_EQ(local_url<"/{}?x">("..").view(), "/%EF%BF%BD?x");
  EXPECT_EQ(local_url<"/{}#x">("").view(), "/%EF%BF%BD#x");
  EXPECT_EQ(local_url<"/a/{}.png">(".").view(), "/a/..png");
  EXPECT_EQ(local_url<"/a?back={}">("").view(), "/a?back=");
  EXPECT_EQ(local_url<"/a?back={}">("..").view(), "/a?back=..");
}

struct NoteId {
  std::string text() const { return "n/1"; }
};

TEST(LocalUrl, TakesNumbersAndTypesWithText) {
  EXPECT_EQ(local_url<"/s?q={}&page={}#{}">("a b", 2, NoteId{}).view(), "/s?q=a%20b&page=2#n%2F1");
  EXPECT_EQ(
      local_url<"/n/{}/{}">(std::numeric_limits<std::int64_t>::min(), std::uint64_t{18446744073709551615u}).view(),
      "/n/-9223372036854775808/18446744073709551615");
  EXPECT_EQ(local_url<"/x">().view(), "/x");
}

}  // namespace
}  // namespace sallyport
