// Log lines: one line each, valid JSON, whatever the strings contain (log forging: CVE-2026-5078, -15603, -87859).
#include "ops/json_line.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <limits>

namespace sallyport::ops {
namespace {

constexpr std::string_view now = "2026-01-01T00:00:00.000Z";

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

TEST(JsonLine, LeavesConstantMembersOutThatAreTooLong) {
  for (const std::size_t more : {0U, 1U}) {
    const std::string members = ",\"app\":\"" + std::string(JsonLine::max_value - 9 + more, 'a') + "\"";
    JsonLine line{now, Severity::info, "http_access", members};
    EXPECT_EQ(line.finish().find(members) != std::string_view::npos, more == 0);
  }
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
