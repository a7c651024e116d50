// Edit distance over short names, in fixed memory.
#include "base/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sallyport::base {
namespace {

constexpr std::size_t longest = 64;

}  // namespace

unsigned edit_distance(std::string_view a, std::string_view b) noexcept {
  a = a.substr(0, longest);
  b = b.substr(0, longest);
  using Row = std::array<unsigned, longest + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<unsigned>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = static_cast<unsigned>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const unsigned changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view nearest_name(std::string_view misspelt, std::span<const std::string_view> names) noexcept {
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(1, std::min(misspelt.size(), longest) / 3) + 1;
  for (const std::string_view name : names) {
    const std::size_t distance = edit_distance(misspelt, name);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace sallyport::base
