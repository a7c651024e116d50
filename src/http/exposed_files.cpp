// Finds files that must not be in a served folder.
#include "http/exposed_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "base/character_class.hpp"

namespace sallyport::http {
namespace {

using std::string_view;

constexpr string_view names[] = {
    ".aws",     ".bzr",       ".env",   ".git",     ".gnupg",       ".hg",          ".htpasswd", ".netrc",
    ".npmrc",   ".pgpass",    ".ssh",   ".svn",     "cargo.toml",   "dockerfile",   "go.mod",    "id_dsa",
    "id_ecdsa", "id_ed25519", "id_rsa", "makefile", "node_modules", "package.json",
};
static_assert(std::ranges::is_sorted(names));

constexpr string_view extensions[] = {
    "bak",
    "c",
    "cc",
    "cfg",
    "conf",
    "cpp",
    "cs",
    "cxx",
    "db",
    "db-journal",
    "db-shm",
    "db-wal",
    "dump",
    "env",
    "go",
    "h",
    "hpp",
    "ini",
    "java",
    "jks",
    "jsx",
    "kdbx",
    "key",
    "keystore",
    "kt",
    "log",
    "lua",
    "old",
    "orig",
    "p12",
    "pem",
    "pfx",
    "php",
    "phtml",
    "pl",
    "ppk",
    "py",
    "rb",
    "rs",
    "save",
    "sql",
    "sqlite",
    "sqlite-journal",
    "sqlite-shm",
    "sqlite-wal",
    "sqlite3",
    "sqlite3-journal",
    "sqlite3-shm",
    "sqlite3-wal",
    "svelte",
    "swo",
    "swp",
    "toml",
    "tsx",
    "vue",
};
static_assert(std::ranges::is_sorted(extensions));

// Of what is compressed, its name before that decides: `dump.sql.gz`.
constexpr string_view compressed[] = {".br", ".bz2", ".gz", ".xz", ".zip", ".zst"};

string_view without_compression(string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(compressed);) {
    const bool ends = name.ends_with(compressed[i]);
    if (ends) name.remove_suffix(compressed[i].size());
    i = ends ? 0 : i + 1;
  }
  return name;
}

}  // namespace

bool is_exposed_name(string_view name) noexcept {
  // In lower case. No file has a longer name (NAME_MAX); of a text that is longer, the end shows its extension.
  std::array<char, 255> storage;
  const string_view end = name.substr(name.size() - std::min(name.size(), storage.size()));
  std::ranges::transform(end, storage.begin(), base::to_lower);
  const string_view lower = without_compression({storage.data(), end.size()});
  if (lower.starts_with(".env.") || lower.ends_with('~')) return true;
  if (std::ranges::binary_search(names, lower)) return true;
  const std::size_t dot = lower.rfind('.');
  return dot != lower.npos && dot != 0 && std::ranges::binary_search(extensions, lower.substr(dot + 1));
}

bool is_exposed_path(string_view path) noexcept {
  while (!path.empty()) {
    const string_view segment = path.substr(0, path.find('/'));
    if (is_exposed_name(segment)) return true;
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
  }
  return false;
}

bool holds_private_key(string_view text) noexcept {
  constexpr string_view begin = "-----BEGIN ";
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
    if (at != 0 && text[at - 1] != '\n' && text[at - 1] != '\r') continue;
    const string_view line = text.substr(at, text.find_first_of("\r\n", at) - at);
    if (line.ends_with("PRIVATE KEY-----") || line.ends_with("PRIVATE KEY BLOCK-----")) return true;
  }
  return false;
}

ExposedFiles find_exposed_files(const std::string& folder) {
  namespace fs = std::filesystem;
  ExposedFiles exposed;
  std::error_code error;
  std::size_t entries = 0;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  while (!error && entry != fs::recursive_directory_iterator{} && exposed.paths.size() < max_exposed_files) {
    if (++entries > max_looked_at_entries) {
      exposed.complete = false;
      break;
    }
    if (is_exposed_name(entry->path().filename().native())) {
      exposed.paths.push_back(entry->path().lexically_relative(folder).native());
      entry.disable_recursion_pending();  // one finding for `.git`, not one for each file in it
    } else if (entry.depth() + 1 >= max_looked_at_depth) {
      if (entry->symlink_status(error).type() == fs::file_type::directory) exposed.complete = false;
      entry.disable_recursion_pending();
    }
    entry.increment(error);
  }
  if (error) exposed.complete = false;
  std::ranges::sort(exposed.paths);
  return exposed;
}

}  // namespace sallyport::http
