// Random bytes: filled whatever the size, never repeated, and not shared with a child process or another thread.
#include "crypto/random.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

using Block = std::array<unsigned char, 16>;

TEST(Random, FillsExactlyWhatIsAsked) {
  for (const std::size_t size : {0UL, 1UL, 15UL, 16UL, 255UL, 256UL, 257UL, 4088UL, 4096UL, 100'000UL}) {
    std::vector<unsigned char> bytes(size + 2, 0xA5);
    // By chance a byte keeps the value in all eight draws once in 2^64.
    std::vector<bool> changed(size, false);
    for (int draw = 0; draw < 8; ++draw) {
      random_bytes(std::span{bytes}.subspan(1, size));
      for (std::size_t i = 0; i < size; ++i) changed[i] = changed[i] || bytes[i + 1] != 0xA5;
    }
    EXPECT_EQ(std::count(changed.begin(), changed.end(), false), 0) << size;
    EXPECT_EQ(bytes.front(), 0xA5);
    EXPECT_EQ(bytes.back(), 0xA5);
  }
}

TEST(Random, DoesNotRepeatAcrossRefills) {
  std::set<Block> seen;
  for (int i = 0; i < 5000; ++i) EXPECT_TRUE(seen.insert(random_128()).second) << i;
}

TEST(Random, EveryBitIsSetHalfOfTheTime) {
  constexpr int draws = 20'000;
  std::array<int, 128> ones{};
  for (int i = 0; i < draws; ++i) {
    const Block block = random_128();
    for (std::size_t bit = 0; bit < ones.size(); ++bit) ones[bit] += block[bit / 8] >> (bit % 8) & 1;
  }
  for (const int count : ones) EXPECT_NEAR(count, draws / 2, 600);  // 8.5 standard deviations
}

TEST(Random, ThreadsDrawDifferentBytes) {
  std::array<std::vector<Block>, 4> drawn;
  std::vector<std::thread> threads;
  for (auto& mine : drawn)
    threads.emplace_back([&mine] {
      for (int i = 0; i < 500; ++i) mine.push_back(random_128());
    });
  for (auto& thread : threads) thread.join();
  std::set<Block> seen;
  for (const auto& mine : drawn) seen.insert(mine.begin(), mine.end());
  EXPECT_EQ(seen.size(), 2000U);
}

TEST(Random, AForkedChildDrawsDifferentBytes) {
  (void)random_128();  // the page is there and has bytes left
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Block block = random_128();
    _exit(write(ends[1], block.data(), block.size()) == static_cast<ssize_t>(block.size()) ? 0 : 1);
  }
  const Block ours = random_128();
  Block theirs{};
  ASSERT_EQ(read(ends[0], theirs.data(), theirs.size()), static_cast<ssize_t>(theirs.size()));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(ours, theirs);
  EXPECT_NE(theirs, Block{});
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace sallyport::crypto
