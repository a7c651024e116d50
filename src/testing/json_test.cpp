// JSON values as tests read and compare them.
#include <sallyport/testing/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kit_json {

enum class Colour : std::uint8_t { red, green };
struct Part {
  std::string name;
  std::int64_t count;
};
struct Thing {
  std::string title;
  Colour colour;
  bool ready;
  double weight;
  std::optional<std::string> note;
  std::vector<Part> parts;
  sallyport::Line<1, 10> line;
  std::string owner;
};

}  // namespace kit_json

template <>
struct sallyport::view<kit_json::Thing> {
  using show =
      fields<&kit_json::Thing::title, &kit_json::Thing::colour, &kit_json::Thing::ready, &kit_json::Thing::weight,
             &kit_json::Thing::note, &kit_json::Thing::parts, &kit_json::Thing::line>;
  using hidden = fields<&kit_json::Thing::owner>;
};

namespace sallyport::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr const char* thing =
    R"({"title":"A \"lamp\"","colour":"green","ready":true,"weight":1.5,"parts":[{"name":"bulb","count":2}],"line":"x"})";

TEST(Json, IsReadByPointerAndComparedWithWhatIsExpected) {
  const Json json = Json::parse(R"({"a":{"b/c":[1,2.5,"x",true,null]},"m~n":-3})");
  EXPECT_EQ(json.at("/a/b~1c/0"), 1);
  EXPECT_EQ(json.at("/a/b~1c/1"), 2.5);
  EXPECT_EQ(json.at("/a/b~1c/2"), "x");
  EXPECT_EQ(json.at("/a/b~1c/2"), std::string("x"));
  EXPECT_EQ(json.at("/a/b~1c/3"), true);
  EXPECT_EQ(json.at("/a/b~1c/4"), nullptr);
  EXPECT_EQ(json.at("/m~0n"), -3);
  EXPECT_NE(json.at("/a/b~1c/3"), 1);
  EXPECT_NE(json.at("/a/b~1c/0"), "1");
  EXPECT_NE(json.at("/a/b~1c/2"), true);
  EXPECT_EQ(json.at("/a/b~1c").size(), 5u);
  EXPECT_FALSE(json.has("/a/b"));
  EXPECT_FALSE(json.has("/a/b~1c/5"));
  EXPECT_FALSE(json.has("/a/b~1c/-"));
}

TEST(Json, ObjectsAreEqualInAnyOrder) {
  EXPECT_EQ(Json::parse(R"({"a":1,"b":[{}]})"), Json::parse(R"({"b":[{}],"a":1})"));
  EXPECT_NE(Json::parse(R"({"a":1})"), Json::parse(R"({"a":1,"b":2})"));
  EXPECT_NE(Json::parse("[1,2]"), Json::parse("[2,1]"));
}

TEST(Json, IsReadIntoAStruct) {
  const auto read = Json::parse(thing).as<kit_json::Thing>();
  EXPECT_EQ(read.title, "A \"lamp\"");
  EXPECT_EQ(read.colour, kit_json::Colour::green);
  EXPECT_TRUE(read.ready);
  EXPECT_EQ(read.weight, 1.5);
  EXPECT_FALSE(read.note);
  ASSERT_EQ(read.parts.size(), 1u);
  EXPECT_EQ(read.parts[0].count, 2);
  EXPECT_EQ(read.line.view(), "x");
  EXPECT_EQ(read.owner, "");
}

TEST(Json, SaysWhatIsNotThereAndWhatThereIsInstead) {
  EXPECT_THAT([] { return Json::parse(R"({"titel":"x"})").at("/title"); },
              ThrowsMessage<Failure>(AllOf(HasSubstr("/title"), HasSubstr(R"({"titel":"x"})"))));
  EXPECT_THAT([] { return Json::parse(R"({"titel":"x"})").at("titel"); },
              ThrowsMessage<Failure>(HasSubstr("a pointer begins with '/'")));
  EXPECT_THAT([] { return Json::parse(R"({"name":"x"})").as<kit_json::Part>(); },
              ThrowsMessage<Failure>(HasSubstr("no member 'count'")));
  EXPECT_THAT([] { return Json::parse(R"({"name":"x","count":"2"})").as<kit_json::Part>(); },
              ThrowsMessage<Failure>(HasSubstr("this text is no whole number: \"2\"")));
  EXPECT_THAT([] { return Json::parse("<html>"); }, ThrowsMessage<Failure>(HasSubstr("no JSON: <html>")));
  EXPECT_THAT([] { return Json::parse("300").as<std::uint8_t>(); }, ThrowsMessage<Failure>(HasSubstr("that fits")));
}

TEST(Json, IsWrittenOnOneLine) {
  EXPECT_EQ(Json::parse(" {\"a\" : [1, 2.5, \"\\u00e9\\n\"], \"b\":{}, \"c\":[]}").dump(),
            "{\"a\":[1,2.5,\"\u00e9\\n\"],\"b\":{},\"c\":[]}");
}

}  // namespace
}  // namespace sallyport::test
