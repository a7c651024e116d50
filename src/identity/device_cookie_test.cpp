// The device cookie: made for one account, and for nobody who changes a byte of it.
#include "identity/device_cookie.hpp"

#include "crypto/master_key.hpp"

#include <gtest/gtest.h>

namespace sallyport::identity {
namespace {

crypto::Key<crypto::purpose::CookieMac> cookie_key() {
  crypto::KeyFinding finding{};
  const auto master =
      crypto::MasterKey::parse(crypto::bytes_of("q6xRkV2nT8mLw4Yc0pZsB7uHd1eJf3Gi5KoNaQrXvEg"), finding);
  return master.value().derive<crypto::purpose::CookieMac>();
}

class DeviceCookie : public ::testing::Test {
 protected:
  // The value alone, as a browser sends it back.
  static std::string value_of(const std::string& field) {
    const std::size_t begin = field.find('=') + 1;
    return field.substr(begin, field.find(';') - begin);
  }
  DeviceCookies cookies{cookie_key()};
};

TEST_F(DeviceCookie, IsHardened) {
  const std::string field = cookies.issue("ann@example.org");
  EXPECT_TRUE(field.starts_with("__Host-Http-device="));
  EXPECT_TRUE(field.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=34560000")) << field;
}

TEST_F(DeviceCookie, NamesTheDeviceForItsOwnAccountOnly) {
  const std::string value = value_of(cookies.issue("ann@example.org"));
  ASSERT_TRUE(cookies.device_of(value, "ann@example.org"));
  EXPECT_EQ(cookies.device_of(value, "ann@example.org")->size(), 22U);
  EXPECT_FALSE(cookies.device_of(value, "bob@example.org"));
  EXPECT_NE(value_of(cookies.issue("ann@example.org")), value) << "each device is another";
}

TEST_F(DeviceCookie, EveryChangeIsSeen) {
  const std::string value = value_of(cookies.issue("ann@example.org"));
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string changed = value;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(cookies.device_of(changed, "ann@example.org")) << i;
    EXPECT_FALSE(cookies.device_of(value.substr(0, i), "ann@example.org")) << i;
  }
  EXPECT_FALSE(cookies.device_of(value + "A", "ann@example.org"));
}

// The parts are not just put end to end: a device of one account is no device of another whose name ends alike.
TEST_F(DeviceCookie, PartsDoNotMove) {
  const std::string value = value_of(cookies.issue("bob@example.org"));
  const std::string moved = value.substr(0, 21) + "." + value.substr(23);
  EXPECT_FALSE(cookies.device_of(moved, value.substr(21, 1) + "bob@example.org"));
}

}  // namespace
}  // namespace sallyport::identity
