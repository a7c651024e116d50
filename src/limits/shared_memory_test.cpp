// Memory shared through a file: who may share it, what is refused, when it is made anew.
#include "limits/shared_memory.hpp"

#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

constexpr std::size_t size = 64 * 1024;

class SharedMemoryTest : public ::testing::Test {
 protected:
  // Lets others run meanwhile, so that they would come in between if they could.
  static void prepare(std::span<std::byte> memory) noexcept {
    for (int i = 0; i < 50; ++i) ::sched_yield();
    memory[0] = std::byte{42};
  }
  [[nodiscard]] std::optional<SharedMemory> open(std::string_view layout = "test-1") {
    problem_.clear();
    return SharedMemory::open(path_, layout, size, prepare, problem_);
  }
  [[nodiscard]] std::string refusal() {
    EXPECT_FALSE(open());
    EXPECT_TRUE(problem_.starts_with(path_ + ": ")) << problem_;
    return problem_;
  }
  void write_file(std::string_view text, ::mode_t mode = 0600) const {
    std::ofstream(path_, std::ios::binary) << text;
    ::chmod(path_.c_str(), mode);
  }
  void overwrite(std::streamoff at, std::string_view text) const {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file << text;
  }

  sallyport::testing::TemporaryFolder home_;
  std::string folder_ = home_.path();
  std::string path_ = home_.file("app.limits");
  std::string problem_;
};

TEST_F(SharedMemoryTest, NewMemoryIsPreparedAndOtherwiseZero) {
  const auto memory = open();
  ASSERT_TRUE(memory) << problem_;
  ASSERT_EQ(memory->bytes().size(), size);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory->bytes().data()) % 64, 0U);
  EXPECT_EQ(memory->bytes()[0], std::byte{42});
  for (const std::byte byte : memory->bytes().subspan(1)) ASSERT_EQ(byte, std::byte{0});
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(SharedMemoryTest, WhatOneWritesTheOthersReadAndLaterOnesFind) {
  {
    const auto one = open();
    const auto other = open();
    ASSERT_TRUE(one && other) << problem_;
    one->bytes()[size - 1] = std::byte{7};
    EXPECT_EQ(other->bytes()[size - 1], std::byte{7});
    one->bytes()[0] = std::byte{9};
  }
  const auto later = open();
  ASSERT_TRUE(later);
  EXPECT_EQ(later->bytes()[0], std::byte{9});
  EXPECT_EQ(later->bytes()[size - 1], std::byte{7});
}

// Of another boot, of another layout, of another size, cut short while it was made.
TEST_F(SharedMemoryTest, WhatDoesNotFitIsMadeAnewAndLeftToThoseWhoUseIt) {
  const std::array<std::function<void()>, 4> changes{
      [this] { overwrite(20, "another boot"); },
      [this] { overwrite(52, "test-2"); },
      [this] { std::filesystem::resize_file(path_, 2 * size); },
      [this] { write_file("sallyport-shared"); },
  };
  for (const auto& change : changes) {
    std::filesystem::remove(path_);
    ASSERT_TRUE(open());
    change();
    const auto fresh = open();
    ASSERT_TRUE(fresh) << problem_;
    EXPECT_EQ(fresh->bytes()[0], std::byte{42});
    fresh->bytes()[1] = std::byte{1};
    const auto other = open();
    ASSERT_TRUE(other);
    EXPECT_EQ(other->bytes()[1], std::byte{1});
  }
  const auto old = open();
  const auto successor = open("test-2");
  ASSERT_TRUE(old && successor);
  successor->bytes()[2] = std::byte{2};
  EXPECT_EQ(old->bytes()[2], std::byte{0});
}

TEST_F(SharedMemoryTest, AnotherProgramsFileIsNotTouched) {
  for (const std::string_view content : {"SQLite format 3", "x", "sallyport-shareX and more"}) {
    write_file(content);
    EXPECT_NE(refusal().find("another program's file"), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(path_), content.size());
  }
}

TEST_F(SharedMemoryTest, FilesThatOthersCanOpenAreRefused) {
  for (const ::mode_t mode : {0640U, 0604U, 0666U}) {
    write_file("", mode);
    EXPECT_NE(refusal().find("0600"), std::string::npos);
  }
}

TEST_F(SharedMemoryTest, AnotherUsersFileIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  write_file("");
  ASSERT_EQ(::chown(path_.c_str(), 12345, 12345), 0);
  EXPECT_NE(refusal().find("another user"), std::string::npos);
}

TEST_F(SharedMemoryTest, LinksFoldersAndPipesAreRefused) {
  std::filesystem::create_symlink(folder_ + "/elsewhere", path_);
  EXPECT_NE(refusal(), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/elsewhere"));
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_NE(refusal(), "");
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_NE(refusal().find("no file"), std::string::npos);
}

TEST_F(SharedMemoryTest, AFolderThatIsNotThereIsMade) {
  path_ = folder_ + "/made/app.limits";
  EXPECT_EQ(SharedMemory::why_not(path_), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/made")) << "looking makes nothing";
  EXPECT_TRUE(open()) << problem_;
}

TEST_F(SharedMemoryTest, LookingSaysWhatOpeningSays) {
  write_file("another program's");
  EXPECT_EQ(SharedMemory::why_not(path_), refusal());
  write_file("", 0644);
  EXPECT_EQ(SharedMemory::why_not(path_), refusal());
  path_ += "/file";
  EXPECT_EQ(SharedMemory::why_not(path_), refusal());
}

// Ten processes start at once, where there is nothing, or what is there is of another boot: all of them share one memory.
TEST_F(SharedMemoryTest, ProcessesThatStartTogetherAgree) {
  for (int round = 0; round < 10; ++round) {
    if (round > 0) overwrite(20, "another boot");
    std::array<int, 2> go{};
    ASSERT_EQ(::pipe(go.data()), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < 10; ++i) {
      const pid_t child = ::fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        ::close(go[1]);
        char byte = 0;
        (void)!::read(go[0], &byte, 1);  // until the other end is closed
        const auto memory = open();
        if (memory) std::atomic_ref(reinterpret_cast<std::uint32_t&>(memory->bytes()[64])).fetch_add(1);
        ::_exit(memory ? 0 : 1);
      }
      children.push_back(child);
    }
    ::close(go[0]);
    ::close(go[1]);
    for (const pid_t child : children) {
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      EXPECT_EQ(status, 0);
    }
    const auto memory = open();
    ASSERT_TRUE(memory);
    EXPECT_EQ(reinterpret_cast<std::uint32_t&>(memory->bytes()[64]), 10U);
  }
}

}  // namespace
}  // namespace sallyport::limits
