// Reading JSON into structs: every rule of strictness, each error with its place.
#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "schema/schema_test_types.hpp"

namespace sallyport::schema_test {
namespace {

struct NewNote {
  Text<1, 200> title;
  Text<0, 10'000> body;
};
struct One {
  double value;
};
struct Whole {
  std::int64_t value;
};
struct Words {
  std::vector<Text<0, 10>> words;
};
struct Outer {
  NewNote note;
  List<NewNote, 2> more;
};
struct Names {
  Maybe<bool> a_name;
};
struct Credentials {
  Email email;
  Password password;
};
struct Registration {
  NewPassword password;
};
struct Nothing {};
// A type of a service's own.
class Colour {
 public:
  static Parsed<Colour> parse(std::string_view text) {
    if (text != "red" && text != "blue") return InputError::not_allowed;
    return Colour(text == "red");
  }
  bool red() const { return red_; }

 private:
  explicit Colour(bool red) : red_(red) {}
  bool red_;
};
struct Paint {
  Colour colour;
  Maybe<Colour> second;
};

constexpr std::string_view everything = R"({
  "title":"a < b", "subtitle":null, "email":"Ann@Example.com", "tag":"AAECAwQFBgcICQoLDA0ODw", "count":-5, "tiny":-128,
  "wide":9223372036854775807, "share":0.5, "any":-1.5e300, "on":true, "role":"owner",
  "tags":[{"label":"x","weight":9},{"label":"y"}],
  "flags":[true,false], "numbers":[], "best":{"label":"z","weight":null}})";

TEST(JsonReader, ReadsEveryKind) {
  detail::FieldErrors errors;
  const auto value = from_json<Everything>(everything, errors);
  ASSERT_TRUE(value) << show(errors);
  EXPECT_EQ(value->title, "a < b");
  EXPECT_FALSE(value->subtitle);
  EXPECT_EQ(value->email.view(), "Ann@example.com");
  EXPECT_EQ(value->count.value(), -5);
  EXPECT_EQ(value->tiny, -128);
  EXPECT_EQ(value->wide, 9223372036854775807u);
  EXPECT_EQ(value->any, -1.5e300);
  EXPECT_EQ(value->role, Role::owner);
  EXPECT_FALSE(value->other_role);
  ASSERT_EQ(value->tags.size(), 2u);
  EXPECT_EQ(value->tags[0].weight->value(), 9);
  EXPECT_FALSE(value->tags[1].weight);
  EXPECT_EQ(value->flags, (std::vector<bool>{true, false}));
  EXPECT_EQ(value->best->label, "z");
}

TEST(JsonReader, ReadsWithoutRoomBehindTheDocument) {
  constexpr std::string_view json = R"({"title":"a","body":"b"})";
  const std::vector<char> exact(json.begin(), json.end());
  detail::FieldErrors errors;
  EXPECT_TRUE(detail::read_json<NewNote>(exact.data(), exact.size(), exact.size(), errors)) << show(errors);
}

// Behind the document begins a page that nobody may read.
TEST(JsonReader, ReadsNothingBehindTheDocument) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const pages = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  char* const end = static_cast<char*>(pages) + page;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  for (
      const std::string_view json :
      {R"({"title":"of more than 64 bytes, so that it ends behind the first block of the parser","body":"b"})",
       R"({"title":"a","body":"of more than the 64 bytes that a block of the parser has, so that it ends in the second"})"}) {
    char* const bytes = end - json.size();
    std::copy(json.begin(), json.end(), bytes);
    detail::FieldErrors errors;
    EXPECT_TRUE(detail::read_json<NewNote>(bytes, json.size(), json.size(), errors)) << show(errors);
  }
  munmap(pages, 2 * page);
}

TEST(JsonReader, RefusesMoreThan64MebibytesUnread) {
  constexpr std::size_t length = (std::size_t{64} << 20) + 1;
  constexpr std::size_t capacity = length + 64;
  const auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
  detail::FieldErrors errors;
  EXPECT_FALSE(detail::read_json<One>(bytes.get(), length, capacity, errors));
  EXPECT_EQ(show(errors), " too_long");
}

TEST(JsonReader, ReportsEveryErrorAtOnce) {
  EXPECT_EQ(
      errors_in<Everything>(R"({
    "title":"", "subtitle":"01234567890", "email":"nobody", "tag":"x", "count":501, "tiny":128, "wide":-1,
    "share":1001, "any":"1", "on":1, "role":"root", "tags":[{"label":""},{"weight":10,"colour":1}], "flags":[1],
    "numbers":{}, "admin":true})"),
      "/title too_short | /subtitle too_long | /email format | /tag format | /count too_large | /tiny too_large | "
      "/wide too_small | /share too_large | /any type | /on type | /role not_allowed | /tags/0/label too_short | "
      "/tags/1/weight too_large | /tags/1/colour unknown | /tags/1/label missing | /flags/0 type | /numbers type | "
      "/admin unknown");
  EXPECT_EQ(errors_in<NewNote>("{}"), "/title missing | /body missing");
}

