// A process that is started with some of its standard streams closed.
#include "start/standard_streams.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>

namespace sallyport::start {
namespace {

bool is_dev_null(int file) {
  struct stat one {};
  struct stat other {};
  return ::fstat(file, &one) == 0 && ::stat("/dev/null", &other) == 0 && one.st_rdev == other.st_rdev &&
         S_ISCHR(one.st_mode);
}

// What a process without these streams finds: bit n is set when stream n is /dev/null; 8, when it has been told that it has an output;
// 16, when something else stayed open.
int in_a_process_without(std::initializer_list<int> closed) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int next = ::dup(STDERR_FILENO);  // the first free number
    ::close(next);
    for (const int file : closed) ::close(file);
    int found = open_closed_streams() ? 8 : 0;
    for (const int file : closed) found |= is_dev_null(file) ? 1 << file : 0;
    if (::dup(STDERR_FILENO) != next) found |= 16;
    ::_exit(found);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StandardStreams, AreNeverTheNumberOfAnotherFile) {
  EXPECT_EQ(in_a_process_without({}), 8);
  EXPECT_EQ(in_a_process_without({0}), 8 + 1);
  EXPECT_EQ(in_a_process_without({1}), 2);
  EXPECT_EQ(in_a_process_without({2}), 8 + 4);
  EXPECT_EQ(in_a_process_without({0, 2}), 8 + 1 + 4);
  EXPECT_EQ(in_a_process_without({0, 1, 2}), 1 + 2 + 4);
}

}  // namespace
}  // namespace sallyport::start
