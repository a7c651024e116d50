// Reading a small file, and replacing one.
#include "base/file_text.hpp"

#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace sallyport::base {
namespace {

TEST(FileText, ReplacesAndReads) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.file("lock");
  EXPECT_FALSE(read_file(path, 100));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_TRUE(replace_file(path, "one\ntwo\n"));
  EXPECT_EQ(read_file(path, 100), "one\ntwo\n");
  EXPECT_TRUE(replace_file(path, ""));
  EXPECT_EQ(read_file(path, 100), "");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(FileText, OnlyPlainFilesOfItsSize) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.file("lock");
  EXPECT_TRUE(replace_file(path, "12345"));
  EXPECT_FALSE(read_file(path, 4));
  EXPECT_EQ(errno, EFBIG);
  EXPECT_TRUE(read_file(path, 5));
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_file(folder.file("pipe"), 100));
  EXPECT_FALSE(read_file(folder.file("."), 100));
  EXPECT_FALSE(replace_file(folder.file("no/such/folder"), "x"));
}

}  // namespace
}  // namespace sallyport::base
