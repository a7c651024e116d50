// Programs under test: started with their own environment and folder, ended by their own id.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace sallyport::testing {

/// A running program. Ended, if it still runs, when the object goes.
class Process {
 public:
  /// Starts `program` of the build's bin folder in the folder `directory`. Nothing of the test's environment is passed on.
  Process(const std::string& program, const std::vector<std::string>& arguments,
          const std::vector<std::string>& environment, const std::string& directory);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Reads standard output until it holds `text`. False when it ends, or 30 seconds pass, without.
  bool wait_for(const std::string& text);
  void signal(int number) const;
  /// Waits for the end: the exit status, or -1 for an end by signal. `output` and `errors` are complete afterwards.
  int wait();

  std::string output;
  std::string errors;

 private:
  void read_more(int timeout_ms);

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

}  // namespace sallyport::testing
