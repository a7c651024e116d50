// Reports of violated policies (Reporting API, CSP 3 5.3): a browser's report becomes a security event. Reports are untrusted, so they
// are bounded in size, have a limit of their own and are not stored; only the directive and the two origins are logged.
#include "route/reports.hpp"

#include "gate/security_event.hpp"
#include "route/reports_event.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>

namespace sallyport {
namespace route {

void ReportLog::write(const Violation& violation) const {
  std::string reason(violation.directive);
  if (!violation.blocked.empty()) reason.append(" blocked ").append(violation.blocked);
  if (!violation.document.empty()) reason.append(" on ").append(violation.document);
  gate::security_event(*exchange_, "malicious_csp_violation", reason);
}

namespace {

constexpr std::size_t largest_report = std::size_t{64} * 1024;
constexpr std::size_t reports_per_request = 20;
constexpr std::size_t longest_text = 200;

// Scheme and host of an address, or a word (`inline`): paths, queries and user names hold secrets.
std::string_view address_of(std::string_view text) noexcept {
  const std::size_t scheme = text.find("://");
  if (scheme == text.npos) return text.substr(0, text.find_first_of("/?#@"));
  const std::size_t host = scheme + 3;
  const std::size_t end = std::min(text.find_first_of("/?#", host), text.size());
  return text.substr(0, end).find('@', host) == text.npos ? text.substr(0, end) : text.substr(0, scheme);
}

std::string_view text_of(const simdjson::dom::element& object, const char* name) noexcept {
  std::string_view text;
  return object[name].get(text) == simdjson::SUCCESS ? text.substr(0, longest_text) : std::string_view();
}

// `application/reports+json` has `body` with camelCase names, `application/csp-report` has `csp-report` with names of its own.
Violation violation_of(const simdjson::dom::element& report) noexcept {
  simdjson::dom::element body;
  if (report["csp-report"].get(body) == simdjson::SUCCESS) {
    return {text_of(body, "effective-directive"), address_of(text_of(body, "blocked-uri")),
            address_of(text_of(body, "document-uri"))};
  }
  if (report["body"].get(body) != simdjson::SUCCESS) return {};
  const std::string_view directive = text_of(body, "effectiveDirective");
  return {directive.empty() ? text_of(report, "type") : directive, address_of(text_of(body, "blockedURL")),
          address_of(text_of(body, "documentURL"))};
}

Task<NoContent> receive_reports(BodyStream<largest_report> body, ReportLog log) {
  std::string text;
  while (const auto piece = co_await body.next()) piece->append_to(text);
  simdjson::dom::parser parser(largest_report);
  simdjson::dom::element reports;
  if (parser.parse(text).get(reports) != simdjson::SUCCESS) throw Problem(400, "Not a report");
  simdjson::dom::array list;
  if (reports.get(list) != simdjson::SUCCESS) {
    log.write(violation_of(reports));
    co_return NoContent{};
  }
  std::size_t count = 0;
  for (const simdjson::dom::element report : list) {
    if (++count > reports_per_request) break;
    log.write(violation_of(report));
  }
  co_return NoContent{};
}

}  // namespace

Router kernel_routes() {
  using namespace std::chrono_literals;
  Router routes;
  routes.post("/.well-known/reports", anyone("browsers report violated policies without signing in"),
              limit{"reports", 60, 1min}, receive_reports);
  return routes;
}

}  // namespace route
}  // namespace sallyport
