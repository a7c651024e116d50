// Places of files: folders that are made, and the same words from looking as from making.
#include "base/file_place.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace sallyport::base {
namespace {

using testing::TemporaryFolder;

TEST(FilePlace, MakesPrivateFolders) {
  const TemporaryFolder folder;
  EXPECT_EQ(look_at_place(folder.file("a/b/file")).error, 0);
  EXPECT_NE(::access(folder.file("a").c_str(), F_OK), 0) << "looking makes nothing";
  EXPECT_EQ(make_folders(folder.file("a/b/file")).error, 0);
  struct stat status {};
  ASSERT_EQ(::stat(folder.file("a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  EXPECT_EQ(look_at_place(folder.file("a/b/file")).error, 0);
}

TEST(FilePlace, AFileWhereAFolderBelongs) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("a")) << "text";
  EXPECT_EQ(look_at_place(folder.file("a/file")).error, ENOTDIR);
  EXPECT_EQ(look_at_place(folder.file("a/b/file")).error, ENOTDIR);
  EXPECT_EQ(make_folders(folder.file("a/b/file")).error, ENOTDIR);
}

TEST(FilePlace, FoldersThatCannotBeMadeAreNamed) {
  const PlaceProblem met = make_folders("/proc/no/such/file");
  EXPECT_EQ(met.folder, "/proc/no");
  EXPECT_EQ(met.text().find("can't make /proc/no: "), 0U) << met.text();
}

}  // namespace
}  // namespace sallyport::base
