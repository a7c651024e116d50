// From the route table and the settings to the report, in one pass.
#include "start/policy_report.hpp"

#include <sallyport/webhook.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

namespace sallyport::start {
namespace {

constexpr std::array<std::string_view, route::route_methods> method_names{"GET", "POST", "PUT", "PATCH", "DELETE"};
constexpr std::string_view policy_names[] = {"anyone", "signed_in", "role",   "owner",
                                             "when",   "any_of",    "all_of", "signed_by"};

std::string_view name_of(const detail::PolicyFacts& policy) {
  return policy_names[static_cast<std::size_t>(policy.kind)];
}

// What stands behind the policy's name.
std::string note_of(const detail::PolicyFacts& policy, std::string_view owned) {
  std::string out(policy.kind == detail::PolicyFacts::Kind::owner ? owned : policy.note);
  for (const std::string_view role : policy.roles) out.append(out.empty() ? "" : " or ").append(role);
  for (const detail::PolicyFacts& part : policy.parts) {
    out.append(out.empty() ? "(" : ", ").append(name_of(part));
    const std::string note = note_of(part, owned);
    if (!note.empty()) out.append(part.is_anyone() ? ": " : " ").append(note);
  }
  if (!policy.parts.empty()) out += ')';
  if (policy.hidden) out += ", hidden";
  return out;
}

std::string time_text(std::chrono::seconds time) {
  using namespace std::chrono;
  if (time % hours(1) == seconds(0)) return std::to_string(duration_cast<hours>(time).count()) + " h";
  if (time % minutes(1) == seconds(0)) return std::to_string(duration_cast<minutes>(time).count()) + " min";
  return std::to_string(time.count()) + " s";
}

std::string range_text(const detail::TypeInfo& type) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  if (!type.bounded || (type.min == lowest && type.max == highest)) return {};
  return ' ' + std::to_string(type.min) + ".." + (type.max == highest ? "" : std::to_string(type.max));
}

std::string type_text(const detail::TypeInfo& type) {
  switch (type.kind) {
    case detail::Kind::boolean:
      return "boolean";
    case detail::Kind::integer:
      return "integer" + range_text(type);
    case detail::Kind::real:
      return "number" + range_text(type);
    case detail::Kind::scalar:
      // The bounds of an address or an id are part of its form.
      if (type.format.empty()) return "text" + range_text(type);
      return std::string(type.format) + (type.secret ? range_text(type) : "");
    case detail::Kind::choice: {
      std::string out = "one of";
      for (const std::string_view choice : type.choices) out.append(out.ends_with("of") ? " " : "|").append(choice);
      return out;
    }
    case detail::Kind::optional:
      return "optional " + type_text(*type.element);
    case detail::Kind::list:
      return "up to " + std::to_string(type.max) + " of " + type_text(*type.element);
    case detail::Kind::structure:
      return "object";
  }
  return {};
}

// What the members of an input may be called, and why.
void add_excuses(const std::string& prefix, const detail::FieldInfo& field, std::vector<Relaxation>& relaxations) {
  const auto add = [&](std::string_view name, std::string_view why) {
    if (why.empty()) return;
    Relaxation relaxation{
        .name = std::string(name), .value = prefix + std::string(field.name), .reason = std::string(why)};
    const bool known = std::any_of(relaxations.begin(), relaxations.end(),
                                   [&](const Relaxation& each) { return each.text() == relaxation.text(); });
    if (!known) relaxations.push_back(std::move(relaxation));
  };
  add("client_may_set", field.client_may_set);
  add("not_secret", field.not_secret);
}

// Types end somewhere: a struct inside itself does not compile (SCHEMA-003).
void add_members(std::string_view place, const std::string& prefix, const detail::TypeInfo& structure,
                 RouteReport& report) {
  for (const detail::FieldInfo& field : structure.fields) {
    std::string name = prefix + std::string(field.name);
    report.inputs.push_back({place, name, type_text(*field.type)});
    add_excuses(prefix, field, report.relaxations);
    const detail::TypeInfo* inner = field.type;
    for (; inner->kind == detail::Kind::optional || inner->kind == detail::Kind::list; inner = inner->element) {
      if (inner->kind == detail::Kind::list) name += "[]";
    }
    if (inner->kind == detail::Kind::structure) add_members(place, name + '.', *inner, report);
  }
}

void add_inputs(const route::Route& route, const ops::Settings& settings, RouteReport& report) {
  const detail::HandlerFacts& facts = route.handler.facts;
  for (const std::string& name : route.parameter_names) {
    std::string type;
    for (const auto& taken : facts.parameters) {
      if (taken.name == name) type = type_text(*taken.type);
    }
    report.inputs.push_back({"path", name, std::move(type)});
  }
  for (const detail::HandlerFacts::Field& field : facts.fields)
    report.inputs.push_back({field.place, std::string(field.name), type_text(*field.type)});
  if (facts.query) add_members("query", {}, *facts.query, report);
  if (facts.body_pieces != 0) {
    report.body = "stream";
    report.body_bytes = facts.body_pieces;
  } else if (facts.body) {
    report.body = facts.reads_json ? "json" : "form";
    report.body_bytes = facts.reads_json ? settings.limits.json : settings.limits.form;
    add_members(report.body, {}, *facts.body, report);
  } else if (facts.webhook) {
    report.body = "bytes";
    report.body_bytes = settings.limits.json;
  }
}

RouteReport::Output output_of(const detail::AnswerFacts& facts) {
  constexpr std::string_view kinds[] = {"nothing", "json", "page", "problem", "response", "stream", "events", "bytes"};
  return {.kind = kinds[static_cast<std::size_t>(facts.kind)],
          .status = facts.status,
          .type = std::string(facts.type_name),
          .list = facts.list,
          .members = {facts.members.begin(), facts.members.end()}};
}

RouteReport::Output output_of(const route::Route& route) {
  if (route.asset)
    return {.kind = "asset", .status = 200, .type = std::string(route.asset->content_type), .members = {}};
  if (route.folder) return {.kind = "files", .type = route.folder->path, .members = {}};
  return output_of(*route.handler.facts.answer);
}

// What a webhook is signed by, and how long its sender has.
std::string webhook_text(const WebhookScheme& scheme) {
  std::string out(scheme.signature);
  out.append(" under the secret ").append(scheme.secret);
  if (!scheme.timestamp.empty()) return out.append(", sent within ").append(time_text(scheme.tolerance));
  return out.append(", without a time of sending");
}

std::string note_of(const route::Route& route) {
  if (route.policy.kind == detail::PolicyFacts::Kind::signed_by && route.handler.facts.webhook)
    return webhook_text(*route.handler.facts.webhook);
  return note_of(route.policy, route.handler.facts.owned);
}

RouteReport report_of(const route::Route& route, const ops::Settings& settings) {
  RouteReport report{.method = method_names[static_cast<std::size_t>(route.method)],
                     .path = route.pattern,
                     .policy = name_of(route.policy),
                     .note = note_of(route),
                     .behind = {},
                     .takes = {route.handler.facts.owns.begin(), route.handler.facts.owns.end()},
                     .limits = {},
                     .body = {},
                     .inputs = {},
                     .output = output_of(route),
                     .calls = {route.handler.facts.outbound.begin(), route.handler.facts.outbound.end()},
                     .relaxations = {}};
  for (const detail::PolicyFacts& each : route.options.policies) {
    const std::string note = note_of(each, {});
    report.behind.push_back(std::string(name_of(each)) + (note.empty() ? "" : " ") + note);
  }
  if (route.limits_attempts) {
    report.limits.push_back(std::to_string(route.limit.max) + " failures per account and " +
                            std::to_string(route.limit.max_per_source) + " per source in " +
                            time_text(route.limit.per));
  }
  for (const detail::LimitFacts& limit : route.options.limits) report.add_limit(limit);
  if (route.options.max_concurrent != 0)
    report.limits.push_back(std::to_string(route.options.max_concurrent) + " at once");
  add_inputs(route, settings, report);
  if (route.handler.facts.finds_people)
    report.relaxations.push_back({.name = "people", .value = "tells who has an account with an e-mail", .reason = {}});
  if (const auto& cache = route.options.cache)
    report.relaxations.push_back(
        {.name = cache->is_public ? "cache" : "cache_private", .value = time_text(cache->time), .reason = {}});
  for (const std::string_view role : route.options.gives)
    report.relaxations.push_back({.name = "gives", .value = std::string(role), .reason = {}});
  for (const detail::SharedFacts& shared : route.options.shared) {
    report.relaxations.push_back(
        {.name = "shared", .value = std::string(shared.type), .reason = std::string(shared.why)});
  }
  report.add_relaxations(route.options.headers);
  if (route.options.cors) report.add_cors(*route.options.cors);
  // What the settings choose for all routes is reported once, for all of them.
  const ops::HeaderSettings& of_all = settings.headers;
  std::erase_if(report.relaxations, [&](const Relaxation& each) {
    return each.reason.empty() && ((each.name == "csp" && each.value == of_all.csp) ||
                                   (each.name == "csp_report_only" && each.value == of_all.csp_report_only) ||
                                   (each.name == "permissions" && each.value == of_all.permissions_policy));
  });
  return report;
}

template <class Items>
std::string join(const Items& items) {
  std::string out;
  for (const auto& item : items) out.append(out.empty() ? "" : ", ").append(item);
  return out;
}

std::vector<Relaxation> relaxations_of(const ops::Settings& settings) {
  std::vector<Relaxation> found;
  const auto add = [&](std::string_view name, std::string value) {
    if (!value.empty()) found.push_back({.name = std::string(name), .value = std::move(value), .reason = {}});
  };
  const ops::HeaderSettings defaults;
  const ops::HeaderSettings& headers = settings.headers;
  add("cors.origins", join(settings.cors.origins));
  add("csrf.trusted_origins", join(settings.csrf.trusted_origins));
  add("headers.csp", headers.csp);
  add("headers.csp_report_only", headers.csp_report_only);
  if (headers.hsts_seconds < defaults.hsts_seconds) add("headers.hsts_seconds", std::to_string(headers.hsts_seconds));
  if (!headers.hsts_subdomains) add("headers.hsts_subdomains", "false");
  add("headers.permissions_policy", headers.permissions_policy);
  std::vector<std::string> allowed;
  allowed.reserve(settings.limits.allow.size());
  for (const base::IpRange& range : settings.limits.allow) allowed.push_back(range.text());
  add("limits.allow", join(allowed));
  return found;
}

}  // namespace

