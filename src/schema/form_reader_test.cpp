// Reading forms, queries and path parameters.
#include <gtest/gtest.h>

#include <sallyport/extract.hpp>

#include "schema/schema_test_types.hpp"

namespace sallyport::schema_test {
namespace {

struct SignIn {
  Email email;
  Password password;
};

std::optional<FlatForm> read(std::string_view pairs) {
  detail::FieldErrors errors;
  auto value = detail::read_form<FlatForm>(pairs, errors);
  EXPECT_TRUE(value) << show(errors);
  return value;
}

TEST(FormReader, ReadsEveryKind) {
  const auto form = read("title=a+b%26%C3%A4&page=100&on=on&roles=admin&roles=member&email=a%40b.de&share=2.5e0");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->title, "a b&ä");
  EXPECT_EQ(form->page->value(), 100);
  EXPECT_TRUE(form->on);
  ASSERT_EQ(form->roles.size(), 2u);
  EXPECT_EQ(form->roles[0], Role::admin);
  EXPECT_EQ(form->email->view(), "a@b.de");
  EXPECT_EQ(form->share->value(), 2.5);
}

TEST(FormReader, PassesOverWhatIsNotNamedWhereItIsTold) {
  const auto titled = [](std::string_view pairs) -> std::string {
    detail::FieldErrors errors;
    const auto form = detail::read_form<FlatForm>(pairs, errors, detail::UnknownMembers::are_passed_over);
    return form ? std::string(form->title.view()) : show(errors);
  };
  EXPECT_EQ(titled("title=a&fbclid=IwAR0"), "a");
  EXPECT_EQ(titled("utm_source=%E4&%E4=b&a%2=c&&=&title=a&" + std::string(200, 'x') + "=1"), "a");
  EXPECT_EQ(titled("title=a&title=b&utm_source=x"), "/title repeated");
  EXPECT_EQ(titled("title=%E4&utm_source=x"), "/title format");
  EXPECT_EQ(titled("Title=a"), "/title missing");
  std::string many = "title=a";
  for (int i = 0; i < 100; ++i) many += "&x=1";
  EXPECT_EQ(titled(many), " too_many");
}

TEST(FormReader, TakesAbsentOptionalsListsAndBoxesForWhatTheyAre) {
  const auto form = read("title=a");
  ASSERT_TRUE(form);
  EXPECT_FALSE(form->page);
  EXPECT_FALSE(form->on);
  EXPECT_TRUE(form->roles.empty());
  EXPECT_FALSE(read("title=a&page=&email")->page);
  EXPECT_EQ(errors_in_form<FlatForm>(""), "/title missing");
}

TEST(FormReader, ReportsEveryErrorAtOnce) {
  EXPECT_EQ(errors_in_form<FlatForm>("title=&page=0&on=1&roles=root&email=x&share=11&admin=true"),
            "/title too_short | /page too_small | /on type | /roles not_allowed | /email format | /share too_large | "
            "/admin unknown");
}

TEST(FormReader, RefusesRepeatedNamesUnlessAList) {
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&title=b&t%69tle=c"), "/title repeated | /title repeated");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&roles=admin&roles=admin&roles=admin"), "ok");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&roles=admin&roles=admin&roles=admin&roles=admin"), "/roles too_many");
}

TEST(FormReader, DecodesOnceAndStrictly) {
  EXPECT_EQ(read("title=%2541")->title, "%41");
  EXPECT_EQ(read("&&title=a=b&")->title, "a=b");
  EXPECT_EQ(errors_in_form<FlatForm>("title=%"), "/title malformed");
  EXPECT_EQ(errors_in_form<FlatForm>("title=%4"), "/title malformed");
  EXPECT_EQ(errors_in_form<FlatForm>("title=%4g"), "/title malformed");
  EXPECT_EQ(errors_in_form<FlatForm>("title=%u0041"), "/title malformed");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a%00"), "/title not_allowed");
  EXPECT_EQ(errors_in_form<FlatForm>(std::string_view("title=a\0", 8)), "/title not_allowed");
  EXPECT_EQ(errors_in_form<FlatForm>("title=%FF"), "/title format");
  EXPECT_EQ(errors_in_form<FlatForm>("title=%C0%AF"), "/title format");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&%ff=b"), " malformed");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&a%2Fb=c"), "/a~1b unknown");
}

