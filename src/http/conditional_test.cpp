// Conditional requests: RFC 9110 13's order, its two comparisons, and the safe side of everything malformed.
#include "http/conditional.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace sallyport::http {
namespace {

using enum Verdict;

constexpr std::int64_t now = 1'767'225'600;     // Thu, 01 Jan 2026 00:00:00 GMT
constexpr std::int64_t modified = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::string_view at = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view after = "Sun, 06 Nov 1994 08:49:38 GMT";

constexpr Validators strong{"\"xyzzy\"", modified};
constexpr Validators weak{"W/\"xyzzy\"", modified};
constexpr Validators untagged{"", modified};
constexpr Validators nothing{"", {}, false};

constexpr KnownField sent(std::string_view value) { return {value, true, false}; }
constexpr KnownField sent_twice(std::string_view value) { return {value, true, true}; }

Verdict if_match(KnownField field, const Validators& current, Method method = Method::put) {
  return evaluate(method, {.if_match = field}, current, now);
}
Verdict if_none_match(KnownField field, const Validators& current, Method method = Method::get) {
  return evaluate(method, {.if_none_match = field}, current, now);
}
Verdict if_modified_since(KnownField field, const Validators& current, Method method = Method::get) {
  return evaluate(method, {.if_modified_since = field}, current, now);
}
Verdict if_unmodified_since(KnownField field, const Validators& current, Method method = Method::put) {
  return evaluate(method, {.if_unmodified_since = field}, current, now);
}

TEST(Conditional, NothingAskedProceeds) {
  EXPECT_EQ(evaluate(Method::get, {}, strong, now), proceed);
  EXPECT_EQ(evaluate(Method::put, {}, nothing, now), proceed);
}

// RFC 9110 8.8.3.2: the table of the two comparisons. If-Match is the strong one, If-None-Match the weak one.
TEST(Conditional, TheTwoComparisons) {
  struct Row {
    std::string_view one, other;
    bool strongly, weakly;
  };
  for (const Row& row : {Row{"W/\"1\"", "W/\"1\"", false, true}, Row{"W/\"1\"", "W/\"2\"", false, false},
                         Row{"W/\"1\"", "\"1\"", false, true}, Row{"\"1\"", "W/\"1\"", false, true},
                         Row{"\"1\"", "\"1\"", true, true}, Row{"\"1\"", "\"2\"", false, false}}) {
    const Validators current{row.other, {}};
    EXPECT_EQ(if_match(sent(row.one), current), row.strongly ? proceed : failed) << row.one << row.other;
    EXPECT_EQ(if_none_match(sent(row.one), current), row.weakly ? not_modified : proceed) << row.one << row.other;
    EXPECT_EQ(range_applies(sent(row.one), current, now), row.strongly) << row.one << row.other;
  }
}

TEST(Conditional, Lists) {
  for (const std::string_view list :
       {"\"xyzzy\"", "\"a\", \"xyzzy\"", "\"xyzzy\",\"a\"", "\"a\" ,\t\"b\", \"xyzzy\" , W/\"c\"", ",, \"xyzzy\",,",
        "\"a,b\", \"xyzzy\"", "\"\", \"xyzzy\"", "\"\x80\xff!#~\", \"xyzzy\""}) {
    EXPECT_EQ(if_match(sent(list), strong), proceed) << list;
    EXPECT_EQ(if_none_match(sent(list), strong), not_modified) << list;
  }
  for (const std::string_view list : {"", ",", "\"a\"", "\"XYZZY\"", "\"xyzz\"", "\"a,\", \",xyzzy\"", "\"*\""}) {
    EXPECT_EQ(if_match(sent(list), strong), failed) << list;
    EXPECT_EQ(if_none_match(sent(list), strong), proceed) << list;
    EXPECT_EQ(if_none_match(sent(list), strong, Method::put), proceed) << list;
  }
}

TEST(Conditional, MalformedListsAreAnsweredOnTheSafeSide) {
  for (const std::string_view list :
       {"xyzzy", "\"xyzzy", "xyzzy\"", "w/\"xyzzy\"", "W/ \"xyzzy\"", "W/xyzzy", "\"xyzzy\" \"a\"", "\"xyzzy\"a",
        "\"xyzzy\", a", "a, \"xyzzy\"", "*, \"xyzzy\"", "\"xyzzy\", *", "**", "\"xy zzy\", \"xyzzy\"",
        "\"a\x7f\", \"xyzzy\"", "\"xyzzy\"\"", "W/", "\"", "'xyzzy'"}) {
    EXPECT_EQ(if_match(sent(list), strong), failed) << list;
    EXPECT_EQ(if_none_match(sent(list), strong), proceed) << list;
    EXPECT_EQ(if_none_match(sent(list), strong, Method::put), failed) << list;
  }
  EXPECT_EQ(if_match(sent_twice("\"xyzzy\""), strong), failed);
  EXPECT_EQ(if_match(sent_twice("*"), strong), failed);
  EXPECT_EQ(if_none_match(sent_twice("\"xyzzy\""), strong), proceed);
  EXPECT_EQ(if_none_match(sent_twice("\"a\""), strong, Method::post), failed);
}

TEST(Conditional, AStarAsksWhetherAnythingIsThere) {
  EXPECT_EQ(if_match(sent("*"), untagged), proceed);
  EXPECT_EQ(if_match(sent("*"), nothing), failed);
  EXPECT_EQ(if_none_match(sent("*"), nothing, Method::put), proceed);
  EXPECT_EQ(if_none_match(sent("*"), untagged, Method::put), failed);
  EXPECT_EQ(if_none_match(sent("*"), untagged, Method::get), not_modified);
  EXPECT_EQ(if_none_match(sent("*"), untagged, Method::head), not_modified);
}

TEST(Conditional, WithoutATagOrWithABrokenOneNothingMatches) {
  EXPECT_EQ(if_match(sent("\"xyzzy\""), untagged), failed);
  EXPECT_EQ(if_none_match(sent("\"xyzzy\""), untagged), proceed);
  EXPECT_EQ(if_none_match(sent("\"\""), untagged), proceed);
  EXPECT_EQ(if_match(sent("\"xyzzy\""), {"xyzzy", {}}), failed);
  EXPECT_EQ(if_match(sent("\"xyzzy\""), {"\"xyzzy\" ", {}}), failed);
}

TEST(Conditional, Dates) {
  EXPECT_EQ(if_modified_since(sent(at), strong), not_modified);
  EXPECT_EQ(if_modified_since(sent(after), strong, Method::head), not_modified);
  EXPECT_EQ(if_modified_since(sent(before), strong), proceed);
  EXPECT_EQ(if_modified_since(sent(after), strong, Method::post), proceed);
  EXPECT_EQ(if_modified_since(sent(after), {"\"xyzzy\"", {}}), proceed);
  EXPECT_EQ(if_modified_since(sent("Sunday, 06-Nov-94 08:49:37 GMT"), strong), not_modified);

  EXPECT_EQ(if_unmodified_since(sent(at), strong), proceed);
  EXPECT_EQ(if_unmodified_since(sent(after), strong), proceed);
  EXPECT_EQ(if_unmodified_since(sent(before), strong), failed);
  EXPECT_EQ(if_unmodified_since(sent(before), strong, Method::get), failed);
  EXPECT_EQ(if_unmodified_since(sent(before), {"\"xyzzy\"", {}}), proceed);

  for (const auto& field : {sent("yesterday"), sent(""), sent_twice(after), sent_twice(before)}) {
    EXPECT_EQ(if_modified_since(field, strong), proceed);
    EXPECT_EQ(if_unmodified_since(field, strong), proceed);
  }
}

TEST(Conditional, TheOrderOf13_2_2) {
  const auto verdict = [](Method method, Preconditions conditions) {
    return evaluate(method, conditions, strong, now);
  };
  const auto mine = sent("\"xyzzy\""), other = sent("\"other\"");
  // If-Match makes If-Unmodified-Since count for nothing, whichever way it went; even a malformed one.
  EXPECT_EQ(verdict(Method::put, {.if_match = mine, .if_unmodified_since = sent(before)}), proceed);
  EXPECT_EQ(verdict(Method::put, {.if_match = other, .if_unmodified_since = sent(after)}), failed);
  // If-None-Match does the same to If-Modified-Since.
  EXPECT_EQ(verdict(Method::get, {.if_none_match = other, .if_modified_since = sent(after)}), proceed);
  EXPECT_EQ(verdict(Method::get, {.if_none_match = sent("broken"), .if_modified_since = sent(after)}), proceed);
  EXPECT_EQ(verdict(Method::get, {.if_none_match = mine, .if_modified_since = sent(before)}), not_modified);
  // Both pairs are asked, the first one first.
  EXPECT_EQ(verdict(Method::get, {.if_match = mine, .if_none_match = mine}), not_modified);
  EXPECT_EQ(verdict(Method::get, {.if_match = other, .if_none_match = mine}), failed);
  EXPECT_EQ(verdict(Method::put, {.if_match = mine, .if_none_match = mine}), failed);
  EXPECT_EQ(verdict(Method::get, {.if_modified_since = sent(after), .if_unmodified_since = sent(before)}), failed);
  EXPECT_EQ(verdict(Method::get, {.if_modified_since = sent(at), .if_unmodified_since = sent(at)}), not_modified);
}

TEST(Conditional, IfRange) {
  EXPECT_TRUE(range_applies({}, strong, now));
  EXPECT_TRUE(range_applies({}, untagged, now));
  EXPECT_TRUE(range_applies(sent("\"xyzzy\""), strong, now));
  EXPECT_FALSE(range_applies(sent("\"xyzzy\""), weak, now));
  EXPECT_FALSE(range_applies(sent_twice("\"xyzzy\""), strong, now));
  for (const std::string_view text : {"", "*", "xyzzy", "\"xyzzy\", \"xyzzy\"", "\"xyzzy\",", " \"xyzzy\"", "W/"}) {
    EXPECT_FALSE(range_applies(sent(text), strong, now)) << text;
  }
  EXPECT_FALSE(range_applies(sent(at), strong, now)) << "a file that was replaced may have the same date";
  EXPECT_FALSE(range_applies(sent(at), weak, now));
  EXPECT_TRUE(range_applies(sent(at), untagged, now));
  EXPECT_FALSE(range_applies(sent(before), untagged, now));
  EXPECT_FALSE(range_applies(sent(after), untagged, now)) << "not earlier or equal: equal (13.1.5)";
  EXPECT_FALSE(range_applies(sent(at), {"", {}}, now));
  EXPECT_FALSE(range_applies(sent(at), untagged, modified)) << "that second is not over";
  EXPECT_TRUE(range_applies(sent(at), untagged, modified + 1));
}

// RFC 9110 5.3: a list in several lines is the list of all of them.
TEST(Conditional, ReadsAListInSeveralLinesAsOne) {
  const auto verdict = [](Method method, std::string_view name, std::initializer_list<std::string_view> lines) {
    std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (const std::string_view line : lines) bytes.append(name).append(": ").append(line).append("\r\n");
    bytes += "\r\n";
    RequestHead head;
    EXPECT_EQ(parse_request_head(bytes, head, {}).state, ParseResult::State::complete);
    return evaluate(method, preconditions_of(head), strong, now);
  };
  EXPECT_EQ(verdict(Method::put, "If-Match", {"\"a\"", "\"b\", \"xyzzy\""}), proceed);
  EXPECT_EQ(verdict(Method::put, "If-Match", {"\"a\"", "\"b\""}), failed);
  EXPECT_EQ(verdict(Method::put, "If-Match", {"\"xyzzy\"", "*"}), failed) << "a star stands alone";
  EXPECT_EQ(verdict(Method::put, "If-Match", {"\"xyzzy\"", "b"}), failed) << "malformed";
  EXPECT_EQ(verdict(Method::get, "If-None-Match", {"\"a\"", "W/\"xyzzy\""}), not_modified);
  EXPECT_EQ(verdict(Method::get, "If-None-Match", {"\"a\"", "\"b\""}), proceed);
  EXPECT_EQ(verdict(Method::put, "If-None-Match", {"\"a\"", "\"xyzzy\""}), failed);
}

TEST(Conditional, ReadsTheFieldsOfARequest) {
  constexpr std::string_view bytes =
      "GET / HTTP/1.1\r\nHost: a\r\nIf-Match: \"1\"\r\nIf-None-Match: \"2\"\r\nIf-None-Match: \"3\"\r\n"
      "If-Modified-Since: 4\r\nIf-Unmodified-Since: 5\r\n\r\n";
  RequestHead head;
  ASSERT_EQ(parse_request_head(bytes, head, {}).state, ParseResult::State::complete);
  const Preconditions conditions = preconditions_of(head);
  EXPECT_EQ(conditions.if_match.value, "\"1\"");
  EXPECT_TRUE(conditions.if_none_match.repeated);
  EXPECT_EQ(conditions.if_modified_since.value, "4");
  EXPECT_EQ(conditions.if_unmodified_since.value, "5");
}

}  // namespace
}  // namespace sallyport::http
