// IP addresses: strict reading, one value per address, and blocks that contain what they say and nothing else.
#include "base/ip_range.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace sallyport::base {
namespace {

IpAddress ip(std::string_view text) {
  const auto address = IpAddress::parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress{});
}

IpRange range(std::string_view text) {
  const auto parsed = IpRange::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : *IpRange::parse("::/0");
}

TEST(IpAddress, WritesTheCanonicalText) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::FFFF:c000:201", "192.0.2.1"},
      {"0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:0DB8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"fe80::1", "fe80::1"},
      // One byte away from the mapped form, on every side of it.
      {"100::ffff:102:304", "100::ffff:102:304"},
      {"::1:ffff:102:304", "::1:ffff:102:304"},
      {"::ff:102:304", "::ff:102:304"},
      {"::ff00:102:304", "::ff00:102:304"},
  };
  for (const auto& [text, canonical] : cases) EXPECT_EQ(ip(text).text(), canonical) << text;
}

TEST(IpAddress, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "1",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "1.2.3.4.",
                                      ".1.2.3.4",
                                      "1..2.3",
                                      "256.1.1.1",
                                      "01.2.3.4",
                                      "1.2.3.04",
                                      "0x7f.0.0.1",
                                      "1.2.3.-4",
                                      "+1.2.3.4",
                                      " 1.2.3.4",
                                      "1.2.3.4 ",
                                      "127.1",
                                      "2130706433",
                                      ":",
                                      ":::",
                                      "1:",
                                      ":1",
                                      "1::2::3",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7:8::",
                                      "::1:2:3:4:5:6:7:8",
                                      "12345::",
                                      "g::",
                                      "1g::",
                                      "::1 ",
                                      "::1%1",
                                      "-1::",
                                      "fe80::1%eth0",
                                      "[::1]",
                                      "::1.2.3",
                                      "::1.2.3.4:5",
                                      "1.2.3.4::",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "::ffff:1.2.3.256",
                                      "1.2.3.4/8",
                                      "localhost"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view{"1.2.3.4\0", 8}));
}

TEST(IpAddress, AgreesWithTheSystemOnRandomAddresses) {
  std::mt19937 random{1};
  for (int round = 0; round < 2000; ++round) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = random() % 3 == 0 ? static_cast<std::uint8_t>(random()) : std::uint8_t{0};
    bytes[0] |= 1;  // away from the mapped and compatible forms, which inet_ntop writes its own way
    std::array<char, INET6_ADDRSTRLEN> expected{};
    ASSERT_NE(inet_ntop(AF_INET6, bytes.data(), expected.data(), expected.size()), nullptr);
    const IpAddress address = IpAddress::v6(bytes);
    EXPECT_EQ(address.text(), expected.data());
    EXPECT_EQ(ip(address.text()), address);
  }
}

