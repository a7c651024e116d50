// Files by name in a folder: one file, written once, nothing outside.
#include "route/kept_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "support/temporary_folder.hpp"

namespace sallyport::route {
namespace {

class KeptFolderTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return root_.file(name); }
  std::string text(const std::string& name) {
    std::ifstream in(path("files/" + name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::shared_ptr<const KeptFolder> make(const std::string& at) {
    std::filesystem::create_directory(at);
    std::string problem;
    auto folder = KeptFolder::at(at, problem);
    EXPECT_EQ(problem, "");
    return folder;
  }

  sallyport::testing::TemporaryFolder root_;
  std::shared_ptr<const KeptFolder> folder_ = make(path("files"));
};

TEST(FileName, IsThatOfOneFile) {
  for (const std::string_view name : {"a", "notes.txt", "a b", "\xC3\x9C.txt", "com10.txt", "console", "-x", "a..b"})
    EXPECT_TRUE(is_file_name(name)) << name;
  EXPECT_TRUE(is_file_name(std::string(255, 'a')));
  for (const std::string_view name :
       {"",   ".",   "..",      ".hidden", "a/b",         "../a", "a\\b",  "c:",   "a:b",      "a\n", "a.",
        "a ", "nul", "NUL.txt", "Com1",    "lpt9.tar.gz", "con",  "aux.c", "\xFF", "\xC2\x85", "\x7F"})
    EXPECT_FALSE(is_file_name(name)) << name;
  EXPECT_FALSE(is_file_name(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_file_name(std::string(256, 'a')));
}

TEST_F(KeptFolderTest, WritesOnceAndRemoves) {
  EXPECT_TRUE(folder_->write_new("a.txt", "one"));
  EXPECT_FALSE(folder_->write_new("a.txt", "two"));
  EXPECT_EQ(text("a.txt"), "one");
  struct stat status {};
  ASSERT_EQ(::stat(path("files/a.txt").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_TRUE(folder_->write_new("empty", ""));
  EXPECT_EQ(folder_->names(), (std::vector<std::string>{"a.txt", "empty"}));
  EXPECT_TRUE(folder_->remove("a.txt"));
  EXPECT_FALSE(folder_->remove("a.txt"));
  EXPECT_TRUE(folder_->write_new("a.txt", std::string(100'000, 'x')));
  EXPECT_EQ(text("a.txt").size(), 100'000U);
}

TEST_F(KeptFolderTest, OpensNothingElse) {
  std::ofstream(path("secret")) << "x";
  std::filesystem::create_symlink(path("secret"), path("files/link"));
  std::filesystem::create_directory(path("files/inner"));
  std::ofstream(path("files/inner/b")) << "x";
  ASSERT_TRUE(folder_->write_new("a", "text"));
  OpenFile file;
  EXPECT_EQ(folder_->open("a", file), OpenStatus::opened);
  for (const std::string_view name : {"link", "inner", "inner/b", "../secret", "b", "", "."})
    EXPECT_EQ(folder_->open(name, file), OpenStatus::not_found) << name;
  EXPECT_EQ(folder_->names(), std::vector<std::string>{"a"});
  EXPECT_FALSE(folder_->remove("link"));
  EXPECT_FALSE(folder_->remove("inner"));
  EXPECT_FALSE(folder_->remove("../secret"));
  EXPECT_TRUE(std::filesystem::exists(path("secret")));
  EXPECT_FALSE(folder_->write_new("link", "through the link"));
  EXPECT_EQ(std::filesystem::file_size(path("secret")), 1U);
}

// Writing into a folder that was moved away or removed would lose what is written.
TEST_F(KeptFolderTest, IsTheFolderThatIsThereNow) {
  std::filesystem::rename(path("files"), path("moved"));
  EXPECT_THROW(static_cast<void>(folder_->write_new("a", "x")), std::system_error);
  EXPECT_THROW(static_cast<void>(folder_->names()), std::system_error);
  EXPECT_FALSE(folder_->remove("a"));
  std::filesystem::create_directory(path("files"));
  EXPECT_TRUE(folder_->write_new("a", "x"));
  EXPECT_TRUE(std::filesystem::exists(path("files/a")));
  EXPECT_EQ(folder_->names(), std::vector<std::string>{"a"});
}

TEST_F(KeptFolderTest, FolderThatIsNotThere) {
  std::string problem;
  EXPECT_EQ(KeptFolder::at(path("nothing"), problem), nullptr);
  EXPECT_NE(problem, "");
}

}  // namespace
}  // namespace sallyport::route
