// Forwarded and X-Forwarded-For: which end is read first, what an element may say, and that nothing on the left reaches the right.
#include "http/forwarded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::http {
namespace {

std::vector<std::string> elements(const std::string& lines, KnownHeader field) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
  RequestHead parsed;
  EXPECT_EQ(parse_request_head(head, parsed).state, ParseResult::State::complete) << lines;
  std::vector<std::string> out;
  ElementsFromRight from_right(parsed, field);
  while (const auto element = from_right.next()) out.emplace_back(*element);
  EXPECT_FALSE(from_right.next());
  return out;
}
std::vector<std::string> x_forwarded(const std::string& lines) { return elements(lines, KnownHeader::x_forwarded_for); }
std::vector<std::string> forwarded(const std::string& value) {
  return elements("Forwarded: " + value + "\r\n", KnownHeader::forwarded);
}

using Texts = std::vector<std::string>;

// cpp-httplib's pull request #2503: read from the left, the list begins with what the client made up.
TEST(ElementsFromRight, CppHttplibPr2503TheRightEndComesFirst) {
  EXPECT_EQ(x_forwarded("X-Forwarded-For: 6.6.6.6, 192.0.2.1 ,\t10.0.0.2\r\n"),
            (Texts{"10.0.0.2", "192.0.2.1", "6.6.6.6"}));
  EXPECT_EQ(
      x_forwarded(
          "X-Forwarded-For: a, b\r\nX-Other: z\r\nForwarded: y\r\nX-Forwarded-For: c\r\nX-Forwarded-For: d,e\r\n"),
      (Texts{"e", "d", "c", "b", "a"}));
}

// cpp-httplib's CVE-2026-46527: front() of a list without elements.
TEST(ElementsFromRight, CppHttplibCve202646527AListOfNothing) {
  EXPECT_EQ(x_forwarded(""), Texts{});
  EXPECT_EQ(x_forwarded("X-Forwarded-For:\r\n"), Texts{""});
  EXPECT_EQ(x_forwarded("X-Forwarded-For: ,\r\n"), (Texts{"", ""}));
  EXPECT_EQ(x_forwarded("X-Forwarded-For: a,,b, \t\r\nX-Forwarded-For: \r\n"), (Texts{"", "", "b", "", "a"}));
}

TEST(ElementsFromRight, FiftyAreLookedAtAndNoMore) {
  std::string list = "0";
  for (int i = 1; i < 50; ++i) list += "," + std::to_string(i);
  EXPECT_EQ(x_forwarded("X-Forwarded-For: " + list + "\r\n").size(), 50U);
  EXPECT_EQ(x_forwarded("X-Forwarded-For: " + list + "\r\n").back(), "0");
  EXPECT_EQ(x_forwarded("X-Forwarded-For: x," + list + "\r\n").back(), "0");
  EXPECT_EQ(x_forwarded("X-Forwarded-For: x\r\nX-Forwarded-For: " + list + "\r\n").back(), "0");
  EXPECT_EQ(x_forwarded("X-Forwarded-For: " + std::string(8000, ',') + "\r\n").size(), 50U);
}

TEST(ElementsFromRight, QuotesHoldCommasInForwardedOnly) {
  EXPECT_EQ(forwarded(R"(for=a;x="1,2", for="b,c")"), (Texts{R"(for="b,c")", R"(for=a;x="1,2")"}));
  EXPECT_EQ(forwarded(R"(for="",for="")"), (Texts{R"(for="")", R"(for="")"}));
  EXPECT_EQ(x_forwarded("X-Forwarded-For: \"a, b\"\r\n"), (Texts{"b\"", "\"a"}));
}

// What a client leaves open does not swallow what our proxy adds to it.
TEST(ElementsFromRight, NothingOnTheLeftChangesHowTheRightReads) {
  for (const std::string left :
       {"\"", "for=\"", "for=\"a, b", "for=\"\\", "\\", "\"\\\"", "for=\"a\", \"", ",\",\",", "\"\",\""}) {
    const Texts all = forwarded(left + R"(, for="[2001:db8::1]:4711";proto=https)");
    ASSERT_FALSE(all.empty()) << left;
    EXPECT_EQ(all[0], R"(for="[2001:db8::1]:4711";proto=https)") << left;
  }
}

// A proxy that quotes what the client sent: an escaped quote must not make an element out of quoted text.
TEST(ElementsFromRight, AnEscapedQuoteIsNoWayOut) {
  const Texts all = forwarded(R"(for=192.0.2.1;agent="x\", for=6.6.6.6;y=\"")");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(read_forwarded(all[0]).kind, Hop::Kind::malformed);
}

std::string described(const Hop& hop) {
  switch (hop.kind) {
    case Hop::Kind::address:
      return hop.address.text();
    case Hop::Kind::hidden:
      return "hidden";
    case Hop::Kind::malformed:
      break;
  }
  return "malformed";
}

