// Which statements stay prepared.
#include "data/statement_cache.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sallyport::data {
namespace {

TEST(StatementCache, TheOneThatWasNotUsedForLongestGoes) {
  const sallyport::testing::TemporaryFolder folder;
  const Connection connection(folder.file("test.db"), Allow::everything, std::chrono::milliseconds(1));
  const auto prepare = [&] {
    std::string_view rest;
    return connection.prepare("SELECT 1", rest, true);
  };
  const std::string texts = "abcd";
  const auto key = [&](std::size_t i) { return StatementKey{std::string_view(texts).substr(i, 1)}; };

  StatementCache cache(3);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(cache.keep(key(i), prepare()), nullptr);
  sqlite3_stmt* const first = cache.find(key(0));
  EXPECT_NE(first, nullptr);
  EXPECT_NE(cache.keep(key(3), prepare()), nullptr);
  EXPECT_EQ(cache.find(key(0)), first) << "used since then";
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_NE(cache.find(key(2)), nullptr) << "only one has to go";
  EXPECT_NE(cache.find(key(3)), nullptr);
}

}  // namespace
}  // namespace sallyport::data
