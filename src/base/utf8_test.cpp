// Code points out of bytes: every start of a sequence, judged by the grammar of RFC 3629 written out as a table.
#include "base/utf8.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sallyport::base {
namespace {

// RFC 3629, 4: UTF8-2, UTF8-3 and UTF8-4, the last bytes of which are 80 to BF.
struct Row {
  int lead_from, lead_to, second_from, second_to;
  std::size_t length;
};
constexpr std::array rows{
    Row{0xC2, 0xDF, 0x80, 0xBF, 2}, Row{0xE0, 0xE0, 0xA0, 0xBF, 3}, Row{0xE1, 0xEC, 0x80, 0xBF, 3},
    Row{0xED, 0xED, 0x80, 0x9F, 3}, Row{0xEE, 0xEF, 0x80, 0xBF, 3}, Row{0xF0, 0xF0, 0x90, 0xBF, 4},
    Row{0xF1, 0xF3, 0x80, 0xBF, 4}, Row{0xF4, 0xF4, 0x80, 0x8F, 4},
};
const Row* row_of(int lead) {
  for (const Row& row : rows) {
    if (lead >= row.lead_from && lead <= row.lead_to) return &row;
  }
  return nullptr;
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text.push_back(static_cast<char>(value));
  return text;
}

void expect(std::string_view text, char32_t value, std::size_t length, bool valid) {
  const CodePoint point = first_code_point(text);
  EXPECT_EQ(point.value, value) << ::testing::PrintToString(text);
  EXPECT_EQ(point.length, length) << ::testing::PrintToString(text);
  EXPECT_EQ(point.valid, valid) << ::testing::PrintToString(text);
  EXPECT_EQ(valid_utf8(text), valid && text.size() == length) << ::testing::PrintToString(text);
}

TEST(Utf8, EveryLeadAndSecondByte) {
  for (int lead = 0; lead < 256; ++lead) {
    const Row* const row = row_of(lead);
    for (int second = 0; second < 256; ++second) {
      const bool good = row && second >= row->second_from && second <= row->second_to;
      const std::string text = bytes({lead, second, 0x80, 0xBF});
      if (lead < 0x80) {
        EXPECT_EQ(first_code_point(text).value, static_cast<char32_t>(lead));
        EXPECT_EQ(first_code_point(text).length, 1U);
      } else if (!good) {
        expect(text, 0xFFFD, 1, false);
      } else {
        const auto a = static_cast<char32_t>(lead);
        const auto b = static_cast<char32_t>(second);
        const char32_t value = row->length == 2   ? (a - 0xC0) * 64 + b - 0x80
                               : row->length == 3 ? (a - 0xE0) * 4096 + (b - 0x80) * 64
                                                  : (a - 0xF0) * 262'144 + (b - 0x80) * 4096 + 0x3F;
        expect(std::string_view(text).substr(0, row->length), value, row->length, true);
      }
    }
  }
}

// What is cut off, or goes on with something else, is as long as its well-formed start.
TEST(Utf8, SequencesThatBreakOff) {
  for (const int wrong : {0x00, 0x7F, 0xC0, 0xFF}) {
    expect(bytes({0xC2, wrong}), 0xFFFD, 1, false);
    expect(bytes({0xE2, 0x82, wrong}), 0xFFFD, 2, false);
    expect(bytes({0xF0, 0x9F, wrong, 0x80}), 0xFFFD, 2, false);
    expect(bytes({0xF0, 0x9F, 0x98, wrong}), 0xFFFD, 3, false);
  }
  expect(bytes({0xC2}), 0xFFFD, 1, false);
  expect(bytes({0xE2, 0x82}), 0xFFFD, 2, false);
  expect(bytes({0xF0, 0x9F, 0x98}), 0xFFFD, 3, false);
}

TEST(Utf8, AWrongByteAnywhereInALongText) {
  EXPECT_TRUE(valid_utf8(""));
  for (std::size_t length = 1; length < 70; ++length) {
    std::string text(length, 'x');
    EXPECT_TRUE(valid_utf8(text));
    for (std::size_t at = 0; at < length; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(valid_utf8(text)) << at << " of " << length;
      text[at] = 'x';
    }
  }
  EXPECT_FALSE(valid_utf8("\xC3\xBC\x80")) << "behind a sequence that is right";
  EXPECT_TRUE(valid_utf8("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\xED\x9F\xBF"));
}

}  // namespace
}  // namespace sallyport::base
