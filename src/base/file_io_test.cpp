// Tests of reading and writing of whole stretches of a file.
#include "base/file_io.hpp"

#include "base/descriptor.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sallyport::base {
namespace {

TEST(FileIo, WritesAllAndReadsUpToTheEnd) {
  const sallyport::testing::TemporaryFolder folder;
  const Descriptor file(::open(folder.file("x").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_TRUE(file);
  const std::vector<unsigned char> bytes(100'000, 'x');
  EXPECT_EQ(write_all(file.get(), bytes), 0);
  EXPECT_EQ(write_all(file.get(), {}), 0);
  std::string room(40'000, '?');
  EXPECT_EQ(read_at(file.get(), room, 70'000), 30'000);
  EXPECT_EQ(room, std::string(30'000, 'x') + std::string(10'000, '?'));
  EXPECT_EQ(read_at(file.get(), room, 10), 40'000);
  EXPECT_EQ(read_at(file.get(), room, 100'000), 0);
}

TEST(FileIo, SaysWhatFailed) {
  EXPECT_EQ(write_all(-1, std::vector<unsigned char>(1)), EBADF);
  char one[1];
  EXPECT_EQ(read_at(-1, one, 0), -1);
  EXPECT_EQ(errno, EBADF);
}

// A pipe takes less than it is given at a time.
TEST(FileIo, GoesOnAfterAShortWrite) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  EXPECT_EQ(write_all(writer.get(), std::vector<unsigned char>(1'000'000)), EAGAIN);
  EXPECT_GT(::fcntl(writer.get(), F_GETPIPE_SZ), 0);
}

}  // namespace
}  // namespace sallyport::base
