// Looks at each answer that a test gets as the library's own tests look at theirs.
#include "testing/core.hpp"
#include "testing/raw_answer.hpp"

#include <algorithm>
#include <optional>

namespace sallyport::test::detail {
namespace {

std::optional<RouteMethod> method_of(std::string_view name) noexcept {
  if (name == "GET" || name == "HEAD") return RouteMethod::get;
  if (name == "POST") return RouteMethod::post;
  if (name == "PUT") return RouteMethod::put;
  if (name == "PATCH") return RouteMethod::patch;
  if (name == "DELETE") return RouteMethod::del;
  return std::nullopt;
}

bool as_by_default(const ops::HeaderSettings& headers) {
  const ops::HeaderSettings defaults;
  return headers.hsts_seconds == defaults.hsts_seconds && headers.hsts_subdomains == defaults.hsts_subdomains &&
         headers.hsts_preload == defaults.hsts_preload && headers.csp.empty() && headers.csp_report_only.empty() &&
         headers.permissions_policy.empty();
}

}  // namespace

std::vector<std::string> Core::broken(const Answer::Facts& facts, std::string_view method,
                                      std::string_view target) const {
  testing::ResponseFields fields;
  for (const auto& [name, value] : facts.fields) fields.emplace_back(lower_case(name), value);
  const route::RouteTable& table = service_->table;
  const auto verb = method_of(method);
  const route::Route* const route = verb ? table.route_of(*verb, target.substr(0, target.find('?'))) : nullptr;
  const ops::Settings& settings = service_->settings;
  testing::ResponseContext context;
  context.tls = settings.tls.enabled;
  context.same_site = settings.sessions.same_site == ops::SameSite::lax ? "Lax" : "Strict";
  context.own_policies =
      !as_by_default(settings.headers) ||
      table.header_options().at(route ? route->headers : 0) != sallyport::detail::HeaderOptions() ||
      std::ranges::any_of(fields, [](const auto& field) { return field.first.starts_with("access-control-"); });
  std::vector<std::string> broken = testing::broken_invariants(fields, facts.status, context);
  if (!context.own_policies && method != "HEAD") {
    for (std::string& each : testing::broken_page(fields, facts.body)) broken.push_back(std::move(each));
  }
  return broken;
}

}  // namespace sallyport::test::detail
