// Folders of test services come and go.
#include "testing/memory_folder.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace sallyport::test::detail {
namespace {

TEST(MemoryFolder, IsGoneWithItsOwner) {
  std::string path;
  {
    const MemoryFolder folder;
    path = folder.path();
    EXPECT_TRUE(std::filesystem::exists(path));
    remove_left_folders(std::filesystem::path(path).parent_path().string());
    EXPECT_TRUE(std::filesystem::exists(path));  // in use
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(MemoryFolder, OfAProcessThatWasEndedIsRemovedByTheNext) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const MemoryFolder folder;
    static_cast<void>(!::write(ends[1], folder.path().data(), folder.path().size()));
    ::_exit(0);  // without destructors
  }
  ::close(ends[1]);
  std::string path(200, '\0');
  const ssize_t size = ::read(ends[0], path.data(), path.size());
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  ASSERT_GT(size, 0);
  path.resize(static_cast<std::size_t>(size));
  ASSERT_TRUE(std::filesystem::exists(path));
  remove_left_folders(std::filesystem::path(path).parent_path().string());
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace sallyport::test::detail
