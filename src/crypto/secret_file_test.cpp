// Tests of which files are trusted to hold a secret.
#include "crypto/secret_file.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

namespace sallyport::crypto {
namespace {

using Fault = SecretFileFault;
constexpr uid_t reader = 1000;
constexpr uid_t root = 0;

TEST(SecretFile, BelongsToItsReaderOrToRoot) {
  EXPECT_EQ(fault_of(S_IFREG | 0600, reader, reader, reader), Fault::none);
  EXPECT_EQ(fault_of(S_IFREG | 0400, reader, reader, reader), Fault::none);
  EXPECT_EQ(fault_of(S_IFREG | 0600, root, root, reader), Fault::none);
  EXPECT_EQ(fault_of(S_IFREG | 0600, 1001, reader, reader), Fault::wrong_owner);
  EXPECT_EQ(fault_of(S_IFREG | 0600, 1, 0, reader), Fault::wrong_owner);
}

TEST(SecretFile, GivesNobodyElseARight) {
  for (const mode_t bit : {040U, 020U, 010U, 04U, 02U, 01U}) {
    EXPECT_EQ(fault_of(S_IFREG | 0600 | bit, reader, reader, reader), Fault::too_accessible) << bit;
    EXPECT_EQ(fault_of(S_IFREG | 0600 | bit, root, reader, reader), Fault::too_accessible) << bit;
    EXPECT_EQ(fault_of(S_IFREG | 0600 | bit, reader, 0, reader), Fault::too_accessible) << bit;
  }
}

TEST(SecretFile, TheGroupRootMayReadWhatIsRoots) {  // a systemd credential
  EXPECT_EQ(fault_of(S_IFREG | 0440, root, 0, reader), Fault::none);
  EXPECT_EQ(fault_of(S_IFREG | 0460, root, 0, reader), Fault::too_accessible);
  EXPECT_EQ(fault_of(S_IFREG | 0444, root, 0, reader), Fault::too_accessible);
  EXPECT_EQ(fault_of(S_IFREG | 0440, root, 1, reader), Fault::too_accessible);
}

TEST(SecretFile, IsAFile) {
  for (const unsigned type : {0U + S_IFDIR, 0U + S_IFIFO, 0U + S_IFSOCK, 0U + S_IFCHR, 0U + S_IFLNK})
    EXPECT_EQ(fault_of(type | 0600U, reader, reader, reader), Fault::not_a_file) << type;
}

class SecretFileOnDisk : public ::testing::Test {
 protected:
  SecretFileRead read(const std::string& path, std::size_t room) {
    text_.assign(room, '\0');
    const SecretFileRead read =
        read_secret_file(path.c_str(), {reinterpret_cast<unsigned char*>(text_.data()), text_.size()});
    text_.resize(read.size);
    return read;
  }
  sallyport::testing::TemporaryFolder folder_;
  std::string text_;
};

TEST_F(SecretFileOnDisk, IsReadUpToTheRoom) {
  const std::string path = folder_.file("secret");
  std::ofstream(path) << "open sesame";
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  for (const std::size_t room : {0U, 1U, 10U, 11U, 12U, 4096U}) {
    EXPECT_EQ(read(path, room).fault, Fault::none);
    EXPECT_EQ(text_, std::string("open sesame").substr(0, room));
  }
}

TEST_F(SecretFileOnDisk, WhatIsNoFileOfItsOwn) {
  EXPECT_EQ(read(folder_.file("missing"), 10).fault, Fault::missing);
  EXPECT_EQ(read(folder_.file("missing"), 10).error, ENOENT);
  const std::string path = folder_.file("secret");
  std::ofstream(path) << "open sesame";
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(read(path + "/within", 10).fault, Fault::missing);
  ASSERT_EQ(::symlink(path.c_str(), folder_.file("link").c_str()), 0);
  EXPECT_EQ(read(folder_.file("link"), 10).fault, Fault::symbolic_link);
  ASSERT_EQ(::mkfifo(folder_.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read(folder_.file("pipe"), 10).fault, Fault::not_a_file);
  EXPECT_EQ(read(folder_.file(""), 10).fault, Fault::not_a_file);
  ASSERT_EQ(::chmod(path.c_str(), 0602), 0);
  EXPECT_EQ(read(path, 10).fault, Fault::too_accessible);
  EXPECT_EQ(text_, "");
}

}  // namespace
}  // namespace sallyport::crypto
