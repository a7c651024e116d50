// Text, Line, Email, Id and the ranged numbers: what they accept and what they say when they do not.
#include <sallyport/text.hpp>

#include <string>

#include <gtest/gtest.h>

#include <sallyport/id.hpp>
#include <sallyport/number.hpp>

#include "base/utf8.hpp"

namespace sallyport {
namespace {

template <class T>
InputError error_of(std::string_view text) {
  const auto parsed = T::parse(text);
  EXPECT_EQ(static_cast<bool>(parsed), parsed.error() == InputError::none);
  if (parsed) {
    EXPECT_EQ(parsed->view(), text);
  }
  return parsed.error();
}

TEST(Text, CountsCodePoints) {
  using Three = Text<2, 3>;
  EXPECT_EQ(error_of<Three>("a"), InputError::too_short);
  EXPECT_EQ(error_of<Three>("ab"), InputError::none);
  EXPECT_EQ(error_of<Three>("abc"), InputError::none);
  EXPECT_EQ(error_of<Three>("abcd"), InputError::too_long);
  EXPECT_EQ(error_of<Three>("äöü"), InputError::none);
  EXPECT_EQ(error_of<Three>("😀😀😀"), InputError::none);
  EXPECT_EQ(error_of<Three>("😀😀😀😀"), InputError::too_long);
  EXPECT_EQ((error_of<Text<0, 3>>("")), InputError::none);
}

TEST(Text, CountsRightAroundTheEightByteSteps) {
  for (std::size_t length = 0; length < 40; ++length) {
    EXPECT_EQ(detail::check_text(std::string(length, 'x'), length, length, detail::Lines::one), InputError::none);
    EXPECT_EQ(detail::check_text(std::string(length + 1, 'x'), 0, length, detail::Lines::one), InputError::too_long);
    EXPECT_EQ(detail::check_text(std::string(length, 'x'), length + 1, 99, detail::Lines::one), InputError::too_short);
  }
}

TEST(Text, RefusesControlCharactersWhereverTheyStand) {
  for (std::size_t at = 0; at < 20; ++at) {
    for (int c = 0; c < 0x80; ++c) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(c);
      const bool control = c < 0x20 || c == 0x7F;
      const bool line_character = c == '\n' || c == '\r' || c == '\t';
      EXPECT_EQ((error_of<Line<0, 20>>(text)), control ? InputError::not_allowed : InputError::none)
          << c << " at " << at;
      EXPECT_EQ((error_of<Text<0, 20>>(text)), control && !line_character ? InputError::not_allowed : InputError::none)
          << c << " at " << at;
    }
  }
  for (const char c : {'\0', '\x1F', '\x7F'})  // blocks of nothing else
    for (std::size_t length = 1; length <= 40; ++length)
      EXPECT_EQ((error_of<Text<0, 40>>(std::string(length, c))), InputError::not_allowed)
          << int{c} << " times " << length;
  EXPECT_EQ((error_of<Text<0, 20>>("a\u0085b")), InputError::not_allowed);
  EXPECT_EQ((error_of<Text<0, 20>>("a\u009Bb")), InputError::not_allowed);  // C1: starts a terminal's escape sequence
  EXPECT_EQ((error_of<Text<0, 20>>("a\u009Fb")), InputError::not_allowed);
  EXPECT_EQ((error_of<Line<0, 20>>("a\u0080b")), InputError::not_allowed);
  EXPECT_EQ((error_of<Text<0, 20>>("a\u00A0b")), InputError::none);
  EXPECT_EQ((error_of<Text<0, 20>>("a\u2029b")), InputError::none);
  EXPECT_EQ((error_of<Line<0, 20>>("a\u2029b")), InputError::not_allowed);
  EXPECT_EQ((error_of<Line<0, 20>>("a\u2027\u202Ab")), InputError::none);
  EXPECT_EQ((error_of<Text<0, 20>>("a\u2028b")), InputError::none);
  EXPECT_EQ((error_of<Line<0, 20>>("a\u2028b")), InputError::not_allowed);
}

TEST(Text, RefusesWhatIsNotUtf8) {
  for (const std::string_view bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xED\xBF\xBF",
                                     "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3",
                                     "\xE2\x82", "\xF0\x9F\x98", "\xC3(", "xxxxxxxx\xE2\x82"}) {
    EXPECT_EQ((error_of<Text<0, 20>>(bad)), InputError::format);
    EXPECT_FALSE(base::valid_utf8(bad));
  }
  EXPECT_TRUE(base::valid_utf8("\uFFFD\U0010FFFF\uE000\uD7FFa"));
}

