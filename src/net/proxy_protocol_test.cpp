// The PROXY protocol: what is accepted, each thing that is not, and never a byte more than the header.
#include "net/proxy_protocol.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::net {
namespace {

using State = ProxyHeader::State;
using namespace std::string_literals;

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string v4 = "\xc0\x00\x02\x01\x0a\x00\x00\x02\x12\x67\x01\xbb"s;  // 192.0.2.1:4711 to 10.0.0.2:443
const std::string v6 =
    "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01"s + std::string(15, '\0') + "\x01\x12\x67\x01\xbb"s;

std::string header(char command, char family, const std::string& rest, std::size_t length) {
  return signature + command + family + static_cast<char>(length >> 8) + static_cast<char>(length & 0xff) + rest;
}
std::string header(char command, char family, const std::string& rest) {
  return header(command, family, rest, rest.size());
}
std::string value(char type, const std::string& text) {
  return type + std::string(1, static_cast<char>(text.size() >> 8)) + static_cast<char>(text.size() & 0xff) + text;
}

std::string described(const std::string& bytes) {
  const ProxyHeader read = read_proxy_header(bytes);
  if (read.state == State::error) return std::string(read.rule);
  if (read.state == State::incomplete) return "incomplete";
  return (read.local ? "local " : "") +
         (read.source ? read.source->text() + " " + std::to_string(read.source_port) : "peer");
}

TEST(ProxyProtocol, NamesTheClientOfATcpConnection) {
  EXPECT_EQ(described(header('\x21', '\x11', v4)), "192.0.2.1 4711");
  EXPECT_EQ(described(header('\x21', '\x21', v6)), "2001:db8::1 4711");
  const std::string mapped =
      std::string(10, '\0') + "\xff\xff\xc0\x00\x02\x01"s + std::string(16, '\0') + "\x12\x67\x01\xbb"s;
  EXPECT_EQ(described(header('\x21', '\x21', mapped)), "192.0.2.1 4711");
}

TEST(ProxyProtocol, IsThePeerWhereNobodyIsNamed) {
  EXPECT_EQ(described(header('\x20', '\x00', "")), "local peer");
  EXPECT_EQ(described(header('\x20', '\x11', v4)), "local peer");  // discarded with its family
  EXPECT_EQ(described(header('\x20', '\x99', "anything")), "local peer");
  EXPECT_EQ(described(header('\x21', '\x00', "")), "peer");
  EXPECT_EQ(described(header('\x21', '\x00', "anything")), "peer");
}

TEST(ProxyProtocol, RefusesEverythingElse) {
  const std::pair<std::string, std::string> cases[] = {
      {"PROXY TCP4 192.0.2.1 10.0.0.2 4711 443\r\n", "proxy/signature"},
      {"GET / HTTP/1.1\r\n", "proxy/signature"},
      {"\x16\x03\x01", "proxy/signature"},
      {"\r\n\r\nGET", "proxy/signature"},
      {signature + "\x11", "proxy/version"},
      {signature + "\x22", "proxy/version"},
      {signature + "\x31", "proxy/version"},
      {signature + "\x01", "proxy/version"},
      {signature + "\x21\x12", "proxy/family"},  // UDP
      {signature + "\x21\x22", "proxy/family"},
      {signature + "\x21\x31", "proxy/family"},  // UNIX
      {signature + "\x21\x10", "proxy/family"},
      {signature + "\x21\x01", "proxy/family"},
      {header('\x21', '\x11', "", 11), "proxy/too_short"},
      {header('\x21', '\x21', "", 35), "proxy/too_short"},
      {header('\x21', '\x11', "", 1025), "proxy/too_long"},
      {header('\x20', '\x00', "", 1025), "proxy/too_long"},
      {header('\x21', '\x00', "", 65535), "proxy/too_long"},
      {header('\x21', '\x11', v4 + "\x04"), "proxy/tlv"},
      {header('\x21', '\x11', v4 + "\x04\x00"s), "proxy/tlv"},
      {header('\x21', '\x11', v4 + "\x04\x00\x02x"s), "proxy/tlv"},
      {header('\x21', '\x11', v4 + "\x04\xff\xffx"s), "proxy/tlv"},
  };
  for (const auto& [bytes, rule] : cases) EXPECT_EQ(described(bytes), rule) << rule;
}

TEST(ProxyProtocol, SkipsValuesUpToTheLimit) {
  EXPECT_EQ(described(header('\x21', '\x11', v4 + value('\x01', "h2") + value('\x04', "") + value('\xee', "x"))),
            "192.0.2.1 4711");
  EXPECT_EQ(described(header('\x21', '\x11', v4 + value('\x04', std::string(1024 - 15, 'x')))), "192.0.2.1 4711");
  EXPECT_EQ(described(header('\x20', '\x00', std::string(1024, 'x'))), "local peer");
  EXPECT_EQ(ProxyHeader::max_size, header('\x20', '\x00', std::string(1024, 'x')).size());
}

// The sum was computed elsewhere, by a program that gives E3069283 for "123456789" (the check value of CRC-32C).
TEST(ProxyProtocol, VerifiesTheChecksum) {
  const std::string sum = value('\x03', "\x98\xf0\x71\xae"s);
  const std::string right = header('\x21', '\x11', v4 + sum + value('\x04', "abc"));
  EXPECT_EQ(described(right), "192.0.2.1 4711");
  const std::size_t sum_at = 16 + v4.size();
  for (std::size_t i = 16; i < right.size(); ++i) {
    const bool is_type_or_size = (i >= sum_at && i < sum_at + 3) || (i >= sum_at + 7 && i < sum_at + 10);
    if (is_type_or_size) continue;  // another fault
    std::string wrong = right;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    EXPECT_EQ(described(wrong), "proxy/checksum") << i;
  }
  EXPECT_EQ(described(header('\x21', '\x11', v4 + value('\x03', "abc"))), "proxy/checksum");
  EXPECT_EQ(described(header('\x21', '\x11', v4 + value('\x03', ""))), "proxy/checksum");
}

TEST(ProxyProtocol, ComesInAnyPiecesAndLeavesTheRest) {
  for (const std::string& whole :
       {header('\x21', '\x11', v4 + value('\x01', "h2")), header('\x21', '\x21', v6), header('\x20', '\x00', "abc")}) {
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(described(whole.substr(0, size)), "incomplete") << size;
    EXPECT_EQ(read_proxy_header(whole).consumed, whole.size());
    EXPECT_EQ(read_proxy_header(whole + "GET / HTTP/1.1\r\n").consumed, whole.size());
    EXPECT_EQ(read_proxy_header(whole + whole).consumed, whole.size());
  }
}

}  // namespace
}  // namespace sallyport::net
