// What scripts read: when it can't be written whole, the exit status says so.
#include "support/notes_service.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace sallyport::testing {
namespace {

// Standard output is a device that is always full.
int status_with_full_output(const std::string& program, std::vector<std::string> words) {
  words.insert(words.begin(), std::string(SALLYPORT_BINARY_DIR) + "/" + program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (::dup2(full, STDOUT_FILENO) >= 0 && ::dup2(nothing, STDERR_FILENO) >= 0) ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StandardOutput, IsNotFullWithoutAWord) {
  NotesService service;
  static_cast<void>(service.member("ada@example.org"));
  EXPECT_EQ(status_with_full_output("sallyport", {"users", "list", "--database", service.database_file()}), 1);
  EXPECT_EQ(status_with_full_output("sallyport", {"docs", "settings"}), 1);
  for (const char* asked : {"--policy", "--policy=json", "--check", "--help", "--version"})
    EXPECT_EQ(status_with_full_output("hello", {"--mode", "development", "--port", "0", asked}), 1) << asked;
}

}  // namespace
}  // namespace sallyport::testing