TEST(FormReader, DecodesEveryByteInEitherCase) {
  constexpr std::string_view upper = "0123456789ABCDEF";
  constexpr std::string_view lower = "0123456789abcdef";
  for (unsigned byte = 0x20; byte < 0x7F; ++byte) {
    for (const std::string_view digits : {upper, lower}) {
      const std::string escape = {'%', digits[byte / 16], digits[byte % 16]};
      const auto form = read("title=a" + escape + "b" + escape);
      ASSERT_TRUE(form) << escape;
      const std::string c(1, static_cast<char>(byte));
      EXPECT_EQ(form->title, "a" + c + "b" + c);
    }
  }
  EXPECT_EQ(read("title=%41")->title, "A");
}

// What a page shows again in its form after an error.
TEST(FormReader, TellsWhatWasTyped) {
  const detail::TypeInfo& info = detail::Schema<FlatForm>::info;
  const auto typed = [&](std::string_view pairs, std::string_view name) {
    return detail::typed_text(pairs, info, name);
  };
  EXPECT_EQ(typed("title=a+b%26&page=x", "title"), "a b&");
  EXPECT_EQ(typed("title=a&page=x", "page"), "x");
  EXPECT_EQ(typed("&&page=1&t%69tle=a=b&title=c", "title"), "a=b");
  EXPECT_EQ(typed("title&title=b", "title"), "b");
  EXPECT_EQ(typed("page=1", "title"), "");
  EXPECT_EQ(typed("", "title"), "");
  EXPECT_EQ(typed("title=%&title=b", "title"), "");
  EXPECT_EQ(typed("titl%=a&title=b", "title"), "b");
  EXPECT_EQ(typed("colour=red", "colour"), "") << "no field of the form";
  EXPECT_EQ(detail::typed_text("email=a&password=b", detail::Schema<SignIn>::info, "email"), "a");
  EXPECT_EQ(detail::typed_text("email=a&password=b", detail::Schema<SignIn>::info, "password"), "");
}

TEST(FormReader, KnowsNoNestedNames) {
  EXPECT_EQ(errors_in_form<FlatForm>("title[$ne]=a"), "/title[$ne] unknown | /title missing");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&__proto__[admin]=1"), "/__proto__[admin] unknown");
}

TEST(FormReader, ReadsNumbersAsJsonWritesThem) {
  for (const std::string_view bad : {"+1", "01", "1.0", "1e1", "0x1", " 1", "1 ", "-", "--1", "1,0", "%EF%BC%91"}) {
    // `+` is a space in a form, so that it has to be sent as %2B.
    const std::string value = bad == "+1" ? "%2B1" : std::string(bad);
    EXPECT_EQ(errors_in_form<FlatForm>("title=a&page=" + value), "/page type") << bad;
  }
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&page=99999999999999999999"), "/page too_large");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&page=-99999999999999999999"), "/page too_small");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&page=" + std::string(33, '1')), "/page too_long");
  for (const std::string_view bad : {".5", "5.", "1e", "1e+", "inf", "nan", "NaN", "0x1p3", "1.5f", "-"}) {
    EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=" + std::string(bad)), "/share type") << bad;
  }
  for (const std::string_view good : {"0", "-0", "0.5", "10", "1e0", "1E+0", "5e-1", "2.50e0", "1.25E-2"}) {
    EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=" + (good == "1E+0" ? "1E%2B0" : std::string(good))), "ok")
        << good;
  }
  for (const std::string_view bad : {"00", "01.5", "-01", "1.e0", "1.5.5", "1e5.5", "1ee5", "e5", "1e-", "- 1"}) {
    EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=" + std::string(bad)), "/share type") << bad;
  }
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=0." + std::string(30, '1')), "ok");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=0." + std::string(31, '1')), "/share too_long");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&page=" + std::string(32, '1')), "/page too_large");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=1e999"), "/share too_large");
  EXPECT_EQ(errors_in_form<FlatForm>("title=a&share=9007199254740993"), "/share too_large");
}

