// fork, exec, poll.
#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace sallyport::testing {

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment, const std::string& directory) {
  const std::string path = std::string(SALLYPORT_BINARY_DIR) + "/" + program;
  std::vector<char*> argv{const_cast<char*>(path.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const auto& variable : environment) envp.push_back(const_cast<char*>(variable.c_str()));
  envp.push_back(nullptr);

  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    // Between fork and exec only what is async-signal-safe.
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    if (::chdir(directory.c_str()) == 0) ::execve(path.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

void Process::read_more(int timeout_ms) {
  std::array<pollfd, 2> files{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (::poll(files.data(), files.size(), timeout_ms) <= 0) return;
  std::array<char, 4096> chunk{};
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].revents == 0) continue;
    const ssize_t n = ::read(files[i].fd, chunk.data(), chunk.size());
    if (n > 0) {
      (i == 0 ? output : errors).append(chunk.data(), static_cast<std::size_t>(n));
    } else {
      int& fd = i == 0 ? out_ : err_;
      ::close(fd);
      fd = -1;
    }
  }
}

bool Process::wait_for(const std::string& text) {
  for (int waits = 0; waits < 300 && out_ >= 0; ++waits) {
    if (output.find(text) != output.npos) return true;
    read_more(100);
  }
  return output.find(text) != output.npos;
}

void Process::signal(int number) const { ::kill(pid_, number); }

int Process::wait() {
  for (int waits = 0; waits < 300 && (out_ >= 0 || err_ >= 0); ++waits) read_more(100);
  int status = 0;
  if (out_ >= 0 || err_ >= 0) ::kill(pid_, SIGKILL);  // it hangs: the test fails on the status
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace sallyport::testing
