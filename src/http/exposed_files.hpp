// Finds files that must not be in a served folder: before the service starts (CFG-023), and for each request.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {

struct ExposedFiles {
  std::vector<std::string> paths;  ///< within the folder, in alphabetical order
  bool complete = true;            ///< false: the folder was too large or could not be read, and there may be more
};

inline constexpr std::size_t max_exposed_files = 5;  ///< named at most; one is reason enough
inline constexpr int max_looked_at_depth = 16;
inline constexpr std::size_t max_looked_at_entries = 100'000;

/// Whether a file or directory of this name is a version control's, holds keys, passwords or settings, or is a backup, a
/// database or source code: `.git`, `.env`, `*.key`, `id_rsa`, `*.bak`, `*.sql`, `*.cpp` and their like, in either case.
[[nodiscard]] bool is_exposed_name(std::string_view name) noexcept;

/// Whether a segment of the path is such a name: what was put into the folder after the start.
[[nodiscard]] bool is_exposed_path(std::string_view path) noexcept;

/// Whether a line of `text` begins a private key in PEM (RFC 7468, OpenSSH, PGP).
[[nodiscard]] bool holds_private_key(std::string_view text) noexcept;

/// Looks through a folder without following links. Files whose names begin with a dot are never served, and are looked for
/// all the same: they show that this is no folder made for serving.
[[nodiscard]] ExposedFiles find_exposed_files(const std::string& folder);

}  // namespace sallyport::http
