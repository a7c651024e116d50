// Tokens hold for their binding, for two days, and in one spelling only.
#include "gate/csrf_token.hpp"

#include "crypto/master_key.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace sallyport::gate {
namespace {

using namespace std::chrono_literals;

CsrfTokens tokens_of(char seed) {
  std::string bytes;
  for (int i = 0; i < 48; ++i) bytes.push_back(static_cast<char>(seed + i * 37 + i * i * 11 + 128));
  crypto::KeyFinding finding{};
  return CsrfTokens(
      crypto::MasterKey::parse(crypto::bytes_of(bytes), finding).value().derive<crypto::purpose::CsrfToken>());
}

class CsrfToken : public ::testing::Test {
 protected:
  CsrfTokens tokens_ = tokens_of('a');
  base::Clock::WallTime now_ = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + 23h + 59min;
  std::string token_ = tokens_.issue("a session's cookie", now_);
};

TEST_F(CsrfToken, HoldsForItsBindingOnly) {
  EXPECT_TRUE(tokens_.verify(token_, "a session's cookie", now_));
  for (const char* other : {"", "a session's cooki", "a session's cookie!", "another"}) {
    EXPECT_FALSE(tokens_.verify(token_, other, now_)) << other;
  }
  EXPECT_FALSE(tokens_of('b').verify(token_, "a session's cookie", now_)) << "another key";
}

TEST_F(CsrfToken, HoldsTodayAndTomorrow) {
  EXPECT_TRUE(tokens_.verify(token_, "a session's cookie", now_ + 24h));
  EXPECT_TRUE(tokens_.verify(token_, "a session's cookie", now_ + 24h + 59s));
  EXPECT_FALSE(tokens_.verify(token_, "a session's cookie", now_ + 24h + 60s));
  EXPECT_FALSE(tokens_.verify(token_, "a session's cookie", now_ - 24h)) << "made tomorrow";
}

TEST_F(CsrfToken, HasOneSpelling) {
  ASSERT_EQ(token_.size(), 66U);
  const std::string url_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t i = 0; i < token_.size(); ++i) {
    for (const char c : url_characters + ".=+/ ") {
      std::string other = token_;
      if (other[i] == c) continue;
      other[i] = c;
      ASSERT_FALSE(tokens_.verify(other, "a session's cookie", now_)) << i << c;
    }
  }
  for (const std::string& other : {std::string(), std::string("."), token_.substr(1), token_ + "A", token_ + "=",
                                   token_.substr(0, 23), "." + token_.substr(0, 65), std::string(66, '.')}) {
    EXPECT_FALSE(tokens_.verify(other, "a session's cookie", now_)) << other;
  }
}

// Lengths are signed with what they measure: no binding runs into the random part of another.
TEST_F(CsrfToken, PartsDoNotMove) {
  const std::string random = token_.substr(0, 22);
  EXPECT_FALSE(tokens_.verify(token_, "a session's cookie!22!" + random, now_));
}

TEST_F(CsrfToken, IsNewEachTime) {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) all.insert(tokens_.issue("x", now_).substr(0, 22));
  EXPECT_EQ(all.size(), 1000U);
}

}  // namespace
}  // namespace sallyport::gate