std::string Relaxation::text() const {
  std::string out = name;
  if (!value.empty()) out.append(" ").append(value);
  if (!reason.empty()) out.append(": ").append(reason);
  return out;
}

void RouteReport::add_limit(const detail::LimitFacts& limit) {
  constexpr std::string_view whom[] = {" per client", " per account", " for everybody together"};
  std::string text(limit.name);
  text +=
      ": " + std::to_string(limit.max) + (limit.of_failures ? " failures" : " calls") + " in " + time_text(limit.per);
  text += whom[static_cast<std::size_t>(limit.by)];
  if (limit.in_windows) text += ", in windows";
  if (limit.cost != 1) text += ", each costs " + std::to_string(limit.cost);
  limits.push_back(std::move(text));
}

void RouteReport::add_relaxations(const detail::HeaderOptions& headers) {
  headers.for_each_relaxation(
      [&](std::string_view name, std::string_view value, std::string_view reason, bool insecure) {
        relaxations.push_back({std::string(name), std::string(value), std::string(reason), insecure});
      });
}

void RouteReport::add_cors(const detail::CorsFacts& cors) {
  constexpr std::string_view names[] = {"cors", "configured_cors", "cors_any"};
  Relaxation relaxation{.name = std::string(names[static_cast<std::size_t>(cors.kind)]), .value = {}, .reason = {}};
  const auto add = [&](std::string_view text) {
    if (!text.empty()) relaxation.value.append(relaxation.value.empty() ? "" : ", ").append(text);
  };
  for (const std::string_view origin : cors.origins) add(origin);
  if (cors.credentials) add("with credentials");
  if (!cors.headers.empty()) add("takes " + std::string(cors.headers));
  if (!cors.expose.empty()) add("shows " + std::string(cors.expose));
  relaxations.push_back(std::move(relaxation));
}

