// JSON strings: what JSON asks for is escaped, what a page or a line of a log asks for too, and nothing else; readers get the text back.
#include "base/json_text.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace sallyport::base {
namespace {

std::string string_of(std::string_view text, JsonEscapes escapes) {
  std::string out;
  append_json_string(out, text, escapes);
  return out;
}

std::string page(std::string_view text) { return string_of(text, JsonEscapes::page); }

// Both ways of writing a line, which agree.
std::string line(std::string_view text) {
  std::string room(6 * text.size(), '?');
  const EscapedJson done = escape_json_line(text, room);
  EXPECT_EQ(done.read, text.size());
  room.resize(done.written);
  EXPECT_EQ(string_of(text, JsonEscapes::line), '"' + room + '"');
  return '"' + room + '"';
}

std::string utf8(char32_t c) {  // RFC 3629 3
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

std::string short_or_hex(char32_t c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default: {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
      return escape.data();
    }
  }
}

bool within(char32_t c, std::initializer_list<std::pair<char32_t, char32_t>> ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const auto& r) { return c >= r.first && c <= r.second; });
}

TEST(JsonText, EscapesWhatItSaysAndNothingElse) {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 0xFD) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string plain = utf8(c);
    const bool always = within(c, {{0, 0x1F}, {'"', '"'}, {'\\', '\\'}, {0x2028, 0x2029}});
    const bool in_page = always || within(c, {{'<', '<'}, {'>', '>'}, {'&', '&'}});
    const bool in_line = always || within(c, {{0x7F, 0x9F}, {0x202A, 0x202E}, {0x2066, 0x2069}});
    ASSERT_EQ(page(plain), '"' + (in_page ? short_or_hex(c) : plain) + '"') << std::hex << static_cast<unsigned>(c);
    ASSERT_EQ(line(plain), '"' + (in_line ? short_or_hex(c) : plain) + '"') << std::hex << static_cast<unsigned>(c);
  }
}

// Runs of plain text are found in blocks: every byte at every place in, before and behind one.
TEST(JsonText, EscapesEveryByteAtEveryPlaceOfABlock) {
  for (const std::size_t size : {1U, 7U, 8U, 9U, 15U, 16U, 17U, 23U, 31U, 32U, 33U, 48U}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        std::string text(size, 'x');
        text[at] = c;
        const auto expected = [&](const std::string& one) {
          return '"' + std::string(at, 'x') + one.substr(1, one.size() - 2) + std::string(size - at - 1, 'x') + '"';
        };
        ASSERT_EQ(page(text), expected(page({&c, 1}))) << byte << " at " << at;
        ASSERT_EQ(line(text), expected(line({&c, 1}))) << byte << " at " << at;
      }
    }
  }
}

// Blocks reach neither before nor behind the text, and write nothing behind the room.
TEST(JsonText, CopiesPlainTextFromItsPlaceAndNoFurther) {
  std::string around;
  for (int i = 0; i < 200; ++i) around += static_cast<char>('a' + i % 23);
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string_view text = std::string_view(around).substr(80, size);
    EXPECT_EQ(page(text), '"' + std::string(text) + '"');
    for (std::size_t room = 0; room <= size; ++room) {
      std::array<char, 100> out{};
      out.fill('?');
      const EscapedJson done = escape_json_line(text, std::span{out}.first(room));
      ASSERT_EQ(done.read, room);
      ASSERT_EQ(done.written, room);
      ASSERT_EQ(std::string_view(out.data(), room), text.substr(0, room)) << size;
      ASSERT_EQ(std::count(out.begin() + static_cast<std::ptrdiff_t>(room), out.end(), '?'),
                100 - static_cast<int>(room));
    }
  }
}

TEST(JsonText, NothingCouldBeMarkupOrTheEndOfAScript) {
  EXPECT_EQ(page("</script><!-- & \" \\ ' /"), R"("\u003c/script\u003e\u003c!-- \u0026 \" \\ ' /")");
  EXPECT_EQ(page("\u2028\u2029"), R"("\u2028\u2029")");
}

TEST(JsonText, NothingCouldEndALineOrShowAsSomethingElse) {
  EXPECT_EQ(line("a\"\n{\"event\":\"x\"}"), R"("a\"\n{\"event\":\"x\"}")");
  EXPECT_EQ(line("\x1b[2K\x7f\u009b\u202e"), R"("\u001b[2K\u007f\u009b\u202e")");
  EXPECT_EQ(line("/search?a=<b>&c"), R"("/search?a=<b>&c")");
}

TEST(JsonText, WhatIsNotUtf8IsReplaced) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a\xFFz", "a\uFFFDz"},
      {"\x80", "\uFFFD"},
      {"\xC0\xAF", "\uFFFD\uFFFD"},
      {"\xC2", "\uFFFD"},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"\xF0\x9F\x98", "\uFFFD"},  // one for a sequence that was cut (Unicode 16.0, 3.9)
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\uFFFD", "\uFFFD"},
  };
  for (const auto& [text, expected] : cases) {
    for (const std::string_view behind : {"", "b", "\xE2\x82\xAC", " of more than sixteen bytes"}) {
      const std::string all = std::string(text) + std::string(behind);
      EXPECT_EQ(page(all), '"' + std::string(expected) + std::string(behind) + '"');
      EXPECT_EQ(line(all), '"' + std::string(expected) + std::string(behind) + '"');
    }
    EXPECT_EQ(line(std::string(text) + "\n"), '"' + std::string(expected) + "\\n\"") << "swallowed what is behind it";
  }
}

TEST(JsonText, ReadersGetTheTextBack) {
  std::string text = "plain text of more than sixteen bytes ";
  for (char32_t c = 0; c < 0x3000; ++c) text += utf8(c);
  simdjson::dom::parser parser;
  EXPECT_EQ(std::string_view(parser.parse(page(text))), text);
  EXPECT_EQ(std::string_view(parser.parse(line(text))), text);
}

TEST(JsonText, AppendsBehindWhatIsThere) {
  std::string out = "[";
  append_json_string(out, "", JsonEscapes::page);
  append_json_string(out, "a", JsonEscapes::line);
  EXPECT_EQ(out, "[\"\"\"a\"");
}

TEST(JsonText, ALineIsCutBetweenCharacters) {
  const std::string_view text = "a\"\x01\xe2\x82\xac\xf0\x9f\x98\x80\xff z";
  const std::string_view whole = "a\\\"\\u0001\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd z";
  const std::pair<std::size_t, std::size_t> places[] = {{0, 0},   {1, 1},   {2, 3},   {3, 9},  {6, 12},
                                                        {10, 16}, {11, 19}, {12, 20}, {13, 21}};  // read, written
  for (std::size_t room = 0; room <= whole.size(); ++room) {
    std::array<char, 32> out{};
    out.fill('?');
    const EscapedJson done = escape_json_line(text, std::span{out}.first(room));
    EXPECT_EQ(std::string_view(out.data(), done.written), whole.substr(0, done.written));
    const auto* const expected =
        std::find_if(std::rbegin(places), std::rend(places), [&](const auto& p) { return p.second <= room; }).base() -
        1;
    EXPECT_EQ(done.read, expected->first) << room;
    EXPECT_EQ(done.written, expected->second) << room;
    EXPECT_TRUE(
        std::all_of(out.begin() + static_cast<std::ptrdiff_t>(room), out.end(), [](char c) { return c == '?'; }));
  }
}

}  // namespace
}  // namespace sallyport::base
