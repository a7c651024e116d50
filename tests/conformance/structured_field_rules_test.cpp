// Structured fields: what the conformance vectors leave out: dates, display strings, limits, and what can't be written.
#include "testing/structured_field.hpp"

#include <gtest/gtest.h>

namespace sallyport::testing {
namespace {

std::string again(std::string_view text) {
  const auto list = parse_structured_list(text);
  return list ? serialize(*list).value_or("not written") : "refused";
}

TEST(StructuredField, RateLimitFields) {
  const auto list = parse_structured_list(R"("general";q=100;w=10, "login";q=5;w=900)");
  ASSERT_TRUE(list && list->size() == 2);
  const Item& login = std::get<Item>((*list)[1]);
  EXPECT_EQ(login.value, BareItem(std::string("login")));
  ASSERT_NE(find_structured(login.parameters, "w"), nullptr);
  EXPECT_EQ(*find_structured(login.parameters, "w"), BareItem(std::int64_t{900}));
  EXPECT_EQ(find_structured(login.parameters, "x"), nullptr);
  EXPECT_EQ(serialize(List{Item{std::string("general"), {{"r", std::int64_t{4}}, {"t", std::int64_t{1}}}}}),
            R"("general";r=4;t=1)");
}

// RFC 9651 3.3.7 and 3.3.8, with their examples.
TEST(StructuredField, DatesAndDisplayStrings) {
  EXPECT_EQ(again("@1659578233, @-62135596800, @0"), "@1659578233, @-62135596800, @0");
  for (const char* text : {"@", "@1.5", "@ 1", "@x", "@1659578233.0", "@1234567890123456"}) {
    EXPECT_EQ(again(text), "refused") << text;
  }
  const std::string_view text = R"(%"This is intended for display to %c3%bcsers.")";
  const auto item = parse_structured_item(text);
  ASSERT_TRUE(item);
  EXPECT_EQ(std::get<DisplayString>(item->value).utf8, "This is intended for display to \xc3\xbcsers.");
  EXPECT_EQ(serialize(*item), text);
  EXPECT_EQ(again("%\"%22%25%00%7f\""), "%\"%22%25%00%7f\"");
  EXPECT_EQ(again(R"(%"\")"), R"(%"\")") << "no escape here";
  for (const char* bad : {"%", "%x", "%\"", "%\"a", "%\"%C3%BC\"", "%\"%c3\"", "%\"%c\"", "%\"%\"", "%\"\xc3\xbc\"",
                          "%\"%ff\"", "%\"%ed%a0%80\"", "%\"%c0%80\"", "%\"\t\"", "%\"%fg\"", "%\"%"}) {
    EXPECT_EQ(again(bad), "refused") << bad;
  }
}

std::string repeated(std::size_t times, std::string_view one) {
  std::string text(one);
  for (std::size_t i = 1; i < times; ++i) text.append(", ").append(one);
  return text;
}

TEST(StructuredField, Limits) {
  EXPECT_EQ(again(repeated(1024, "a")), repeated(1024, "a"));
  EXPECT_EQ(again(repeated(1025, "a")), "refused");
  std::string keys;
  std::string parameters = "a";
  std::string inner = "(";
  for (int i = 0; i < 1024; ++i) keys += (i == 0 ? "k" : ", k") + std::to_string(i);
  for (int i = 0; i < 256; ++i) parameters += ";k" + std::to_string(i);
  for (int i = 0; i < 256; ++i) inner += i == 0 ? "1" : " 1";
  EXPECT_TRUE(parse_structured_dictionary(keys));
  EXPECT_TRUE(parse_structured_dictionary(keys + ", k0=2"));
  EXPECT_FALSE(parse_structured_dictionary(keys + ", more"));
  EXPECT_EQ(again(parameters), parameters);
  EXPECT_EQ(again(parameters + ";more"), "refused");
  EXPECT_EQ(again(inner + ")"), inner + ")");
  EXPECT_EQ(again(inner + " 1)"), "refused");
  const List many(1025, Item{true});
  EXPECT_EQ(serialize(many), std::nullopt);
  EXPECT_EQ(serialize(List{InnerList{std::vector<Item>(257, Item{true})}}), std::nullopt);
  EXPECT_EQ(again("((((((((((((((((1))))))))))))))))"), "refused") << "no inner list in another";
}

TEST(StructuredField, WhatHasNoTextIsNotWritten) {
  const auto written = [](BareItem value) { return serialize(Item{std::move(value)}); };
  EXPECT_EQ(written(std::string("a\xc3\xbc")), std::nullopt);
  EXPECT_EQ(written(Token{""}), std::nullopt);
  EXPECT_EQ(written(Token{"1a"}), std::nullopt);
  EXPECT_EQ(written(StructuredDate{1'000'000'000'000'000}), std::nullopt);
  EXPECT_EQ(written(Decimal{1'000'000'000'000'000}), std::nullopt);
  EXPECT_EQ(written(Decimal{INT64_MIN}), std::nullopt);
  EXPECT_EQ(written(DisplayString{"\xff"}), std::nullopt);
  EXPECT_EQ(written(Decimal{-500}), "-0.5");
  EXPECT_EQ(written(Decimal{100'000}), "100.0");
  EXPECT_EQ(written(ByteSequence{std::string("\0\xff", 2)}), ":AP8=:");
  EXPECT_EQ(serialize(Item{true, {{"", true}}}), std::nullopt);
  EXPECT_EQ(serialize(Item{true, {{"a", true}, {"b", true}, {"a", false}}}), std::nullopt) << "a key twice";
  EXPECT_EQ(serialize(Dictionary{{"a", Item{true}}, {"a", Item{true}}}), std::nullopt);
  EXPECT_EQ(serialize(Dictionary{{"A", Item{true}}}), std::nullopt);
  EXPECT_EQ(Decimal::nearest(1e300), std::nullopt);
  EXPECT_EQ(Decimal::nearest(-1 / 0.0), std::nullopt);
  EXPECT_EQ(serialize(List{}), "");
}

TEST(StructuredField, EveryTruncationIsRefusedOrStable) {
  const std::string text = R"(a;k="x\"y", (1 -2.50;q=?0);z, :AQID:, @5, %"%c3%bc", ?1, *t/x)";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string once = again(text.substr(0, size));
    if (once != "refused") {
      EXPECT_EQ(again(once), once) << text.substr(0, size);
    }
  }
  EXPECT_NE(again(text), "refused");
}

}  // namespace
}  // namespace sallyport::testing