namespace {

// Each once.
std::vector<Relaxation> sorted(std::vector<Relaxation> found) {
  std::sort(found.begin(), found.end(), [](const Relaxation& a, const Relaxation& b) { return a.text() < b.text(); });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Relaxation& a, const Relaxation& b) { return a.text() == b.text(); }),
              found.end());
  return found;
}

// Of the statements and the tables of the whole program, whichever routes use them.
std::vector<Relaxation> every_owner() {
  std::vector<Relaxation> found;
  const auto add = [&](std::string_view rows, std::string_view why) {
    found.push_back(
        {.name = "every_owner", .value = rows == "void" ? "changes" : std::string(rows), .reason = std::string(why)});
  };
  for (const detail::EveryOwnerReason* each = detail::every_owner_reasons(); each; each = each->next)
    add(each->rows, each->why);
  for (const detail::DeclaredTable* each = detail::declared_tables(); each; each = each->next) {
    if (each->is_public) add("all " + std::string(each->type), each->why);
    if (!each->members) continue;
    std::string listed(each->members->name);
    for (const detail::OwnerColumn& column : each->members->owners)
      listed.append(&column == each->members->owners.data() ? " (" : ", ").append(column.name);
    found.push_back({.name = "members", .value = std::string(each->type) + " by " + listed + ")", .reason = {}});
  }
  return sorted(std::move(found));
}

