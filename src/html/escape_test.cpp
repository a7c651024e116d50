// Escaping: the bytes that come out, for every byte and for broken UTF-8.
#include "html/escape.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sallyport::markup {
namespace {

using namespace std::string_view_literals;

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

constexpr std::string_view fffd = "\xEF\xBF\xBD";

TEST(Escape, WritesTheFiveSpecialCharactersAsReferences) {
  EXPECT_EQ(escaped("a<b>c&d\"e'f"), "a&lt;b&gt;c&amp;d&#34;e&#39;f");
  EXPECT_EQ(escaped("<<<<"), "&lt;&lt;&lt;&lt;");
  EXPECT_EQ(escaped("&amp;"), "&amp;amp;");
}

TEST(Escape, CopiesPlainText) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped("plain `text` = {x} / y \\ z"), "plain `text` = {x} / y \\ z");
  EXPECT_EQ(escaped("tab\tnewline\nreturn\r"), "tab\tnewline\nreturn\r");
  EXPECT_EQ(escaped("Größe € 😀 \xC2\xA0"), "Größe € 😀 \xC2\xA0");
}

TEST(Escape, FindsASpecialCharacterAtEveryPlaceOfABlock) {
  for (const char special : {'&', '<', '>', '"', '\'', '\0', '\x1f', '\x7f', '\x80', '\xff'}) {
    const std::string written = escaped(std::string(1, special));
    ASSERT_NE(written, std::string(1, special));
    for (std::size_t length = 1; length <= 40; ++length) {
      for (std::size_t i = 0; i < length; ++i) {
        std::string text(length, 'x');
        text[i] = special;
        const std::string expected = std::string(i, 'x') + written + std::string(length - i - 1, 'x');
        EXPECT_EQ(escaped(text), expected) << static_cast<int>(special) << " at " << i << " of " << length;
      }
    }
  }
  for (int c = 0x20; c < 0x7f; ++c) {  // and nothing else
    if (std::string_view("&<>\"'").find(static_cast<char>(c)) != std::string_view::npos) continue;
    const std::string plain(40, static_cast<char>(c));
    EXPECT_EQ(escaped(plain), plain);
  }
}

// A rule of blocks that finds what differs from a character would miss a block that holds nothing else.
TEST(Escape, FindsBlocksOfNothingButOneSpecialCharacter) {
  for (const char special : {'&', '<', '>', '"', '\'', '\0', '\x1f', '\x7f', '\x80', '\xff'}) {
    const std::string one = escaped(std::string(1, special));
    std::string expected;
    for (std::size_t length = 1; length <= 40; ++length) {
      expected += one;
      EXPECT_EQ(escaped(std::string(length, special)), expected) << static_cast<int>(special) << " times " << length;
    }
  }
}

TEST(Escape, ReplacesEveryControlCharacterButWhiteSpace) {
  for (int c = 0; c < 0x80; ++c) {
    const std::string text(1, static_cast<char>(c));
    const bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
    EXPECT_EQ(escaped(text) == fffd, control) << c;
    const std::string within = std::string(40, 'x') + text + std::string(40, 'x');  // found by the scan of whole blocks
    EXPECT_EQ(escaped(within).find(fffd) != std::string::npos, control) << c;
  }
  EXPECT_EQ(escaped("a\0b"sv),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(escaped("\xC2\x80\xC2\x9F"), std::string(fffd) + std::string(fffd));  // C1
}

TEST(Escape, ReplacesWhatIsNotUtf8) {
  const auto times = [](std::size_t n) {
    std::string out;
    while (n-- > 0) out += fffd;
    return out;
  };
  EXPECT_EQ(escaped("\x80"), times(1));
  EXPECT_EQ(escaped("\xFF\xFE"), times(2));
  EXPECT_EQ(escaped("\xC0\xBC"), times(2)) << "overlong '<'";
  EXPECT_EQ(escaped("\xE0\x80\xBC"), times(3)) << "overlong '<'";
  EXPECT_EQ(escaped("\xF0\x80\x80\xBC"), times(4)) << "overlong '<'";
  EXPECT_EQ(escaped("\xED\xA0\x80"), times(3)) << "surrogate";
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), times(4)) << "above U+10FFFF";
  EXPECT_EQ(escaped("\xE2\x82"), times(1)) << "cut off: one maximal subpart";
  EXPECT_EQ(escaped("\xF0\x9F\x98"), times(1)) << "cut off: one maximal subpart";
}

TEST(Escape, ABrokenSequenceDoesNotSwallowWhatFollows) {
  EXPECT_EQ(escaped("\xC3<"), std::string(fffd) + "&lt;");
  EXPECT_EQ(escaped("\xE2\x82\"x"), std::string(fffd) + "&#34;x");
  EXPECT_EQ(escaped("\xF0<script>"), std::string(fffd) + "&lt;script&gt;");
}

}  // namespace
}  // namespace sallyport::markup
