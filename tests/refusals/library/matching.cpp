// A library that matches texts by std::regex: the tests of CFG-026 read its file.
#include <regex>
#include <string>

bool is_tags(const std::string& text);
bool is_tags(const std::string& text) {
  static const std::regex tags("([a-z0-9]+ ?)+");
  return std::regex_match(text, tags);
}