// Of the whole program, too.
std::vector<Relaxation> exposed_secrets() {
  std::vector<Relaxation> found;
  for (const detail::ExposeReason* each = detail::expose_reasons(); each; each = each->next)
    found.push_back({.name = "expose", .value = {}, .reason = std::string(each->why)});
  return sorted(std::move(found));
}

}  // namespace

PolicyReport policy_report(const route::RouteTable& table, const ops::Settings& settings,
                           const std::vector<Waiver>& waivers) {
  PolicyReport report{.routes = {},
                      .settings = relaxations_of(settings),
                      .queries = every_owner(),
                      .secrets = exposed_secrets(),
                      .waivers = waivers,
                      .general_per_second = settings.limits.general_per_second,
                      .general_burst = settings.limits.general_burst};
  for (const auto& route : table.routes()) report.routes.push_back(report_of(*route, settings));
  std::sort(report.routes.begin(), report.routes.end(), [](const RouteReport& a, const RouteReport& b) {
    return std::tie(a.path, a.method) < std::tie(b.path, b.method);
  });
  return report;
}

std::vector<std::string> relaxation_lines(const PolicyReport& report) {
  struct Used {
    std::string text;
    std::string first;
    std::size_t more = 0;
  };
  std::vector<Used> all;
  for (const RouteReport& route : report.routes) {
    for (const Relaxation& relaxation : route.relaxations) {
      std::string text = relaxation.text();
      const auto same = std::find_if(all.begin(), all.end(), [&](const Used& used) { return used.text == text; });
      if (same == all.end())
        all.push_back({std::move(text), std::string(route.method) + " " + route.path});
      else
        ++same->more;
    }
  }
  std::vector<std::string> lines;
  for (const Used& used : all) {
    std::string line = "relaxation: " + used.text + " (" + used.first;
    if (used.more != 0) line += " and " + std::to_string(used.more) + " more";
    lines.push_back(line + ")");
  }
  for (const Relaxation& relaxation : report.settings)
    lines.push_back("relaxation: " + relaxation.text() + " (settings)");
  return lines;
}

}  // namespace sallyport::start
