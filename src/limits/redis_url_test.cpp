// Where Redis is: what is taken for a URL or a password file, and what is said of the rest.
#include "limits/redis_url.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <tuple>

#include "support/temporary_folder.hpp"

namespace sallyport::limits {
namespace {

TEST(RedisUrl, IsTakenApart) {
  const std::tuple<const char*, const char*, int, int, bool> cases[] = {
      {"redis://127.0.0.1", "127.0.0.1", 6379, 0, false},
      {"redis://localhost:7000/3", "localhost", 7000, 3, false},
      {"redis://[::1]:7000", "::1", 7000, 0, false},
      {"rediss://redis.example", "redis.example", 6379, 0, true},
      {"rediss://redis.example:6380/", "redis.example", 6380, 0, true},
      {"rediss://[2001:db8::1]/12", "2001:db8::1", 6379, 12, true},
  };
  for (const auto& [url, host, port, database, tls] : cases) {
    RedisAddress address;
    EXPECT_EQ(read_redis_url(url, address), "") << url;
    EXPECT_EQ(address.host, host);
    EXPECT_EQ(address.port, port);
    EXPECT_EQ(address.database, static_cast<std::uint32_t>(database));
    EXPECT_EQ(address.tls, tls);
  }
}

TEST(RedisUrl, AnythingElseIsRefused) {
  for (const char* url : {"",
                          "redis",
                          "redis:",
                          "redis://",
                          "http://localhost",
                          "redis://:6379",
                          "redis://localhost:",
                          "redis://localhost:0",
                          "redis://localhost:65536",
                          "redis://localhost:1x",
                          "redis://localhost/a",
                          "redis://localhost/-1",
                          "redis://localhost/0?timeout=1",
                          "redis://local host",
                          "redis://[::1",
                          "redis://[::1]x",
                          "redis://[localhost]",
                          "redis://user:password@localhost",
                          "REDIS://localhost",
                          "redis://localhost/99999999999"}) {
    RedisAddress address;
    EXPECT_NE(read_redis_url(url, address), "") << url;
  }
}

TEST(RedisUrl, OtherMachinesTakeTls) {
  RedisAddress address;
  for (const char* url : {"redis://redis.example", "redis://10.0.0.1", "redis://128.0.0.1", "redis://[::2]",
                          "redis://localhost.example", "redis://127.0.0.1.example"})
    EXPECT_NE(read_redis_url(url, address).find("rediss://"), std::string::npos) << url;
  EXPECT_EQ(read_redis_url("redis://127.3.2.1", address), "");
}

TEST(RedisUrl, AddressesAsText) {
  EXPECT_EQ((RedisAddress{"redis.example", 1, 0, false}.text()), "redis.example:1");
  EXPECT_EQ((RedisAddress{"::1", 6379, 0, false}.text()), "[::1]:6379");
}

class RedisPasswordFile : public ::testing::Test {
 protected:
  [[nodiscard]] std::string file(const std::string& content, mode_t mode = 0600) const {
    std::string path = folder_.file("password");
    std::ofstream(path, std::ios::binary) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }
  static std::string read(const std::string& path, std::string& password) {
    SecretBytes secret;
    std::string wrong = read_password_file(path, secret);
    secret.expose([&](std::span<const unsigned char> bytes) { password.assign(bytes.begin(), bytes.end()); });
    return wrong;
  }
  sallyport::testing::TemporaryFolder folder_;
};

TEST_F(RedisPasswordFile, IsOneLine) {
  for (const char* content : {"open sesame", "open sesame\n", "open sesame\r\n"}) {
    std::string password;
    EXPECT_EQ(read(file(content), password), "");
    EXPECT_EQ(password, "open sesame");
  }
  std::string password;
  EXPECT_EQ(read(file(std::string(1024, 'x') + "\r\n"), password), "");
  EXPECT_EQ(password.size(), 1024U);
  for (const std::string& content : {std::string(), std::string("\n"), std::string("a\nb\n"), std::string(1025, 'x'),
                                     std::string(9000, 'x'), std::string("a\n\n")})
    EXPECT_NE(read(file(content), password), "") << content;
}

TEST_F(RedisPasswordFile, IsNobodyElses) {
  std::string password;
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    const std::string wrong = read(file("x", mode), password);
    if (::geteuid() == 0 && mode == 0640) continue;  // as a systemd credential is
    EXPECT_NE(wrong.find("chmod 600"), std::string::npos) << std::oct << mode;
  }
  const std::string path = file("x");
  const std::string link = folder_.file("link");
  ASSERT_EQ(::symlink(path.c_str(), link.c_str()), 0);
  EXPECT_NE(read(link, password).find("symbolic link"), std::string::npos);
  EXPECT_NE(read(folder_.path(), password).find("not a regular file"), std::string::npos);
  const std::string pipe = folder_.file("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(read(pipe, password).find("not a regular file"), std::string::npos);
  EXPECT_NE(read(folder_.file("none"), password).find("No such file"), std::string::npos);
  EXPECT_EQ(password, "");
}

TEST(RedisUrl, TakesEveryHostNameOfUpTo253Characters) {
  RedisAddress address;
  EXPECT_EQ(read_redis_url("rediss://az-AZ.09_b:6380/0", address), "");
  EXPECT_EQ(address.host, "az-AZ.09_b");
  EXPECT_EQ(read_redis_url("rediss://" + std::string(253, 'a'), address), "");
  EXPECT_NE(read_redis_url("rediss://" + std::string(254, 'a'), address), "");
  for (const std::string_view other : {"rediss://a/b", "rediss://a b", "rediss://a`b", "rediss://a{b", "rediss://a@b"})
    EXPECT_NE(read_redis_url(other, address), "") << other;
}

TEST(RedisUrl, EndsWhereItsTextEnds) {
  RedisAddress address;
  constexpr std::string_view url = "redis://localhost:63799";
  EXPECT_EQ(read_redis_url(url.substr(0, url.size() - 1), address), "");
  EXPECT_EQ(address.port, 6379);
}

TEST(RedisAddress, WritesAddressesAsUrlsHaveThem) {
  RedisAddress address;
  ASSERT_EQ(read_redis_url("rediss://[2001:db8::1]:6380", address), "");
  EXPECT_EQ(address.text(), "[2001:db8::1]:6380");
  ASSERT_EQ(read_redis_url("rediss://cache.example:6380", address), "");
  EXPECT_EQ(address.text(), "cache.example:6380");
}

}  // namespace
}  // namespace sallyport::limits
