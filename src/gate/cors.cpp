// CORS (Fetch standard, "CORS protocol"): answers preflights, records what a listed origin may read, and refuses state
// changes from every other foreign origin.
#include "gate/cors.hpp"

#include <sallyport/cors.hpp>

#include "base/character_class.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "http/origin.hpp"

#include <algorithm>
#include <optional>

namespace sallyport::gate {
namespace {

using Facts = sallyport::detail::CorsFacts;
using http::KnownHeader;

bool refused(Exchange& exchange, std::string_view reason, const Problem& problem = problems::cross_origin) {
  security_event(exchange, "malicious_cors", reason);
  refuse(exchange, problem);
  return false;
}

// Sec-Fetch-Site may say so alone: a form of our own under `no-referrer` sends `Origin: null`. Not against an Origin that is foreign.
bool is_our_page(const Exchange& exchange, const http::KnownField& origin) {
  if (origin.repeated) return false;
  if (origin.value == exchange.rules.origin) return true;
  const auto site = exchange.head.known(KnownHeader::sec_fetch_site);
  return !site.repeated && (site.value == "same-origin" || site.value == "none") &&
         may_be_same_origin(exchange, origin.value);
}

// Compared byte by byte with the configured text: what is not parsed can't be parsed in two ways.
bool may_read(const Exchange& exchange, const Facts& facts, std::string_view origin) {
  switch (facts.kind) {
    case Facts::Origins::listed:
      return std::find(facts.origins.begin(), facts.origins.end(), origin) != facts.origins.end();
    case Facts::Origins::configured:
      return is_listed(exchange.rules.cors_origins, origin);
    case Facts::Origins::any:
      return http::parse_origin(origin).has_value();  // `null` names no origin, here too
  }
  return false;
}

// What lets this origin read the answer; null: nothing. The answer of a path that has no such route, or none of this method, says no more
// than that: who may read the others may read it.
const Facts* facts_for(const Exchange& exchange, const http::KnownField& origin) {
  if (origin.repeated) return nullptr;
  const Facts* const own = exchange.facts ? exchange.facts->cors : nullptr;
  if (exchange.facts) return own && may_read(exchange, *own, origin.value) ? own : nullptr;
  const Facts* found = nullptr;
  for (const Facts* const other : exchange.cors_nearby) {
    // With credentials rather than without: a script that sends them can't read an answer that does not say so.
    if (may_read(exchange, *other, origin.value) && (!found || other->credentials)) found = other;
  }
  return found;
}

void grant(Exchange& exchange, const Facts& facts, std::string_view origin) {
  const bool any = facts.kind == Facts::Origins::any;
  exchange.cors = {.origin = any ? "*" : origin,
                   .credentials = facts.credentials,
                   .any = any,
                   .expose = facts.expose,
                   .preflight = false,
                   .methods = {},
                   .headers = {}};
}

// The next name of a list; nothing at its end.
std::optional<std::string_view> take_name(std::string_view& list) noexcept {
  if (!list.data()) return std::nullopt;
  const std::size_t comma = list.find(',');
  std::string_view name = list.substr(0, comma);
  list = comma == list.npos ? std::string_view() : list.substr(comma + 1);
  while (!name.empty() && (name.front() == ' ' || name.front() == '\t')) name.remove_prefix(1);
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  return name;
}

bool headers_allowed(std::string_view asked, std::string_view allowed) {
  if (asked.empty()) return true;  // some browsers send the field with nothing in it
  while (const auto name = take_name(asked)) {
    bool found = false;
    for (std::string_view rest = allowed; !found;) {
      const auto one = take_name(rest);
      if (!one) return false;
      found = base::equal_ignoring_case(*name, *one);
    }
  }
  return true;
}

bool preflight(Exchange& exchange, const http::KnownField& origin) {
  const Facts* const facts = exchange.facts ? facts_for(exchange, origin) : nullptr;
  if (!facts) return refused(exchange, "preflight: this origin may not call this route", problems::cross_origin_call);
  const auto method = exchange.head.known(KnownHeader::access_control_request_method);
  if (method.repeated)
    return refused(exchange, "preflight: Access-Control-Request-Method repeated", problems::cross_origin_call);
  const auto headers = exchange.head.known(KnownHeader::access_control_request_headers);
  const std::string_view allowed = facts->headers;
  if (headers.repeated || !headers_allowed(headers.value, allowed)) {
    return refused(exchange, "preflight: a request field that this route does not allow", problems::cross_origin_call);
  }
  grant(exchange, *facts, origin.value);
  exchange.cors.preflight = true;
  exchange.cors.expose = {};
  exchange.cors.methods = method.value;  // a method of this path: otherwise `facts` would be null
  exchange.cors.headers = allowed;
  exchange.answer.status = 204;
  return false;
}

}  // namespace

bool may_be_same_origin(const Exchange& exchange, std::string_view origin) noexcept {
  if (origin == "null" || origin == exchange.rules.origin) return true;
  const std::string_view ours = exchange.rules.origin;
  const std::size_t scheme = ours.find("://") + 3;
  return origin.size() > scheme && origin.substr(0, scheme) == ours.substr(0, scheme) &&
         http::same_authority(ours.starts_with("https:"), origin.substr(scheme), exchange.head.host);
}

bool cors(Exchange& exchange) {
  const auto origin = exchange.head.known(KnownHeader::origin);
  if (!origin || is_our_page(exchange, origin)) return true;
  if (exchange.preflight) return preflight(exchange, origin);
  if (const Facts* const facts = facts_for(exchange, origin)) {
    grant(exchange, *facts, origin.value);
    return true;
  }
  if (exchange.safe_method()) return true;  // changes no state, and the browser does not show the answer to the page
  if (!origin.repeated && is_listed(exchange.rules.trusted_origins, origin.value)) return true;
  return refused(exchange, origin.repeated ? "Origin repeated" : "this origin may not call this route");
}

// --- Settings

namespace {

std::string_view fault_of(std::string_view entry, bool development) {
  if (entry.find('*') != entry.npos) return "is a pattern: every origin is named exactly";
  if (entry == "null") return "is null, which every sandboxed page sends";
  const auto origin = http::parse_origin(entry);
  if (!origin) return "is no origin as a browser sends it: scheme, host in lower case, port, nothing behind it";
  if (origin->https) return {};
  const std::string_view host = origin->authority.substr(0, origin->authority.find(':'));
  if (development && (host == "localhost" || host == "127.0.0.1")) return {};
  return "is not https";
}

void check(const char* setting, const std::vector<std::string>& origins, bool development, ops::Findings& findings) {
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const std::string_view fault = fault_of(origins[i], development);
    if (!fault.empty()) {
      findings.add("CFG-043", setting, "entry " + std::to_string(i + 1) + " " + std::string(fault),
                   "name https origins exactly, as a browser sends them: " + std::string(setting) +
                       " = [\"https://app.example\"]");
    }
  }
}

}  // namespace

void check_origin_settings(const ops::Settings& settings, ops::Findings& findings) {
  const bool development = settings.mode == ops::Mode::development;
  check("cors.origins", settings.cors.origins, development, findings);
  check("csrf.trusted_origins", settings.csrf.trusted_origins, development, findings);
}

}  // namespace sallyport::gate
