// Addresses that a client may name, and fifty spellings of those that it may not.
#include <sallyport/public_url.hpp>

#include <gtest/gtest.h>

#include <string>

namespace sallyport {
namespace {

TEST(PublicUrl, HasItsParts) {
  const auto url = PublicUrl::parse("https://hooks.example.org:8443/a/b?c=d");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->https());
  EXPECT_EQ(url->authority(), "hooks.example.org:8443");
  EXPECT_EQ(url->host(), "hooks.example.org");
  EXPECT_EQ(url->port(), 8443);
  EXPECT_EQ(url->target(), "/a/b?c=d");
  const auto bare = PublicUrl::parse("http://example.org");
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->https());
  EXPECT_EQ(bare->port(), 80);
  EXPECT_EQ(bare->target(), "/");
  const auto v6 = PublicUrl::parse("https://[2606:4700:4700::1111]/x");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host(), "2606:4700:4700::1111");
  EXPECT_EQ(v6->authority(), "[2606:4700:4700::1111]");
  EXPECT_TRUE(PublicUrl::parse("http://8.8.8.8:8080/"));
  EXPECT_TRUE(PublicUrl::from_storage("https://example.org/"));
  EXPECT_FALSE(PublicUrl::from_storage("https://localhost/"));
}

// Names that lead inside are refused when they are called: see outbound/clients_test.cpp.
TEST(PublicUrl, NoSpellingOfAnAddressThatIsNotPublic) {
  for (const std::string text :
       {// this machine, as it is and as other programs read it
        "http://127.0.0.1/", "http://127.0.0.1:80/", "http://127.1/", "http://127.0.1/", "http://2130706433/",
        "http://017700000001/", "http://0177.0.0.1/", "http://0177.0.0.01/", "http://0x7f.0.0.1/", "http://0x7f000001/",
        "http://0x7F.1/", "http://127.0.0.1./", "http://0/", "http://0.0.0.0/", "http://127.000.000.001/",
        "http://00127.0.0.1/", "http://127.0.0.1.0/", "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[::1%25lo]/",
        "http://localhost/", "http://LOCALHOST/", "http://localhost:8080/",
        // the network inside
        "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://3232235777/", "http://0xc0a80101/",
        "http://[fc00::1]/", "http://[fe80::1]/", "http://100.64.0.1/",
        // metadata services
        "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/", "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/", "http://[fd00:ec2::254]/",
        "http://100.100.100.200/", "http://192.0.0.192/", "http://168.63.129.16/",
        // many and nobody
        "http://224.0.0.1/", "http://[ff02::1]/", "http://255.255.255.255/", "http://203.0.113.7/",
        // where two readers see two hosts
        "http://example.org@127.0.0.1/", "http://127.0.0.1@example.org/", "http://example.org\\@127.0.0.1/",
        "http://example.org#@127.0.0.1/", "http://127.0.0.1#.example.org/", "http://example.org:80@127.0.0.1/",
        "http://exa mple.org/", "http://example.org\t/", "http://example.org/\r\nHost:%20127.0.0.1",
        "http://example%2eorg/", "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/",
        "http://1\xe3\x80\x82"
        "1.1.1/",
        "http:///example.org/", "http:example.org/", "//example.org/", "http://example.org:/", "http://?example.org/",
        "http://[example.org]/", "http://[8.8.8.8]/", "http://2606:4700:4700::1111/",
        // what is no web server
        "http://example.org:22/", "http://example.org:6379/", "http://example.org:080/", "http://example.org:65616/",
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "HTTP://example.org/",
        "javascript:alert(1)", "http://-example.org/", "http://example..org/", "http://example/", "http://example.123/",
        ""}) {
    EXPECT_FALSE(PublicUrl::parse(text)) << text;
  }
}

}  // namespace
}  // namespace sallyport