TEST(Text, ComparesAndConverts) {
  const auto text = *Text<1, 9>::parse("abc");
  EXPECT_EQ(text, "abc");
  EXPECT_EQ(text, std::string_view("abc"));
  EXPECT_NE(text, (*Text<1, 9>::parse("abd")));
  EXPECT_LT(text, (*Text<1, 9>::parse("abd")));
  EXPECT_EQ(std::string(text), "abc");
  EXPECT_TRUE((Text<1, 9>::from_storage("abc").has_value()));
  EXPECT_FALSE((Text<1, 9>::from_storage("").has_value()));
}

TEST(Email, AcceptsWhatMailSystemsDeliverTo) {
  for (const std::string_view good :
       {"a@b.de", "first.last+tag@sub.example.com", "o'brien@example.ie", "x_y-z@xn--bcher-kva.example", "1@2.co",
        "!#$%&'*+-/=?^_`{|}~@example.com", "a@b.c1", "azAZ09@a0.z9a", "z@az.09az"}) {
    EXPECT_TRUE(static_cast<bool>(Email::parse(good))) << good;
  }
}

TEST(Email, RefusesTheRest) {
  for (const std::string_view bad : {"",
                                     "a",
                                     "@",
                                     "a@",
                                     "@b.de",
                                     "a@b",
                                     "a@b.",
                                     "a@.de",
                                     "a@b..de",
                                     "a@-b.de",
                                     "a@b-.de",
                                     ".a@b.de",
                                     "a.@b.de",
                                     "a..b@c.de",
                                     "a b@c.de",
                                     "a@b c.de",
                                     "a@b.de ",
                                     " a@b.de",
                                     "a@@b.de",
                                     "a@b@c.de",
                                     "\"a b\"@c.de",
                                     "a@[1.2.3.4]",
                                     "a@1.2.3.4",
                                     "a@1.2.3.09",
                                     "a@b.90",
                                     "a@b.\xC3\xA9\xE2\x80\xAE",
                                     "\xC3\xA9@b.de",
                                     "a@b.de\n",
                                     "a\n@b.de",
                                     "a,b@c.de",
                                     "<a@b.de>",
                                     "a@b_c.de"}) {
    EXPECT_EQ(Email::parse(bad).error(), InputError::format) << bad;
  }
  EXPECT_EQ(Email::parse(std::string_view("a@b.de\0", 7)).error(), InputError::format);
}

TEST(Email, ComesBackFromStorageOnlyIfItIsOne) {
  EXPECT_EQ(Email::from_storage("a@b.de")->view(), "a@b.de");
  EXPECT_FALSE(Email::from_storage("nobody"));
}

TEST(Email, LowersNothingButLettersOfTheDomain) { EXPECT_EQ(Email::parse("AZ@AZ.DE")->view(), "AZ@az.de"); }

// IDNA 2008: one address, however its domain is written.
TEST(Email, DomainsOfEveryScriptAreKeptAsTheDnsKnowsThem) {
  EXPECT_EQ(Email::parse("ada@b\u00fccher.example")->view(), "ada@xn--bcher-kva.example");
  EXPECT_EQ(Email::parse("ada@B\u00dcCHER.example")->view(), "ada@xn--bcher-kva.example");
  EXPECT_EQ(Email::parse("ada@bu\u0308cher.example")->view(), "ada@xn--bcher-kva.example");
  EXPECT_EQ(Email::parse("ada@fa\u00df.de")->view(), "ada@xn--fa-hia.de") << "not fass.de, as IDNA 2003 had it";
  EXPECT_EQ(Email::parse("ada@\u4f8b\u3048.\u30c6\u30b9\u30c8")->key(), "ada@xn--r8jz45g.xn--zckzah");
  for (const char* bad : {"ada@\u2665.example", "ada@\u0301a.example", "ada@a\u200db.example", "ada@\u00fc"})
    EXPECT_EQ(Email::parse(bad).error(), InputError::format) << bad;
}

