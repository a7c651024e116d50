// A folder for the files of one test service.
#pragma once

#include "base/descriptor.hpp"

#include <string>
#include <string_view>

namespace sallyport::test::detail {

/// In memory where there is a file system for it, and gone with its owner. SQLite keeps its files in it as in production, so that a test meets
/// what production does. What a process that ended by a signal has left is removed by the next one.
class MemoryFolder {
 public:
  /// Throws `Failure`.
  MemoryFolder();
  ~MemoryFolder();
  MemoryFolder(const MemoryFolder&) = delete;
  MemoryFolder& operator=(const MemoryFolder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
  base::Descriptor lock_;  // held for as long as the folder is in use
};

/// Removes the folders in `place` that nobody uses any more.
void remove_left_folders(const std::string& place) noexcept;

}  // namespace sallyport::test::detail
