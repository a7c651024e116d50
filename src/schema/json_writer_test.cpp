// Writing JSON: views, escapes and numbers.
#include <sallyport/json.hpp>

#include <limits>

#include <gtest/gtest.h>

#include "schema/schema_test_types.hpp"

namespace sallyport::schema_test {
namespace {

struct Note {
  Id<Note> id;
  std::string title;
  std::string owner;
  std::optional<int> stars;
};
struct Page {
  std::vector<Note> notes;
  std::string next;
  unsigned total;
};
struct Numbers {
  double real;
  std::int64_t least;
  std::uint64_t greatest;
  bool flag;
  Role role;
};
struct Empty {
  int inner;
};

}  // namespace
}  // namespace sallyport::schema_test

namespace st = sallyport::schema_test;
template <>
struct sallyport::view<st::Note> {
  using show = fields<&st::Note::title, &st::Note::id, &st::Note::stars>;
  using hidden = fields<&st::Note::owner>;
};
template <>
struct sallyport::view<st::Page> {
  using show = fields<&st::Page::notes, &st::Page::next, &st::Page::total>;
};
template <>
struct sallyport::view<st::Numbers> {
  using show =
      fields<&st::Numbers::real, &st::Numbers::least, &st::Numbers::greatest, &st::Numbers::flag, &st::Numbers::role>;
};
template <>
struct sallyport::view<st::Empty> {
  using show = fields<>;
  using hidden = fields<&st::Empty::inner>;
};

namespace sallyport::schema_test {
namespace {

std::string text(std::string_view value) {
  std::string out;
  detail::append_json_text(out, value);
  return out;
}

TEST(JsonWriter, ShowsTheFieldsOfTheViewInItsOrder) {
  const Note note{*Id<Note>::parse("AAECAwQFBgcICQoLDA0ODw"), "T", "me", 5};
  EXPECT_EQ(json_of(note), R"({"title":"T","id":"AAECAwQFBgcICQoLDA0ODw","stars":5})");
  const Page page{{note, {Id<Note>(), "", "", std::nullopt}}, "n", 2};
  EXPECT_EQ(json_of(page), R"({"notes":[{"title":"T","id":"AAECAwQFBgcICQoLDA0ODw","stars":5},)"
                           R"({"title":"","id":"AAAAAAAAAAAAAAAAAAAAAA","stars":null}],"next":"n","total":2})");
  EXPECT_EQ(json_of(std::vector<Note>()), "[]");
  EXPECT_EQ(json_of(std::optional<Note>()), "null");
  EXPECT_EQ(json_of(Maybe<int>()), "null");
  EXPECT_EQ(json_of(Maybe<int>(5)), "5");
  EXPECT_EQ(json_of(Empty{1}), "{}");
}

TEST(JsonWriter, WritesNumbersThatReadBackEqual) {
  EXPECT_EQ(json_of(Numbers{0.1, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::uint64_t>::max(),
                            true, Role::owner}),
            R"({"real":0.1,"least":-9223372036854775808,"greatest":18446744073709551615,"flag":true,"role":"owner"})");
  EXPECT_EQ(json_of(std::vector<double>{1e300, -0.0, 1.5, std::numeric_limits<double>::infinity(),
                                        std::numeric_limits<double>::quiet_NaN()}),
            "[1e+300,-0.0,1.5,null,null]");
  EXPECT_EQ(json_of(std::vector<std::int8_t>{-128, 127}), "[-128,127]");
  // A row of digits would be an integer too large for our own reader and others.
  EXPECT_EQ(json_of(std::vector<double>{9007199254740991, 9007199254740992, -1e20, 747288569343750000000.0}),
            "[9007199254740991,9.007199254740992e+15,-1e+20,7.4728856934375e+20]");
}

TEST(JsonWriter, EscapesWhatHtmlAndScriptsCouldTakeForMarkup) {
  EXPECT_EQ(text("</script><!-- & \" \\ ' /"), R"("\u003c/script\u003e\u003c!-- \u0026 \" \\ ' /")");
  EXPECT_EQ(text("\u2028\u2029"), R"("\u2028\u2029")");
  EXPECT_EQ(text("\n\r\t\b\x01\x1F\x7F"), "\"\\n\\r\\t\\u0008\\u0001\\u001f\x7F\"");
  EXPECT_EQ(text(std::string_view("a\0b", 3)), R"("a\u0000b")");
  EXPECT_EQ(text("äöü€😀\u2027\u202A"), "\"äöü€😀\u2027\u202A\"");
}

TEST(JsonWriter, NamesEnumValues) {
  EXPECT_EQ(detail::enum_name(Role::admin), "admin");
  EXPECT_EQ(detail::enum_name(static_cast<Role>(3)), "");
  enum class Local : signed char { below = -1, zero, last = 62 };
  EXPECT_EQ(detail::enum_names<Local>.count, 3u);
  EXPECT_EQ(detail::enum_name(Local::below), "below");
  EXPECT_EQ(detail::enum_name(Local::last), "last");
}

}  // namespace
}  // namespace sallyport::schema_test
