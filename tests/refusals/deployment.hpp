// A service as it is deployed, for tests that break one thing of it.
#pragma once

#include <sallyport/sallyport.hpp>

#include "support/process.hpp"
#include "support/test_service.hpp"
#include "support/waiver_day.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::testing {

using Codes = std::set<std::string>;

inline constexpr const char* good_key = "q6xRkV2nT8mLw4Yc0pZsB7uHd1eJf3Gi5KoNaQrXvEg";

// A folder with a key, and the arguments with which the notes example starts in production: behind a proxy on this machine that ends TLS.
// Started by root it has a user to become, whose folder it is; the key stays root's.
class Deployment {
 public:
  // Only a release build is hardened (CFG-020), and these tests are part of the others too.
  static inline const std::string debug_build =
      "CFG-020 until " + std::string(waiver_day.text) + ": the tests start a debug build of the program";

  Deployment() {
    write("key", good_key, 0400);
    if (::geteuid() != 0) return;
    const passwd* const user = ::getpwnam(service_user);
    if (!user || ::chown(path().c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown");
    set("--server.user", service_user);
  }

  static constexpr const char* service_user = "nobody";

  void write(const std::string& name, const std::string& text, mode_t mode) {
    ::unlink(folder_.file(name).c_str());
    std::ofstream(folder_.file(name)) << text;
    ::chmod(folder_.file(name).c_str(), mode);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  [[nodiscard]] std::string path() const { return folder_.file("."); }

  std::vector<std::string> arguments{"--port",
                                     "0",
                                     "--server.origin",
                                     "https://notes.example",
                                     "--server.trusted-proxies",
                                     "127.0.0.1",
                                     "--keys.file",
                                     "key",
                                     "--database.path",
                                     "notes.db",
                                     "--waivers",
                                     debug_build};
  // Leaks are looked for by a process that attaches to this one, which production forbids.
  std::vector<std::string> environment{"ASAN_OPTIONS=detect_leaks=0"};

  /// Replaces the value of a flag; an empty value takes the flag away.
  Deployment& set(const std::string& flag, const std::string& value) {
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
      if (arguments[i] != flag) continue;
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i),
                      arguments.begin() + static_cast<std::ptrdiff_t>(i) + 2);
      break;
    }
    if (!value.empty()) {
      arguments.push_back(flag);
      arguments.push_back(value);
    }
    return *this;
  }

  /// The codes that the program refuses to start with. `--check`, before and after, finds the same.
  Codes refusals() {
    const auto start = [this](const std::vector<std::string>& words) {
      Process process("notes", words, environment, path());
      const int status = process.wait();
      return Ended{status, process.output, process.errors};
    };
    return compared([&] { return start(with_check()); }, [&] { return start(arguments); });
  }

  /// The same for a program of the routes that `build` gives it: forked from this one instead of started from a file.
  struct Ended {
    int status = -1;
    std::string output;
    std::string errors;
  };
  Ended run(const std::function<void(App&)>& build) { return run(build, arguments); }
  Ended run(const std::function<void(App&)>& build, std::vector<std::string> words) {
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child == 0) ::_exit(serve_here(build, words));
    Ended ended;
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
    ended.output = read("output");
    ended.errors = read("errors");
    return ended;
  }
  Codes refusals(const std::function<void(App&)>& build) {
    return compared([&] { return run(build, with_check()); }, [&] { return run(build, arguments); });
  }
  /// Whether `--check` finds nothing.
  bool passes(const std::function<void(App&)>& build) { return run(build, with_check()).status == 0; }

  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream stream(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  static Codes codes_in(const std::string& text) {
    Codes found;
    for (std::size_t at = text.find("CFG-"); at != text.npos; at = text.find("CFG-", at + 1))
      found.insert(text.substr(at, 7));
    return found;
  }

  [[nodiscard]] std::vector<std::string> with_check() const {
    std::vector<std::string> words = arguments;
    words.emplace_back("--check");
    return words;
  }

  // Runs a check, the start, and the check again: all three find the same.
  static Codes compared(const std::function<Ended()>& check, const std::function<Ended()>& start) {
    const Ended before = check();
    const Ended started = start();
    EXPECT_EQ(started.status, 78) << started.output << started.errors;
    EXPECT_EQ(before.status, 78) << before.output << before.errors;
    expect_same(before.output, started.errors);
    EXPECT_EQ(check().output, before.output);
    return codes_in(started.errors);
  }

  // The findings of a check, as JSON, and those that a start has printed.
  static void expect_same(const std::string& json, const std::string& text) {
    simdjson::dom::parser parser;
    simdjson::dom::array findings;
    ASSERT_EQ(parser.parse(json).at_pointer("/findings").get(findings), simdjson::SUCCESS) << json;
    const std::string count = ": refuses to start: " + std::to_string(findings.size()) + " finding";
    EXPECT_NE(text.find(count), text.npos) << json << text;
    for (const simdjson::dom::element finding : findings) {
      for (const char* member : {"code", "where", "reason", "fix"}) {
        std::string_view value;
        ASSERT_EQ(finding[member].get(value), simdjson::SUCCESS) << json;
        EXPECT_NE(text.find(value), text.npos) << member << ": " << value << "\n" << text;
      }
    }
  }

  int serve_here(const std::function<void(App&)>& build, std::vector<std::string>& arguments_here) {
    ::alarm(60);  // a service that starts where it should refuse does not stay
    if (::chdir(path().c_str()) != 0 || !std::freopen("output", "w", stdout) || !std::freopen("errors", "w", stderr))
      return 99;
    ::clearenv();
    std::vector<char*> words{const_cast<char*>("app")};
    for (std::string& word : arguments_here) words.push_back(word.data());
    App app(static_cast<int>(words.size()), words.data());
    build(app);
    return app.run();
  }

  TemporaryFolder folder_;
};

}  // namespace sallyport::testing
