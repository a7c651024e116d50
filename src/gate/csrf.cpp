// Cross-site request forgery: a request that changes state and carries something the browser adds by itself must come
// from our own pages. Sec-Fetch-Site decides, Origin where it is missing; with both missing a token may, where tokens are on.
#include <sallyport/handler.hpp>

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"
#include "gate/checks.hpp"
#include "gate/cors.hpp"
#include "gate/csrf_token.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "gate/site.hpp"
#include "http/cookie.hpp"
#include "identity/session_cookie.hpp"

#include <algorithm>

namespace sallyport::gate {
namespace {

using http::KnownHeader;

bool refused(Exchange& exchange, std::string_view reason) {
  security_event(exchange, "malicious_csrf", reason);
  refuse(exchange, problems::cross_origin);
  return false;
}

bool origin_allowed(const Exchange& exchange, const http::KnownField& origin) {
  return origin && !origin.repeated && exchange.site.trusts_pages_of(exchange, origin.value);
}

// --- Tokens

/// Tokens of visitors without a session are bound to this cookie: a sign-in form needs a token too. Lax, so that a link from
/// another site sends the cookie and does not replace it, which would invalidate the forms that are open.
constexpr std::string_view visitor_cookie_name = "__Host-Http-visitor";
constexpr std::string_view visitor_cookie_attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

// What a token is bound to; it is invalid once the session id has changed. Empty when there is neither session nor
// cookie.
std::string_view binding_of(const Exchange& exchange) {
  const std::string_view cookies = exchange.cookies();
  const std::string_view session = identity::session_cookie_of(cookies);
  return session.empty() ? http::cookie_value(cookies, visitor_cookie_name) : session;
}

bool token_holds(const Exchange& exchange, std::string_view token) {
  const std::string_view binding = binding_of(exchange);
  const Rules& rules = exchange.rules;
  return rules.tokens && !binding.empty() && rules.tokens->verify(token, binding, exchange.loop.clock.wall());
}

// Neither Sec-Fetch-Site nor Origin: a browser of before 2020, or none.
bool token_decides(Exchange& exchange) {
  if (!exchange.rules.csrf_tokens) return refused(exchange, "neither Sec-Fetch-Site nor Origin");
  const auto token = exchange.head.known(KnownHeader::x_csrf_token);
  if (token) {
    if (!token.repeated && token_holds(exchange, token.value)) return true;
    return refused(exchange, "X-CSRF-Token does not verify");
  }
  if (!exchange.facts || !exchange.facts->reads_form) {
    return refused(exchange, "neither Sec-Fetch-Site nor Origin nor X-CSRF-Token");
  }
  exchange.csrf_token_wanted = true;
  return true;
}

// Takes the member `_csrf` out of a form, because Form<T> would refuse it as unknown. Browsers escape no character of the name or of a
// token (WHATWG URL, "application/x-www-form-urlencoded percent-encode set"): what is written in another way is no token of ours.
std::string_view take_token(Exchange& exchange) {
  constexpr std::string_view name = "&_csrf=";
  const std::string_view body = exchange.body;
  const bool first = body.starts_with(name.substr(1));
  const std::size_t begin = first ? 0 : body.find(name);
  if (begin == body.npos) return {};
  const std::size_t value = begin + name.size() - (first ? 1 : 0);
  const std::size_t end = std::min(body.find('&', value), body.size());
  const std::string_view rest = body.substr(end);
  if (first) {
    exchange.body = rest.substr(rest.empty() ? 0 : 1);
  } else if (rest.empty()) {
    exchange.body = body.substr(0, begin);
  } else {
    exchange.edited_body.assign(body.substr(0, begin)).append(rest);
    exchange.body = exchange.edited_body;
  }
  return body.substr(value, end - value);
}

}  // namespace

bool Site::has_ambient_authority(const Exchange& exchange) const noexcept {
  return exchange.head.has(KnownHeader::cookie) || (exchange.facts && exchange.facts->begins_session);
}

bool Site::trusts_pages_of(const Exchange& exchange, std::string_view origin) const noexcept {
  return exchange.cors.credentials || is_listed(rules.trusted_origins, origin);
}

bool csrf(Exchange& exchange) {
  if (exchange.safe_method()) return true;  // a GET handler can't write: DATA-001
  const auto& head = exchange.head;
  if (!exchange.site.has_ambient_authority(exchange))
    return true;  // no credentials that a foreign page could make use of
  if (exchange.facts && exchange.facts->signed_body) return true;  // cookies say nothing there, and no page can sign

  const auto origin = head.known(KnownHeader::origin);
  if (const auto site = head.known(KnownHeader::sec_fetch_site)) {
    if (site.repeated) return refused(exchange, "Sec-Fetch-Site repeated");
    if (origin_allowed(exchange, origin)) return true;
    // `none`: typed, a bookmark, a reload: no site caused it.
    if (site.value == "same-origin" || site.value == "none") {
      if (!origin || (!origin.repeated && may_be_same_origin(exchange, origin.value))) return true;
      return refused(exchange, "Sec-Fetch-Site and Origin contradict each other");
    }
    return refused(exchange, "Sec-Fetch-Site is not same-origin");
  }
  if (!origin) return token_decides(exchange);
  if (origin.repeated) return refused(exchange, "Origin repeated");
  // Compared with the configured origin, never with Host: scheme and port are compared, too, and "null" is never equal.
  if (origin.value == exchange.rules.origin || origin_allowed(exchange, origin)) return true;
  return refused(exchange, "Origin is not ours");
}

bool csrf_token_in_form(Exchange& exchange) {
  if (!exchange.rules.csrf_tokens || !exchange.facts || !exchange.facts->reads_form) return true;
  const std::string_view token = take_token(exchange);
  if (!exchange.csrf_token_wanted)
    return true;  // a current browser has proved it by its headers, and its form still has the member `_csrf`
  if (token_holds(exchange, token)) return true;
  return refused(exchange, token.empty() ? "neither Sec-Fetch-Site nor Origin, and no _csrf in the form"
                                         : "_csrf in the form does not verify");
}

}  // namespace sallyport::gate

namespace sallyport::detail {

std::string csrf_token_of(Exchange& exchange) {
  const gate::Rules& rules = exchange.rules;
  if (!rules.csrf_tokens || !rules.tokens) return {};
  std::string visitor;
  std::string_view binding = gate::binding_of(exchange);
  if (binding.empty()) {
    binding = visitor = crypto::encode_base64url(crypto::random_128());
    std::string& cookie = exchange.answer.cookies.emplace_back(gate::visitor_cookie_name);
    cookie.append("=").append(visitor).append(gate::visitor_cookie_attributes);
  }
  return rules.tokens->issue(binding, exchange.loop.clock.wall());
}

}  // namespace sallyport::detail