TEST(FormReader, RoundsNoWholeNumber) {
  struct AnyNumber {
    double value;
  };
  EXPECT_EQ(errors_in_form<AnyNumber>("value=9007199254740992"), "ok");
  EXPECT_EQ(errors_in_form<AnyNumber>("value=9007199254740993"), "/value too_large");
  EXPECT_EQ(errors_in_form<AnyNumber>("value=-9007199254740993"), "/value too_small");
  EXPECT_EQ(errors_in_form<AnyNumber>("value=99999999999999999999"), "/value too_large");
}

TEST(FormReader, BoundsParametersAndNames) {
  struct Numbers {
    List<int, 200> n;
  };
  std::string pairs;
  for (int i = 0; i < 100; ++i) pairs += "n=1&";
  EXPECT_EQ(errors_in_form<Numbers>(pairs), "ok");
  EXPECT_EQ(errors_in_form<Numbers>(pairs + "n=1"), " too_many");
  EXPECT_EQ(errors_in_form<Numbers>(std::string(128, 'x') + "=1"), "/" + std::string(128, 'x') + " unknown");
  EXPECT_EQ(errors_in_form<Numbers>(std::string(129, 'x') + "=1"), " too_long");
}

TEST(FormReader, ReadsPasswords) {
  detail::FieldErrors errors;
  const auto value = detail::read_form<SignIn>("email=a%40b.de&password=+a%26b", errors);
  ASSERT_TRUE(value) << show(errors);
  EXPECT_TRUE(value->password.expose<"the test compares them">([](auto bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == " a&b";
  }));
}

// A browser counts a line break as one character for `maxlength`, and sends it as CR LF.
TEST(FormReader, CountsALineBreakAsOneCharacter) {
  EXPECT_EQ(read("title=a%0D%0Ab")->title, "a\nb");
  EXPECT_EQ(read("title=%0D%0A%0D%0A%0A%0D%0Da%0D")->title, "\n\n\n\n\na\n");
  const std::string most = "title=" + std::string(37, 'a') + "%0D%0A%0D%0Aa";  // 40 characters
  EXPECT_EQ(errors_in_form<FlatForm>(most), "ok");
  EXPECT_EQ(errors_in_form<FlatForm>(most + "a"), "/title too_long");
  EXPECT_EQ(detail::typed_text("title=a%0D%0Ab", detail::Schema<FlatForm>::info, "title"), "a\nb");
}

TEST(FormReader, CountsCharactersOfFourBytesAsOne) {
  std::string title;
  for (int i = 0; i < 40; ++i) title += "%F0%9F%98%80";
  EXPECT_EQ(errors_in_form<FlatForm>("title=" + title), "ok");
  EXPECT_EQ(errors_in_form<FlatForm>("title=" + title + "a"), "/title too_long");
}

TEST(ScalarReader, ReadsNoDigitBehindTheParameter) {
  detail::FieldErrors errors;
  constexpr std::string_view path = "12345";
  EXPECT_EQ((detail::read_scalar<Int<1, 9>>(path.substr(0, 1), "page", errors)->value()), 1);
  EXPECT_EQ((detail::read_scalar<Real<1, 9>>(path.substr(1, 1), "share", errors)->value()), 2);
  EXPECT_EQ((detail::read_scalar<Real<1, 9>>(std::string_view("2.75").substr(0, 3), "share", errors)->value()), 2.7);
  EXPECT_TRUE(errors.empty()) << show(errors);
}

TEST(ScalarReader, ReadsPathParameters) {
  detail::FieldErrors errors;
  EXPECT_EQ((detail::read_scalar<Int<1, 9>>("7", "page", errors)->value()), 7);
  EXPECT_EQ(detail::read_scalar<Role>("admin", "role", errors), Role::admin);
  EXPECT_TRUE(errors.empty());
  EXPECT_FALSE(detail::read_scalar<Id<Tag>>("7", "id", errors));
  EXPECT_EQ(show(errors), "/id format");
}

}  // namespace
}  // namespace sallyport::schema_test
