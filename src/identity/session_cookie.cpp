// Writes and finds the session cookie.
#include "identity/session_cookie.hpp"

namespace sallyport::identity {
namespace {

std::string set_cookie(std::string_view value, const ops::SessionSettings& settings) {
  std::string field(session_cookie_name);
  field += '=';
  field += value;
  field += "; Path=/; Secure; HttpOnly; SameSite=";
  field += settings.same_site == ops::SameSite::lax ? "Lax" : "Strict";
  return field;
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string session_cookie(std::string_view value, const ops::SessionSettings& settings) {
  return set_cookie(value, settings);
}

std::string expired_session_cookie(const ops::SessionSettings& settings) {
  return set_cookie({}, settings) + "; Max-Age=0";
}

std::string_view session_cookie_of(std::string_view cookie_header) noexcept {
  std::string_view found;
  bool seen = false;
  for (std::size_t pairs = 0; !cookie_header.empty(); ++pairs) {
    if (pairs == max_cookies) return {};
    const std::size_t end = cookie_header.find(';');
    const std::string_view pair = without_blanks(cookie_header.substr(0, end));
    cookie_header = end == std::string_view::npos ? std::string_view{} : cookie_header.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != session_cookie_name) continue;
    if (seen) return {};
    seen = true;
    found = pair.substr(equals + 1);
  }
  return found;
}

}  // namespace sallyport::identity