TEST(IpAddress, KnowsItsKind) {
  for (const auto text : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(ip(text).is_loopback()) << text;
  for (const auto text : {"128.0.0.1", "::2", "0.0.0.0", "::", "::127.0.0.1"})
    EXPECT_FALSE(ip(text).is_loopback()) << text;
  for (const auto text : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fd00::1", "fc00::"}) {
    EXPECT_TRUE(ip(text).is_private()) << text;
  }
  for (const auto text : {"172.15.0.1", "172.32.0.0", "192.169.0.1", "11.0.0.0", "fe00::", "::a00:1"}) {
    EXPECT_FALSE(ip(text).is_private()) << text;
  }
  for (const auto text : {"169.254.169.254", "fe80::", "febf::1"}) EXPECT_TRUE(ip(text).is_link_local()) << text;
  for (const auto text : {"169.253.0.1", "fec0::", "fe00::"}) EXPECT_FALSE(ip(text).is_link_local()) << text;
  EXPECT_TRUE(ip("::").is_unspecified());
  EXPECT_TRUE(ip("0.0.0.0").is_unspecified());
  EXPECT_FALSE(ip("0.0.0.1").is_unspecified());
}

TEST(IpAddress, OneClientIsOneAddressOfIpv4AndOneSlash56OfIpv6) {
  EXPECT_EQ(ip("192.0.2.1").client_prefix(), ip("192.0.2.1"));
  EXPECT_EQ(ip("::ffff:192.0.2.1").client_prefix(), ip("192.0.2.1"));
  EXPECT_EQ(ip("2001:db8:1:22ff:a:b:c:d").client_prefix(), ip("2001:db8:1:2200::"));
  EXPECT_NE(ip("2001:db8:1:23ff::").client_prefix(), ip("2001:db8:1:22ff::").client_prefix());
}

TEST(IpRange, ContainsItsBlockOnly) {
  const IpRange ten = range("10.0.0.0/8");
  EXPECT_TRUE(ten.contains(ip("10.0.0.0")));
  EXPECT_TRUE(ten.contains(ip("10.255.255.255")));
  EXPECT_TRUE(ten.contains(ip("::ffff:10.1.2.3")));
  EXPECT_FALSE(ten.contains(ip("9.255.255.255")));
  EXPECT_FALSE(ten.contains(ip("11.0.0.0")));
  EXPECT_FALSE(ten.contains(ip("a00::")));

  const IpRange odd = range("192.0.2.160/29");
  EXPECT_TRUE(odd.contains(ip("192.0.2.167")));
  EXPECT_FALSE(odd.contains(ip("192.0.2.168")));
  EXPECT_FALSE(odd.contains(ip("192.0.2.159")));

  EXPECT_TRUE(range("2001:db8::/33").contains(ip("2001:db8:7fff::1")));
  EXPECT_FALSE(range("2001:db8::/33").contains(ip("2001:db8:8000::")));
  EXPECT_TRUE(range("192.0.2.7").is_single());
  EXPECT_TRUE(range("::7").is_single());
  EXPECT_FALSE(range("192.0.2.6/31").is_single());
  EXPECT_FALSE(range("::6/127").is_single());
  EXPECT_TRUE(range("192.0.2.7").contains(ip("192.0.2.7")));
  EXPECT_FALSE(range("192.0.2.7").contains(ip("192.0.2.6")));
  EXPECT_EQ(range("10.0.0.0/8").text(), "10.0.0.0/8");
  EXPECT_EQ(range("::1").text(), "::1/128");
  EXPECT_TRUE(ten.contains(range("10.3.0.0/16")));
  EXPECT_FALSE(range("10.3.0.0/16").contains(ten));
}

TEST(IpRange, AnIpv6BlockNeverContainsAnIpv4Address) {
  for (const auto text : {"::/0", "::/64", "::/1"}) {
    EXPECT_TRUE(range(text).contains(ip("::5"))) << text;
    EXPECT_FALSE(range(text).contains(ip("192.0.2.1"))) << text;
    EXPECT_FALSE(range(text).contains(range("10.0.0.0/8"))) << text;
  }
  EXPECT_TRUE(range("0.0.0.0/0").contains(ip("192.0.2.1")));
  EXPECT_FALSE(range("0.0.0.0/0").contains(ip("2001:db8::1")));
}

TEST(IpRange, SaysWhyItRefuses) {
  const std::pair<std::string_view, IpRangeError> cases[] = {
      {"", IpRangeError::address},
      {"10.0.0.0.0/8", IpRangeError::address},
      {"/8", IpRangeError::address},
      {"fe80::%1/64", IpRangeError::address},
      {"10.0.0.0/", IpRangeError::prefix},
      {"10.0.0.0/33", IpRangeError::prefix},
      {"10.0.0.0/08", IpRangeError::prefix},
      {"10.0.0.0/-1", IpRangeError::prefix},
      {"10.0.0.0/255.0.0.0", IpRangeError::prefix},
      {"10.0.0.0/8/8", IpRangeError::prefix},
      {"::/129", IpRangeError::prefix},
      {"10.0.0.1/8", IpRangeError::host_bits},
      {"192.0.2.161/29", IpRangeError::host_bits},
      {"2001:db8::1/32", IpRangeError::host_bits},
      {"0.0.0.1/0", IpRangeError::host_bits},
      {"128.0.0.0/0", IpRangeError::host_bits},
      {"10.128.0.0/8", IpRangeError::host_bits},
      {"192.0.2.16/27", IpRangeError::host_bits},
      {"::ffff:10.0.0.0/8", IpRangeError::mapped},
      {"::ffff:10.0.0.0/104", IpRangeError::mapped},
      {"::ffff:0:0/96", IpRangeError::mapped},
  };
  for (const auto& [text, expected] : cases) {
    IpRangeError why{};
    EXPECT_FALSE(IpRange::parse(text, &why)) << text;
    EXPECT_EQ(why, expected) << text;
  }
}

TEST(IpRange, KnowsWhenStrangersCanBeInside) {
  for (const auto text : {"0.0.0.0/0", "::/0", "8.8.8.0/24", "10.0.0.0/7", "172.0.0.0/11", "203.0.113.9", "2000::/3",
                          "f000::/4", "192.168.0.0/15", "::/127", "126.0.0.0/8", "100.0.0.0/10", "100.128.0.0/10",
                          "169.255.0.0/16", "f800::/8", "fe00::/10", "fec0::/10"}) {
    EXPECT_TRUE(range(text).is_public()) << text;
  }
  for (const auto text : {"127.0.0.0/8", "127.0.0.1", "10.0.0.0/8", "10.9.0.0/16", "172.16.0.0/12", "192.168.7.0/24",
                          "192.168.128.0/17", "100.64.0.0/10", "169.254.0.0/16", "::1", "fd00::/8", "fe80::/10"}) {
    EXPECT_FALSE(range(text).is_public()) << text;
  }
}

}  // namespace
}  // namespace sallyport::base
