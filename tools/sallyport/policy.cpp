// Runs the program with `--policy`, without a shell, and hands on, keeps or compares what it prints.
#include "policy.hpp"

#include "base/descriptor.hpp"
#include "base/file_text.hpp"
#include "ops/finding.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace sallyport::tool {
namespace {

using base::Descriptor;

constexpr int cannot = 2;

int complain(const std::string& what, int error = 0) {
  const std::string why = error == 0 ? "" : ": " + std::generic_category().message(error);
  static_cast<void>(std::fprintf(stderr, "sallyport: %s%s\n", what.c_str(), why.c_str()));
  return cannot;
}

/// What a program prints. Its errors go where ours go; `status` is its exit status.
struct Printed {
  int status = cannot;
  std::string text;
};

Printed run(std::span<char*> program, const char* flag) {
  std::vector<char*> words(program.begin(), program.end());
  std::string last(flag);
  words.push_back(last.data());
  words.push_back(nullptr);

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {complain("pipe", errno), {}};
  const Descriptor out(ends[0]);
  Descriptor in(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.get(), STDOUT_FILENO);
  pid_t child = -1;
  const int error = ::posix_spawn(&child, words[0], &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return {complain(std::string(words[0]) + " can't be run", error), {}};
  in = Descriptor();  // the child's end alone is left: what is read ends with the child

  Printed printed;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t got = ::read(out.get(), piece.data(), piece.size());
    if (got > 0) printed.text.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) break;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) printed.status = WEXITSTATUS(status);
  return printed;
}

constexpr std::size_t largest_lock = std::size_t{16} * 1024 * 1024;

int write_lock(const std::string& path, const std::string& text) {
  if (!base::replace_file(path, text)) return complain(path + " can't be written", errno);
  static_cast<void>(std::printf("wrote %s\n", path.c_str()));
  return 0;
}

std::vector<std::string> sorted_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!text.starts_with('#')) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

// Each line stands for itself, so that their order says nothing.
int compare(const std::string& path, const std::string& text) {
  const auto file = base::read_file(path, largest_lock);
  if (!file) return complain(path + " can't be read", errno);
  const auto before = sorted_lines(*file);
  const auto after = sorted_lines(text);
  std::string shown;
  const auto only = [&](const auto& these, const auto& those, const char* sign) {
    std::vector<std::string> lines;
    std::set_difference(these.begin(), these.end(), those.begin(), those.end(), std::back_inserter(lines));
    for (const std::string& line : lines) {
      ops::append_printable(shown.append(sign), line);
      shown += '\n';
    }
  };
  only(before, after, "- ");
  only(after, before, "+ ");
  static_cast<void>(std::fputs(shown.c_str(), stdout));
  if (shown.empty()) return 0;
  static_cast<void>(
      std::fprintf(stderr, "sallyport: the service is not the one of %s: review it, then --lock\n", path.c_str()));
  return 1;
}

}  // namespace

int policy(std::span<char*> words) {
  const auto take = [&]() -> std::string_view {
    const std::string_view word = words.front();
    words = words.subspan(1);
    return word;
  };
  if (words.empty()) return complain("policy needs a program to ask");
  const std::string_view form = std::string_view(words.front()).starts_with("--") ? take() : std::string_view();
  const bool files = form == "--lock" || form == "--check";
  if (!files && !form.empty() && form != "--json")
    return complain("policy takes --json, --lock FILE or --check FILE, then the program");
  const std::string file(files && !words.empty() ? take() : std::string_view());
  if (words.empty()) return complain("policy needs a program to ask");

  const Printed printed = run(words, files ? "--policy=lock" : form.empty() ? "--policy" : "--policy=json");
  if (printed.status != 0) return printed.status;
  if (form == "--lock") return write_lock(file, printed.text);
  if (form == "--check") return compare(file, printed.text);
  return std::fwrite(printed.text.data(), 1, printed.text.size(), stdout) == printed.text.size() ? 0 : cannot;
}

}  // namespace sallyport::tool
