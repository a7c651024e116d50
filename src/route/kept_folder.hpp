// A folder of the service's own: files by name, written once, read and removed by handlers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "route/static_folder.hpp"

namespace sallyport::route {

/// Whether `name` is that of one file directly in a folder, here and on the machines that it is sent to: UTF-8 of 1 to 255 bytes without
/// separators, colons and control characters, not beginning with a dot, not ending with a dot or a space, no device of Windows (`nul.txt`).
[[nodiscard]] bool is_file_name(std::string_view name) noexcept;

/// May be used from any thread; the calls wait for the disk. What is no file name is not found.
class KeptFolder {
 public:
  static constexpr std::size_t most_names = 10'000;

  /// Null: `problem` says why in one sentence part.
  [[nodiscard]] static std::shared_ptr<const KeptFolder> at(const std::string& path, std::string& problem);

  [[nodiscard]] OpenStatus open(std::string_view name, OpenFile& file) const noexcept;
  /// False where a file of this name is there. Throws std::system_error; nothing is left then.
  [[nodiscard]] bool write_new(const std::string& name, std::string_view bytes) const;
  /// False where there is no such file.
  [[nodiscard]] bool remove(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  explicit KeptFolder(StaticFolder folder) noexcept : folder_(std::move(folder)) {}
  StaticFolder folder_;
};

}  // namespace sallyport::route