TEST(JsonReader, RefusesMassAssignmentAndOperators) {
  EXPECT_EQ(errors_in<Credentials>(R"({"email":"a@b.de","password":{"$ne":""}})"), "/password type");
  EXPECT_EQ(errors_in<NewNote>(R"({"title":"a","body":"","__proto__":{"admin":true}})"), "/__proto__ unknown");
  EXPECT_EQ(errors_in<NewNote>(R"({"Title":"a","body":""})"), "/Title unknown | /title missing");
}

TEST(JsonReader, PassesOverWhatIsNotNamedWhereItIsTold) {
  const auto read = [](std::string_view json) -> std::string {
    detail::FieldErrors errors;
    detail::Schema<Outer>::Slot slot{};
    const bool good = detail::read_json(json.data(), json.size(), json.size(), detail::Schema<Outer>::info, &slot,
                                        errors, detail::UnknownMembers::are_passed_over);
    return good ? std::string(slot.take().note.title.view()) : show(errors);
  };
  const std::string long_name(200, 'n');
  EXPECT_EQ(read(R"({"note":{"title":"a","body":"b","html_url":"x"},"more":[],"a":{"title":[1,2,{"b":null}]},"big":)" +
                 std::string(60, '9') + ".5,\"" + long_name + R"(":1,"a":2})"),
            "a");
  EXPECT_EQ(read(R"({"note":{"title":"a","body":"b","title":"c"},"more":[]})"), "/note/title repeated");
  EXPECT_EQ(read(R"({"note":{"Title":"a","body":"b"},"more":[]})"), "/note/title missing");
  EXPECT_EQ(read(R"({"note":{"title":"a","body":"b"},"more":[1]})"), "/more/0 type");
  std::string many = R"({"note":{"title":"a","body":"b"},"more":[])";
  for (int i = 0; i < 999; ++i) many += ",\"m" + std::to_string(i) + "\":1";
  EXPECT_EQ(read(many + "}"), " too_many");
}

TEST(JsonReader, RefusesRepeatedNames) {
  EXPECT_EQ(errors_in<NewNote>(R"({"title":"a","body":"b","title":"c"})"), "/title repeated");
  EXPECT_EQ(errors_in<NewNote>(R"({"title":"a","body":"b","t\u0069tle":"c"})"), "/title repeated");
  EXPECT_EQ(
      errors_in<Outer>(R"({"note":{"title":"a","body":"b","body":"b"},"more":[{"title":"a","title":"a","body":""}]})"),
      "/note/body repeated | /more/0/title repeated");
}

TEST(JsonReader, ConvertsNothing) {
  for (const std::string_view json :
       {R"({"value":"1"})", R"({"value":true})", R"({"value":null})", R"({"value":[1]})", R"({"value":{}})"}) {
    EXPECT_EQ(errors_in<Whole>(json), "/value type") << json;
    EXPECT_EQ(errors_in<One>(json), "/value type") << json;
  }
  EXPECT_EQ(errors_in<Whole>(R"({"value":1.0})"), "/value type");
  EXPECT_EQ(errors_in<Whole>(R"({"value":1e2})"), "/value type");
  EXPECT_EQ(errors_in<NewNote>(R"({"title":1,"body":null})"), "/title type | /body type");
  EXPECT_EQ(errors_in<Names>(R"({"a_name":"true"})"), "/a_name type");
}

TEST(JsonReader, RoundsNoWholeNumber) {
  EXPECT_EQ(errors_in<One>(R"({"value":9007199254740992})"), "ok");
  EXPECT_EQ(errors_in<One>(R"({"value":9007199254740993})"), "/value too_large");
  EXPECT_EQ(errors_in<One>(R"({"value":-9007199254740992})"), "ok");
  EXPECT_EQ(errors_in<One>(R"({"value":-9007199254740993})"), "/value too_small");
  EXPECT_EQ(errors_in<One>(R"({"value":18446744073709551615})"), "/value too_large");
  EXPECT_EQ(errors_in<Whole>(R"({"value":9223372036854775807})"), "ok");
  EXPECT_EQ(errors_in<Whole>(R"({"value":9223372036854775808})"), "/value too_large");
  EXPECT_EQ(errors_in<Whole>(R"({"value":-9223372036854775808})"), "ok");
  EXPECT_EQ(errors_in<Whole>(R"({"value":18446744073709551616})"), " malformed");
  EXPECT_EQ(errors_in<One>(R"({"value":1e999})"), " malformed");
  EXPECT_EQ(errors_in<One>(R"({"value":NaN})"), " malformed");
}