TEST(XForwardedFor, ReadsAnElementAsProxiesSendIt) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"192.0.2.1:4711", "192.0.2.1"},
      {"2001:DB8::1", "2001:db8::1"},
      {"[2001:db8::1]", "2001:db8::1"},
      {"[2001:db8::1]:4711", "2001:db8::1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"[::ffff:192.0.2.1]:80", "192.0.2.1"},
      {"::1", "::1"},
      {"unknown", "hidden"},
      {"Unknown", "hidden"},
      {"_secret", "hidden"},
      {"", "malformed"},
      {"_", "malformed"},
      {"localhost", "malformed"},
      {"192.0.2.1:", "malformed"},
      {"192.0.2.1:123456", "malformed"},
      {"192.0.2.1:+1", "malformed"},
      {"192.0.2.1 6.6.6.6", "malformed"},
      {"192.0.2.01", "malformed"},
      {"192.0.2", "malformed"},
      {"192.0.2.1/8", "malformed"},
      {"\"192.0.2.1\"", "malformed"},
      {"for=192.0.2.1", "malformed"},
      {"[192.0.2.1]", "malformed"},
      {"[192.0.2.1]:80", "malformed"},
      {"[2001:db8::1", "malformed"},
      {"[2001:db8::1]4711", "malformed"},
      {"[2001:db8::1]:", "malformed"},
      {"[]", "malformed"},
      {"[", "malformed"},
      {"]", "malformed"},
      {":", "malformed"},
      {"[:]", "malformed"},
      {"[fe80::1%eth0]", "malformed"},
      {"fe80::1%eth0", "malformed"},
      {"1:2:3:4:5:6:7:8:4711", "malformed"},
      {"unix:", "malformed"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(described(read_x_forwarded_for(text)), expected) << text;
  EXPECT_EQ(described(read_x_forwarded_for(std::string(16'000, '1'))), "malformed");
  EXPECT_EQ(described(read_x_forwarded_for({"192.0.2.1\0", 10})), "malformed");
}

TEST(Forwarded, ReadsAnElementOfRfc7239) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"for=192.0.2.43", "192.0.2.43"},
      {"For=192.0.2.43", "192.0.2.43"},
      {R"(for="192.0.2.43:47011")", "192.0.2.43"},
      {R"(for="[2001:db8:cafe::17]:4711")", "2001:db8:cafe::17"},
      {R"(for="[2001:db8:cafe::17]")", "2001:db8:cafe::17"},
      {R"(for="[::ffff:192.0.2.43]:_p1")", "192.0.2.43"},
      {"for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"},
      {"proto=http; by=_me ;\tfor=192.0.2.60;", "192.0.2.60"},
      {R"(;;for=192.0.2.60;secret="a;for=6.6.6.6")", "192.0.2.60"},
      {"for=unknown", "hidden"},
      {R"(for="unknown:80")", "hidden"},
      {"for=_gazonk", "hidden"},
      {R"(for="_SEVKISEK:_p")", "hidden"},
      {"proto=https", "hidden"},
      {"", "malformed"},
      {"for", "malformed"},
      {"for=", "malformed"},
      {"=192.0.2.1", "malformed"},
      {"for =192.0.2.1", "malformed"},
      {"for= 192.0.2.1", "malformed"},
      {"192.0.2.1", "malformed"},
      {R"(for="")", "malformed"},
      {R"(for=")", "malformed"},
      {R"(for="192.0.2.1)", "malformed"},
      {R"(for="192.0.2.1"x)", "malformed"},
      {R"(for="192.0.2.1" proto=https)", "malformed"},
      {"for=192.0.2.1 proto=https", "malformed"},
      {R"(for="192.0.2.\1")", "malformed"},
      {R"(for=192.0.2.1;x="\"")", "malformed"},
      {R"(for=192.0.2.1;x="a\b")", "malformed"},
      {"for=192.0.2.1:80", "malformed"},
      {"for=[2001:db8::1]", "malformed"},
      {R"(for="2001:db8::1")", "malformed"},
      {R"(for="[fe80::1%25eth0]")", "malformed"},
      {"for=192.0.2.1;for=192.0.2.1", "malformed"},
      {"for=192.0.2.1;FOR=6.6.6.6", "malformed"},
      {"for=192.0.2.1;proto=https;proto=http", "malformed"},
      {"for=_", "malformed"},
      {"for=_a~b", "malformed"},
      {"for=192.0.2.1;host=a,b", "malformed"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(described(read_forwarded(text)), expected) << text;
}

TEST(Forwarded, ReadsNothingBehindTheElement) {
  constexpr std::string_view line = "for=192.0.2.1";
  EXPECT_EQ(read_forwarded(line.substr(0, 3)).kind, Hop::Kind::malformed);
  EXPECT_EQ(read_forwarded(line.substr(0, 2)).kind, Hop::Kind::malformed);
  EXPECT_EQ(described(read_forwarded(std::string_view("for=192.0.2.43").substr(0, 13))), "192.0.2.4");
}

TEST(Forwarded, TellsSchemeAndHost) {
  const Hop hop = read_forwarded(R"(host="notes.example:8443";for=192.0.2.1;Proto=https)");
  EXPECT_EQ(hop.proto, "https");
  EXPECT_EQ(hop.host, "notes.example:8443");
}

}  // namespace
}  // namespace sallyport::http
