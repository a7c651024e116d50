// Fixes of findings as a user takes them: pasted from the terminal into the settings file or onto the command line.
#pragma once

#include "ops/settings.hpp"
#include "ops/settings_file.hpp"
#include "ops/settings_table.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::testing {

inline std::string faults_of(const ops::Findings& findings) {
  std::string out;
  for (const ops::Finding& finding : findings.list()) out.append(finding.reason).append("\n");
  return out;
}

/// What is wrong with one line of a settings file: nothing where it sets what it names.
inline std::string fault_of_line(std::string_view line) {
  ops::Findings findings;
  ops::Settings settings;
  for (ops::FileEntry& entry : ops::parse_settings(line, "fix", findings)) {
    const auto table = ops::settings_table();
    const auto setting =
        std::find_if(table.begin(), table.end(), [&](const ops::Setting& known) { return known.key == entry.key; });
    if (setting == table.end()) return "no such setting: " + entry.key;
    if (auto finding = ops::assign(*setting, entry.value, settings, entry.where)) findings.add(std::move(*finding));
  }
  return faults_of(findings);
}

/// What is wrong with one flag as it stands in a shell, its value with or without double quotes.
inline std::string fault_of_flag(std::string flag) {
  std::erase(flag, '"');
  const char* const words[] = {"notes", flag.c_str()};
  ops::Findings findings;
  static_cast<void>(ops::load_settings(words, {}, findings));
  return faults_of(findings);
}

/// A word of a shell from `begin` on: up to the next space, double quotes holding spaces together.
inline std::string shell_word_at(std::string_view text, std::size_t begin) {
  bool quoted = false;
  std::size_t end = begin;
  for (; end < text.size() && (quoted || (text[end] != ' ' && text[end] != ';' && text[end] != ',')); ++end) {
    if (text[end] == '"') quoted = !quoted;
  }
  return std::string(text.substr(begin, end - begin));
}

/// A value of TOML from `begin` on: a text, a list, or a word.
inline std::string toml_value_at(std::string_view text, std::size_t begin) {
  const char first = begin < text.size() ? text[begin] : ' ';
  std::size_t end = 0;
  if (first == '"' || first == '[')
    end = text.find(first == '"' ? '"' : ']', begin + 1) + 1;
  else
    end = std::min(text.find_first_of(" ,;", begin), text.size());
  return std::string(text.substr(begin, end - begin));
}

/// What is wrong with the settings that `fix` shows, each pasted as it stands: nothing where all are taken.
inline std::string fault_of_fix(std::string_view fix) {
  std::string faults;
  for (const ops::Setting& setting : ops::settings_table()) {
    const std::string key(setting.key);
    if (const auto dot = key.find('.'); dot != key.npos && fix.find('[' + key.substr(0, dot) + "] ") != fix.npos)
      return "a section and a name in one line are not TOML: " + std::string(fix);
    for (std::size_t at = fix.find(key + " = "); at != fix.npos; at = fix.find(key + " = ", at + 1)) {
      faults += fault_of_line(key + " = " + toml_value_at(fix, at + key.size() + 3));
    }
  }
  for (std::size_t at = fix.find("--"); at != fix.npos; at = fix.find("--", at + 2)) {
    const std::string flag = shell_word_at(fix, at);
    if (flag.find_first_of(".=") != flag.npos) faults += fault_of_flag(flag);
  }
  return faults.empty() ? faults : faults + "in: " + std::string(fix);
}

}  // namespace sallyport::testing