TEST(JsonReader, RefusesNumbersOfMoreThan32Characters) {
  EXPECT_EQ(errors_in<One>(R"({"value":0.)" + std::string(30, '1') + "}"), "ok");
  EXPECT_EQ(errors_in<One>(R"({"value":0.)" + std::string(31, '1') + "}"), " too_long");
  EXPECT_EQ(errors_in<Words>(R"({"words":["\"","1","0"]})"), "ok");
  struct Both {
    Text<0, 99> text;
    int number;
  };
  EXPECT_EQ(errors_in<Both>(R"({"text":"\\\"0123456789012345678901234567890123456789","number":1})"), "ok");

  // Every character of a number counts, whichever it is; what stands in texts does not, wherever they end.
  const std::string digits(40, '0');
  const auto number = [&](std::string_view begin, std::size_t size) {
    return std::string(begin) + digits.substr(0, size - begin.size());
  };
  for (const std::string_view begin : {"0.", "-0.", "1e+", "1E-", "1e", "9.9E+", "8.0e-"}) {
    EXPECT_EQ(errors_in<One>(R"({"value":)" + number(begin, 32) + "}"), "ok") << begin;
    EXPECT_EQ(errors_in<One>(R"({"value":)" + number(begin, 33) + "}"), " too_long") << begin;
    EXPECT_EQ(errors_in<One>(R"({"value": )" + number(begin, 33) + " }"), " too_long") << begin;
  }
  EXPECT_EQ(errors_in<std::vector<double>>("[" + number("1.", 32) + "," + number("-1.", 32) + "]"), "ok");
  EXPECT_EQ(errors_in<std::vector<double>>("[1," + number("1.", 33) + "]"), " too_long");
  struct TextAndReal {
    Text<0, 99> text;
    double number;
  };
  for (const std::string_view text : {R"()", R"(\\)", R"(\")", R"(a\\\"b)", R"(-)", R"(\u0022)"}) {
    const auto with = [&](std::size_t size) {
      return R"({"text":")" + std::string(text) + R"(","number":)" + number("0.", size) + "}";
    };
    EXPECT_EQ(errors_in<TextAndReal>(with(32)), "ok") << text;
    EXPECT_EQ(errors_in<TextAndReal>(with(33)), " too_long") << text;
  }
}

TEST(JsonReader, RefusesALongNumberBehindANull) {
  struct NullAndReal {
    Maybe<bool> nothing;
    double number;
  };
  const std::string number = "0." + std::string(31, '1');
  EXPECT_EQ(errors_in<NullAndReal>(R"({"nothing":null,"number":)" + number + "}"), " too_long");
  EXPECT_EQ(errors_in<NullAndReal>(R"({"nothing":null,"number":)" + number.substr(0, 32) + "}"), "ok");
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const std::string_view json : {"",
                                      " ",
                                      "{",
                                      "}",
                                      "{]",
                                      "[",
                                      "nul",
                                      "{\"title\":\"a\",\"body\":\"b\",}",
                                      "{'title':'a'}",
                                      "{title:\"a\"}",
                                      "{\"title\":\"a\"\"body\":\"b\"}",
                                      "{\"title\":\"a\",\"body\":\"b\"} x",
                                      "{\"title\":\"a\",\"body\":\"b\"}{}",
                                      "\xEF\xBB\xBF{\"title\":\"a\",\"body\":\"b\"}",
                                      "{\"title\":\"a\",\"body\":\"b\"}//",
                                      "{\"title\":\"\x01\"}",
                                      "{\"title\":\"a\tb\"}",
                                      "{\"title\":\"\xFF\"}",
                                      "{\"title\":\"\xED\xA0\x80\"}",
                                      "{\"title\":\"\\x41\"}"}) {
    EXPECT_EQ(errors_in<NewNote>(json), " malformed") << json;
  }
  EXPECT_EQ(errors_in<NewNote>(std::string_view("{\"title\":\"a\",\"body\":\"b\"}\0", 25)), " malformed");
  EXPECT_FALSE(detail::valid_json("\xEF\xBB\xBF{}"));
  EXPECT_TRUE(detail::valid_json(" {} "));
  EXPECT_EQ(errors_in<NewNote>("[]"), " type");
  EXPECT_EQ(errors_in<NewNote>("null"), " type");
  EXPECT_EQ(errors_in<NewNote>("\"title\""), " type");
}

