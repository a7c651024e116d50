// Writes and finds the session cookie.
#include "identity/session_cookie.hpp"

#include "http/cookie.hpp"

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

}  // namespace

std::string session_cookie(std::string_view value, const ops::SessionSettings& settings) {
  return set_cookie(value, settings);
}

std::string expired_session_cookie(const ops::SessionSettings& settings) {
  return set_cookie({}, settings) + "; Max-Age=0";
}

std::string_view session_cookie_of(std::string_view cookie_header) noexcept {
  return http::cookie_value(cookie_header, session_cookie_name);
}

}  // namespace sallyport::identity
