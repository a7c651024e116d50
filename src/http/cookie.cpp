// One pass over the pairs of a Cookie field.
#include "http/cookie.hpp"

#include "base/character_class.hpp"

namespace sallyport::http {
std::string_view cookie_value(std::string_view field, std::string_view name) noexcept {
  std::string_view found;
  bool seen = false;
  while (!field.empty()) {
    const std::size_t end = field.find(';');
    const std::string_view pair = base::trim_blanks(field.substr(0, end));
    field = end == std::string_view::npos ? std::string_view{} : field.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (seen) return {};
    seen = true;
    found = pair.substr(equals + 1);
  }
  return found;
}

}  // namespace sallyport::http