TEST(JsonReader, RefusesLoneSurrogates) {
  for (const std::string_view escape :
       {R"(\ud800)", R"(\udc00)", R"(\ud800\ud800)", R"(\ud800x)", R"(\udc00\ud800)", R"(\udfff)"}) {
    const std::string text = R"({"title":")" + std::string(escape) + R"(","body":""})";
    EXPECT_NE(errors_in<NewNote>(text), "ok") << text;
    const std::string name = R"({"title":"a","body":"",")" + std::string(escape) + R"(":1})";
    EXPECT_NE(errors_in<NewNote>(name), "ok") << name;
    EXPECT_FALSE(detail::valid_json("[\"" + std::string(escape) + "\"]")) << escape;
    EXPECT_FALSE(detail::valid_json("{\"" + std::string(escape) + "\":1}")) << escape;
  }
  EXPECT_EQ(errors_in<NewNote>(R"({"title":"\ud83d\ude00","body":""})"), "ok");
}

TEST(JsonReader, RefusesNulAndControlsInTexts) {
  EXPECT_EQ(errors_in<NewNote>(R"({"title":"a\u0000b","body":"a\nb"})"), "/title not_allowed");
}

TEST(JsonReader, BoundsDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  EXPECT_TRUE(detail::valid_json(nested(32)));
  EXPECT_FALSE(detail::valid_json(nested(33)));
  EXPECT_TRUE(detail::valid_json(std::string(32, '[') + std::string(32, ']')));
  EXPECT_FALSE(detail::valid_json(std::string(33, '[') + std::string(33, ']')));
  const auto nested_objects = [](std::size_t depth) {
    std::string json;
    for (std::size_t i = 1; i < depth; ++i) json += R"({"a":)";
    return json + "{}" + std::string(depth - 1, '}');
  };
  EXPECT_TRUE(detail::valid_json(nested_objects(32)));
  EXPECT_FALSE(detail::valid_json(nested_objects(33)));
  EXPECT_FALSE(detail::valid_json(R"({"a":)" + std::string(32, '[') + std::string(32, ']') + "}"));
  EXPECT_EQ(errors_in<One>(R"({"value":)" + nested(32) + "}"), " too_deep");
  EXPECT_EQ(errors_in<One>(R"({"value":)" + nested(100'000) + "}"), " too_deep");
  EXPECT_EQ(errors_in<One>(std::string(200'000, '[')), " malformed");
}

TEST(JsonReader, BoundsMembersNamesAndValues) {
  std::string members = "{";
  for (int i = 0; i < 1001; ++i) members += "\"m" + std::to_string(i) + "\":1,";
  members.back() = '}';
  EXPECT_FALSE(detail::valid_json(members));
  EXPECT_TRUE(detail::valid_json(members.substr(0, members.rfind(',')) + "}"));
  EXPECT_NE(errors_in<Names>(members), "ok");

  const auto with_name = [](std::size_t length) { return "{\"" + std::string(length, 'n') + "\":1}"; };
  EXPECT_TRUE(detail::valid_json(with_name(128)));
  EXPECT_FALSE(detail::valid_json(with_name(129)));
  EXPECT_EQ(errors_in<Names>(with_name(128)), "/" + std::string(128, 'n') + " unknown");
  EXPECT_EQ(errors_in<Names>(with_name(129)), " too_long");

  const auto list_of = [](std::size_t count) {
    std::string json = "[";
    for (std::size_t i = 0; i < count; ++i) json += "0,";
    json.back() = ']';
    return json;
  };
  EXPECT_TRUE(detail::valid_json(list_of(9999)));
  EXPECT_FALSE(detail::valid_json(list_of(10'000)));
  struct Numbers {
    List<int, 20'000> numbers;
  };
  detail::FieldErrors errors;
  const auto most = from_json<Numbers>("{\"numbers\":" + list_of(9998) + "}", errors);
  ASSERT_TRUE(most) << show(errors);
  EXPECT_EQ(most->numbers.size(), 9998U);
  EXPECT_EQ(errors_in<Numbers>("{\"numbers\":" + list_of(9999) + "}"), " too_many");
}

TEST(JsonReader, BoundsLists) {
  EXPECT_EQ(
      errors_in<Outer>(R"({"note":{"title":"a","body":""},"more":[{"title":"a","body":""},{"title":"a","body":""}]})"),
      "ok");
  EXPECT_EQ(errors_in<Outer>(
                R"({"note":{"title":"a","body":""},"more":[{"title":"a","body":""},{"title":"a","body":""},3]})"),
            "/more too_many");
  std::string words = R"({"words":[)";
  for (std::size_t i = 0; i < default_list_max; ++i) words += "\"a\",";
  std::string one_more = words + "\"a\"]}";
  words.back() = ']';
  EXPECT_EQ(errors_in<Words>(words + "}"), "ok");
  EXPECT_EQ(errors_in<Words>(one_more), "/words too_many");
}

TEST(JsonReader, ListsAtMost32Errors) {
  std::string json = R"({"words":[)";
  for (int i = 0; i < 500; ++i) json += "1,";
  json.back() = ']';
  detail::FieldErrors errors;
  EXPECT_FALSE(from_json<Words>(json + "}", errors));
  EXPECT_EQ(errors.entries().size(), detail::FieldErrors::max);
  EXPECT_EQ(errors.entries().size(), 32u);
  EXPECT_TRUE(errors.truncated());
}

TEST(JsonReader, EscapesPointersAndNeverEchoesValues) {
  detail::FieldErrors errors;
  EXPECT_FALSE(from_json<NewNote>(R"({"title":"<script>\u0001","a/b~c\"<":"secret"})", errors));
  std::string out;
  errors.append_json(out);
  EXPECT_EQ(out, R"([{"pointer":"/title","code":"not_allowed"},{"pointer":"/a~1b~0c\"\u003c","code":"unknown"},)"
                 R"({"pointer":"/body","code":"missing"}])");
}

TEST(JsonReader, ReadsPasswords) {
  detail::FieldErrors errors;
  const auto value = from_json<Credentials>(R"({"email":"a@b.de","password":"p\u00e4ss"})", errors);
  ASSERT_TRUE(value) << show(errors);
  EXPECT_TRUE(value->password.expose<"the test compares them">([](auto bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == "p\u00e4ss";
  }));
  EXPECT_EQ(errors_in<Credentials>(R"({"email":"a@b.de","password":""})"), "/password too_short");
  EXPECT_EQ(errors_in<Credentials>(R"({"email":"a@b.de","password":")" + std::string(1025, 'x') + "\"}"),
            "/password too_long");
  EXPECT_EQ(errors_in<Registration>(R"({"password":"short"})"), "/password too_short");
  EXPECT_EQ(errors_in<Registration>(R"({"password":"passwordpassword"})"), "/password not_allowed");
  EXPECT_EQ(errors_in<Registration>(R"({"password":"violet otter reading maps"})"), "ok");
}

TEST(JsonReader, ReadsTypesOfTheServiceItself) {
  EXPECT_EQ(errors_in<Paint>(R"({"colour":"red","second":"blue"})"), "ok");
  EXPECT_EQ(errors_in<Paint>(R"({"colour":"green","second":"black"})"), "/colour not_allowed | /second not_allowed");
  EXPECT_EQ(errors_in<Paint>(R"({"colour":")" + std::string(5000, 'x') + "\"}"), "/colour too_long");
}

TEST(JsonReader, ReadsListsOnTopAndStructsWithoutFields) {
  EXPECT_EQ(errors_in<std::vector<NewNote>>(R"([{"title":"a","body":""},{"title":"","body":""}])"),
            "/1/title too_short");
  EXPECT_EQ(errors_in<Nothing>("{}"), "ok");
  EXPECT_EQ(errors_in<Nothing>(R"({"a":1})"), "/a unknown");
}

TEST(JsonReader, ReadsLargeDocumentsWithAParserOfTheirOwn) {
  struct Long {
    Text<0, 1'000'000> text;
  };
  EXPECT_EQ(errors_in<Long>(R"({"text":")" + std::string(900'000, 'x') + "\"}"), "ok");
  EXPECT_EQ(errors_in<Long>(R"({"text":"x"})"), "ok");
}

TEST(JsonReader, DescribesTypesForDocumentation) {
  const detail::TypeInfo& info = detail::Schema<Everything>::info;
  ASSERT_EQ(info.fields.size(), 16u);
  EXPECT_EQ(info.fields[0].name, "title");
  EXPECT_EQ(info.fields[0].type->max, 40);
  EXPECT_EQ(info.fields[2].type->format, "email");
  EXPECT_EQ(info.fields[10].type->choices.size(), 3u);
  EXPECT_EQ(info.fields[10].type->choices[2], "owner");
  EXPECT_FALSE(info.secret);
  EXPECT_TRUE(detail::Schema<Credentials>::info.secret);
}

}  // namespace
}  // namespace sallyport::schema_test
