// Reading the settings file. The only place that sees the TOML library.
#include "ops/settings_file.hpp"

#include "base/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace sallyport::ops {
namespace {

std::string system_reason(int error) { return std::generic_category().message(error); }

/// The file's text. Opened once: what is examined is what is read.
std::optional<std::string> read_text(const std::string& path, Findings& findings) {
  const auto refuse = [&](std::string reason, std::string fix) {
    findings.add("CFG-024", path, std::move(reason), std::move(fix));
    return std::nullopt;
  };
  // Without O_NONBLOCK, a pipe in the file's place would wait for a writer for ever.
  const base::Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    return refuse("can't read the settings file: " + system_reason(errno), "name a file that exists: --config FILE");
  }
  if (!S_ISREG(status.st_mode))
    return refuse("the settings file is not a plain file", "name a TOML file: --config FILE");
  if ((status.st_mode & S_IWOTH) != 0) {
    findings.add("CFG-024", path, "everybody can write the settings file", "chmod o-w " + path);
  }
  const std::string too_large = "the settings file is larger than 1 MiB";
  if (status.st_size > static_cast<off_t>(max_settings_file))
    return refuse(too_large, "name a TOML file: --config FILE");

  // One byte more than is allowed shows a file that has grown since.
  std::string text(max_settings_file + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse("can't read the settings file: " + system_reason(errno), "check the disk");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_settings_file) return refuse(too_large, "name a TOML file: --config FILE");
  text.resize(size);
  return text;
}

Value value_of(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* array = node.as_array()) {
    std::vector<std::string> items;
    for (const toml::node& item : *array) {
      const auto* text = item.as_string();
      if (text == nullptr) return {};
      items.push_back(text->get());
    }
    return items;
  }
  return {};
}

}  // namespace

std::vector<FileEntry> parse_settings(std::string_view text, const std::string& path, Findings& findings) {
  const toml::parse_result result = toml::parse(text, path);
  if (!result) {
    const toml::parse_error& error = result.error();
    findings.add("CFG-024", path + ':' + std::to_string(error.source().begin.line), std::string{error.description()},
                 "section.name = value at the top of the file, or name = value in a line below [section]; one of both "
                 "for a section");
    return {};
  }
  std::vector<FileEntry> entries;
  const auto add = [&](std::string key, const toml::node& node) {
    const std::size_t line = node.source().begin.line;
    std::string where = path + ':' + std::to_string(line) + ' ' + key;
    entries.push_back({std::move(key), std::move(where), line, value_of(node)});
  };
  for (const auto& [name, node] : result.table()) {
    const std::string section{name.str()};
    const toml::table* members = node.as_table();
    if (members == nullptr) {
      add(section, node);
      continue;
    }
    for (const auto& [member, value] : *members) add(section + '.' + std::string{member.str()}, value);
  }
  // The library sorts by name; people mend a file from top to bottom.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const FileEntry& a, const FileEntry& b) { return a.line < b.line; });
  return entries;
}

std::vector<FileEntry> read_settings_file(const std::string& path, Findings& findings) {
  const auto text = read_text(path, findings);
  return text ? parse_settings(*text, path, findings) : std::vector<FileEntry>{};
}

}  // namespace sallyport::ops
