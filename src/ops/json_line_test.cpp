// Log lines: one line each, valid JSON, whatever the strings contain (log forging: CVE-2026-5078, -15603, -87859).
#include "ops/json_line.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

namespace sallyport::ops {
namespace {

constexpr std::string_view now = "2026-01-01T00:00:00.000Z";

std::string escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out.substr(1, out.size() - 2);
}

TEST(EscapeJson, LeavesPlainTextAndUtf8Alone) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped("plain ASCII ~ text of more than eight bytes"), "plain ASCII ~ text of more than eight bytes");
  EXPECT_EQ(escaped("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST(EscapeJson, EscapesEveryByteThatCouldEndAStringOrALineAtEveryPlaceOfABlock) {
  for (unsigned byte = 0; byte < 0x80; ++byte) {
    const char c = static_cast<char>(byte);
    const bool plain = byte >= 0x20 && byte != 0x7f && c != '"' && c != '\\';
    for (const std::size_t size : {1U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 32U, 41U}) {
      for (std::size_t place = 0; place < size; ++place) {
        std::string text(size, 'a');
        text[place] = c;
        const std::string out = escaped(text);
        const std::size_t after = size - place - 1;
        ASSERT_EQ(out == text, plain) << byte << " at " << place;
        ASSERT_EQ(out.substr(0, place), std::string(place, 'a'));
        ASSERT_EQ(out.substr(out.size() - after), std::string(after, 'a'));
        ASSERT_TRUE(std::all_of(out.begin(), out.end(), [](char o) { return o >= 0x20 && o != 0x7f; })) << byte;
      }
    }
  }
  EXPECT_EQ(escaped("\"\\\n\r\t"), "\\\"\\\\\\n\\r\\t");
  EXPECT_EQ(escaped(std::string_view{"\0\x1b\x7f", 3}), "\\u0000\\u001b\\u007f");
}

TEST(EscapeJson, EscapesControlsBeyondAscii) {
  EXPECT_EQ(escaped("\xc2\x80\xc2\x85\xc2\x9b\xc2\x9f\xc2\xa0"), "\\u0080\\u0085\\u009b\\u009f\xc2\xa0");
  EXPECT_EQ(escaped("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9"), "\xe2\x80\xa7\\u2028\\u2029");
  EXPECT_EQ(escaped("\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"), "\\u202e\\u2066\\u2069");
}

TEST(EscapeJson, ReplacesWhatIsNotUtf8) {
  for (const std::string_view bad :
       {"\x80", "\xbf", "\xc0\xaf", "\xc1\x81", "\xc2", "\xe0\x80\x80", "\xed\xa0\x80", "\xef\xbf", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xf0\x9f\x98"}) {
    std::string expected;
    for (std::size_t i = 0; i < bad.size(); ++i) expected += "\\ufffd";
    EXPECT_EQ(escaped(bad), expected);
    EXPECT_EQ(escaped(std::string{bad} + "\nx"), expected + "\\nx") << "the byte after a cut sequence was swallowed";
  }
}

TEST(EscapeJson, NeverWritesHalfACharacter) {
  for (std::size_t room = 0; room < 12; ++room) {
    std::array<char, 12> out{};
    const EscapedJson done = escape_json("a\"\x01\xe2\x82\xac", std::span{out}.first(room));
    const std::string_view written{out.data(), done.written};
    EXPECT_LE(done.written, room);
    const std::string_view whole = "a\\\"\\u0001\xe2\x82\xac";
    EXPECT_TRUE(whole.starts_with(written));
    EXPECT_TRUE(done.written == 0 || done.written == 1 || done.written == 3 || done.written == 9 || done.written == 12);
  }
}

TEST(JsonLine, HasTheMembersInOrder) {
  JsonLine line{now, Severity::warning, "authz_fail", ",\"app\":\"notes\""};
  line.text("route", "/api/notes/:id").number("status", 404).number("delta", -7).flag("signed_in", true);
  line.number("largest", std::numeric_limits<std::uint64_t>::max())
      .number("least", std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(
      line.finish(),
      "{\"ts\":\"2026-01-01T00:00:00.000Z\",\"sev\":\"warning\",\"event\":\"authz_fail\",\"app\":\"notes\","
      "\"route\":\"/api/notes/:id\",\"status\":404,\"delta\":-7,\"signed_in\":true,\"largest\":18446744073709551615,"
      "\"least\":-9223372036854775808}\n");
  EXPECT_EQ(line.severity(), Severity::warning);
}

TEST(JsonLine, AForgedLineStaysInsideItsString) {
  JsonLine line{now, Severity::info, "http_access"};
  line.text("user_agent", "x\"}\n{\"ts\":\"1970\",\"event\":\"authn_login_success\",\"user\":\"admin\"}\n");
  const std::string_view text = line.finish();
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  simdjson::dom::parser parser;
  const simdjson::dom::object object = parser.parse(text.data(), text.size());
  EXPECT_EQ(object.size(), 4U);
  EXPECT_EQ(std::string_view{object["event"]}, "http_access");
}

TEST(JsonLine, CutsLongValuesAndSaysSo) {
  JsonLine line{now, Severity::info, "http_access"};
  line.text("reason", std::string(513, 'a')).text("outcome", std::string(512, 'b'));
  simdjson::dom::parser parser;
  const std::string_view text = line.finish();
  const simdjson::dom::object object = parser.parse(text.data(), text.size());
  EXPECT_EQ(std::string_view{object["reason"]}, std::string(512, 'a') + "\xe2\x80\xa6");
  EXPECT_EQ(std::string_view{object["outcome"]}, std::string(512, 'b'));
  EXPECT_TRUE(bool{object["truncated"]});
}

TEST(JsonLine, IsValidAtEveryWayOfBeingFull) {
  simdjson::dom::parser parser;
  for (std::size_t size = 0; size < 520; ++size) {
    JsonLine line{now, Severity::error, "http_error"};
    for (int i = 0; i < 3; ++i) line.text("filler", std::string(500, 'x'));
    line.text("reason", std::string(size, '\x01')).text("user_agent", std::string(size, 'z'));
    line.number("status", 500).flag("last", false);
    const std::string_view text = line.finish();
    ASSERT_LE(text.size(), JsonLine::max_line);
    ASSERT_EQ(text.find('\n'), text.size() - 1);
    simdjson::dom::element root;
    ASSERT_EQ(parser.parse(text.data(), text.size()).get(root), simdjson::SUCCESS) << text;
  }
}

TEST(JsonLine, NothingIsAddedAfterItsEnd) {
  JsonLine line{now, Severity::info, "http_access"};
  const std::string first{line.finish()};
  line.text("reason", "late").number("status", 1);
  EXPECT_EQ(line.finish(), first);
}

}  // namespace
}  // namespace sallyport::ops
