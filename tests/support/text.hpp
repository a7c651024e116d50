// Looks into texts: what tests ask of a log or a page.
#pragma once

#include <cstddef>
#include <string_view>

namespace sallyport::testing {

[[nodiscard]] inline std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace sallyport::testing
