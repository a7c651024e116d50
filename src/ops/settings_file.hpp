// The settings file: TOML read once, carefully, into a flat list of keys and values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ops/finding.hpp"
#include "ops/settings_table.hpp"

namespace sallyport::ops {

/// One `name = value` of the file.
struct FileEntry {
  std::string key;    ///< "limits.general_burst"
  std::string where;  ///< "notes.toml:12 limits.general_burst"
  std::size_t line;
  Value value;
};

/// Largest settings file, in bytes.
inline constexpr std::size_t max_settings_file = 1'048'576;

/// Reads the file. What is wrong with it is added to `findings` (CFG-024): not a plain file, not readable, writable by
/// everybody, too large, not TOML, a name twice.
[[nodiscard]] std::vector<FileEntry> read_settings_file(const std::string& path, Findings& findings);

/// The same for text already read. `path` is for messages.
[[nodiscard]] std::vector<FileEntry> parse_settings(std::string_view text, const std::string& path, Findings& findings);

}  // namespace sallyport::ops
