// Writes the cells of a CSV file.
#include <sallyport/csv.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace sallyport::detail {
namespace {

// What spreadsheets take for the beginning of a formula, the full-width forms included.
bool begins_formula(std::string_view text) noexcept {
  if (text.empty()) return false;
  constexpr std::string_view beginnings = "=+-@\t\r\n";
  if (beginnings.find(text.front()) != beginnings.npos) return true;
  for (const std::string_view wide : {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"}) {
    if (text.starts_with(wide)) return true;
  }
  return false;
}

}  // namespace

void append_csv_text(std::string& out, std::string_view text) {
  out.push_back('"');
  // Spreadsheets skip spaces before they look.
  const std::size_t first = text.find_first_not_of(' ');
  if (first != text.npos && begins_formula(text.substr(first))) out.push_back('\'');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    if (c != '\0') out.push_back(c);
  }
  out.push_back('"');
}

void append_csv_real(std::string& out, double value) {
  if (!std::isfinite(value)) return;
  std::array<char, 32> text;
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

}  // namespace sallyport::detail