TEST(Email, HoldsTheLengthsOfRfc5321) {
  const std::string local(64, 'a');
  const std::string label(63, 'b');
  EXPECT_TRUE(static_cast<bool>(Email::parse(local + "@" + label + ".de")));
  EXPECT_EQ(Email::parse(local + "a@b.de").error(), InputError::format);
  EXPECT_EQ(Email::parse("a@" + label + "b.de").error(), InputError::format);
  std::string longest = local + "@" + label + "." + label + "." + std::string(61, 'c');
  ASSERT_EQ(longest.size(), 254u);
  EXPECT_TRUE(static_cast<bool>(Email::parse(longest)));
  EXPECT_EQ(Email::parse(longest + "c").error(), InputError::too_long);
}

TEST(Email, LowersTheDomainAndKeepsTheLocalPart) {
  const auto email = *Email::parse("Ann.Lee@EXAMPLE.Com");
  EXPECT_EQ(email.view(), "Ann.Lee@example.com");
  EXPECT_EQ(email.key(), "ann.lee@example.com");
}

struct Note;
struct User;

TEST(Id, HasOneSpelling) {
  const auto id = Id<Note>::parse("AAECAwQFBgcICQoLDA0ODw");
  ASSERT_TRUE(id);
  for (unsigned char i = 0; i < 16; ++i) EXPECT_EQ(id->bytes()[i], i);
  EXPECT_EQ(id->text(), "AAECAwQFBgcICQoLDA0ODw");
  // The last character carries two bits: the others must be zero.
  EXPECT_EQ(Id<Note>::parse("AAECAwQFBgcICQoLDA0ODx").error(), InputError::format);
  EXPECT_EQ(Id<Note>::parse("AAECAwQFBgcICQoLDA0OD").error(), InputError::format);
  EXPECT_EQ(Id<Note>::parse("AAECAwQFBgcICQoLDA0ODw==").error(), InputError::format);
  EXPECT_EQ(Id<Note>::parse("AAECAwQFBgcICQoLDA0OD+").error(), InputError::format);
  EXPECT_EQ(Id<Note>::parse(" AECAwQFBgcICQoLDA0ODw").error(), InputError::format);
  EXPECT_EQ(Id<Note>::parse("").error(), InputError::format);
}

TEST(Id, IsRandomAndOrdered) {
  const auto a = Id<Note>::random();
  const auto b = Id<Note>::random();
  EXPECT_NE(a, b);
  EXPECT_NE(a, Id<Note>());
  EXPECT_EQ(a < b, a.text() != b.text() && a.bytes() < b.bytes());
  EXPECT_EQ(*Id<Note>::parse(a.text()), a);
}

TEST(Id, ComesBackFromStorageAsBytesOrText) {
  const auto id = Id<User>::random();
  const std::string bytes(id.bytes().begin(), id.bytes().end());
  EXPECT_EQ(Id<User>::from_storage(bytes), id);
  EXPECT_EQ(Id<User>::from_storage(id.text()), id);
  EXPECT_EQ(Id<User>::from_storage("12"), std::nullopt);
}

TEST(Number, KeepsItsRange) {
  EXPECT_EQ((Int<1, 5>::of(0)), std::nullopt);
  EXPECT_EQ((Int<1, 5>::of(6)), std::nullopt);
  EXPECT_EQ((Int<1, 5>::of(5)->value()), 5);
  constexpr Int<1, 5> constant = 3;
  EXPECT_EQ(constant + 1, 4);
  EXPECT_EQ((Real<0, 1>::of(1.0001)), std::nullopt);
  EXPECT_EQ((Real<0, 1>::of(std::numeric_limits<double>::quiet_NaN())), std::nullopt);
  EXPECT_EQ((Real<0, 1>::of(0.5)->value()), 0.5);
}

}  // namespace
}  // namespace sallyport
