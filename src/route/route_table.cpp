// Building and searching the tree of path segments.
#include "route/route_table.hpp"

#include "route/call.hpp"

#include "crypto/base64url.hpp"
#include "gate/path_shape.hpp"
#include "route/files.hpp"
#include "route/reports.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace sallyport::route {
namespace {

constexpr std::array<std::string_view, route_methods> method_names{"GET", "POST", "PUT", "PATCH", "DELETE"};

std::optional<RouteMethod> route_method(http::Method method) noexcept {
  switch (method) {
    case http::Method::get:
    case http::Method::head:
      return RouteMethod::get;
    case http::Method::post:
      return RouteMethod::post;
    case http::Method::put:
      return RouteMethod::put;
    case http::Method::patch:
      return RouteMethod::patch;
    case http::Method::delete_:
      return RouteMethod::del;
    case http::Method::options:
    case http::Method::other:
      break;
  }
  return std::nullopt;
}

std::string_view content_type(AssetType type) noexcept {
  switch (type) {
    case AssetType::css:
      return "text/css; charset=utf-8";
    case AssetType::javascript:
      return "text/javascript; charset=utf-8";
    case AssetType::svg:
      return "image/svg+xml";
    case AssetType::png:
      return "image/png";
    case AssetType::ico:
      return "image/vnd.microsoft.icon";
    case AssetType::woff2:
      return "font/woff2";
    case AssetType::text:
      return "text/plain; charset=utf-8";
  }
  return "application/octet-stream";
}

std::string hash_of(std::string_view bytes, const EVP_MD* algorithm, std::size_t size, crypto::Base64 form) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, algorithm, nullptr);
  return crypto::encode_base64(std::span(digest).first(size), form);
}

std::string etag_of(std::string_view bytes) {
  return "\"" + hash_of(bytes, EVP_sha256(), 16, crypto::Base64::url) + "\"";
}

std::string integrity_of(std::string_view bytes) {
  return "sha384-" + hash_of(bytes, EVP_sha384(), 48, crypto::Base64::padded);
}

// The position of a segment in its path. Two bytes each, because this array lies on the stack and is cleared for every
// request; paths are below 64 KiB.
struct Segment {
  std::uint16_t begin = 0;
  std::uint16_t end = 0;
};
static_assert(gate::max_path_segments <= UINT8_MAX);

// The segments of a path.
class Segments {
 public:
  explicit Segments(std::string_view path) : path_(path) {
    if (path.size() <= 1 || path.size() > UINT16_MAX) return;  // the root has none
    for (std::size_t begin = 1; begin <= path.size() && count_ < list_.size();) {
      std::size_t end = path.find('/', begin);
      if (end == path.npos) end = path.size();
      list_[count_++] = {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end)};
      begin = end + 1;
    }
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    return path_.substr(list_[i].begin, static_cast<std::size_t>(list_[i].end - list_[i].begin));
  }
  /// Segment `i` and all that follows.
  [[nodiscard]] std::string_view from(std::size_t i) const noexcept { return path_.substr(list_[i].begin); }

 private:
  std::string_view path_;
  std::array<Segment, gate::max_path_segments> list_;
  std::size_t count_ = 0;
};

/// `notes.cpp:42`. The folders stay out of it: they are those of the machine that built the program.
std::string where_registered(const detail::RouteEntry& entry) {
  std::string_view file(entry.file);
  file.remove_prefix(file.rfind('/') + 1);  // npos + 1 is 0
  return std::string(file).append(":").append(std::to_string(entry.line));
}

bool is_parameter(std::string_view segment) noexcept { return segment.starts_with(':') || segment.starts_with('*'); }

}  // namespace

RouteTable::RouteTable(const Router& router, const detail::HeaderOptions& settings, ops::Findings& findings)
    : nodes_(1) {
  detail::RouteOptions outer = router.route_options();
  outer.headers.inherit(settings);
  header_options_.push_back(outer.headers);
  add_all(router, outer, findings);
  detail::RouteOptions own;
  own.headers = outer.headers;
  add_all(kernel_routes(), own, findings);
}

void RouteTable::add_all(const Router& router, const detail::RouteOptions& outer, ops::Findings& findings) {
  for (const detail::RouteEntry& entry : router.routes()) {
    auto route = std::make_unique<Route>();
    route->pattern = entry.path;
    route->registered = where_registered(entry);
    route->begins_session = entry.handler.facts.begins_session;
    route->reads_form = entry.handler.facts.reads_form;
    route->cache = entry.options.cache;
    route->signed_body = entry.handler.facts.webhook != nullptr;
    route->method = entry.method;
    route->limits_attempts = entry.limits_attempts;
    route->limit = entry.limit;
    route->handler = entry.handler;
    resolve(*route, entry.policy, entry.options, outer, findings);
    add(std::move(route), findings);
  }
  for (const detail::AssetEntry& entry : router.assets()) {
    auto route = std::make_unique<Route>();
    route->pattern = entry.path;
    route->asset = std::make_unique<Asset>(Asset{.bytes = entry.bytes,
                                                 .content_type = content_type(entry.type),
                                                 .etag = etag_of(*entry.bytes),
                                                 .integrity = integrity_of(*entry.bytes),
                                                 .br = {},
                                                 .gzip = {}});
    compress_asset(*route);
    resolve(*route, {.kind = detail::PolicyFacts::Kind::anyone, .note = "an asset"}, entry.options, outer, findings);
    add(std::move(route), findings);
  }
  for (const detail::FolderEntry& entry : router.folders()) {
    // `/docs/` is the folder's own index, `/docs/*` what lies in it.
    const auto folder = std::make_shared<Folder>(Folder{.path = entry.folder, .open = {}});
    open_folder(*folder, findings);
    const std::string prefix = entry.path == "/" ? "/" : entry.path + "/";
    for (const std::string& pattern : {prefix, prefix + "*file"}) {
      auto route = std::make_unique<Route>();
      route->pattern = pattern;
      route->folder = folder;
      resolve(*route, entry.policy, entry.options, outer, findings);
      add(std::move(route), findings);
    }
  }
}

// Routes whose limits have one name share its counters, so the limits must be equal; only the cost of a call may
// differ.
const gate::LimitPolicy* RouteTable::limit_named(const detail::LimitFacts& facts, std::string_view where,
                                                 ops::Findings& findings) {
  for (const NamedLimit& known : limits_) {
    if (known.facts.name != facts.name) continue;
    detail::LimitFacts same_cost = facts;
    same_cost.cost = known.facts.cost;
    if (!(same_cost == known.facts)) {
      findings.add("CFG-031", std::string(where),
                   "the limit \"" + std::string(facts.name) + "\" stands on another route with other numbers",
                   "give it a name of its own, or the same numbers");
    }
    return known.policy.get();
  }
  limits_.push_back({facts, std::make_unique<const gate::LimitPolicy>(facts)});
  return limits_.back().policy.get();
}

// What the policy and its parts ask for.
void RouteTable::ask(Route& route, const detail::PolicyFacts& policy) {
  route.open_to_all = route.open_to_all && policy.is_anyone();
  route.needs_session = route.needs_session || policy.sessions;
  if (policy.check) {
    route.runs_policy = true;
    policy.check->describe(route.handler.facts);
  }
  for (const detail::PolicyFacts& part : policy.parts) ask(route, part);
}

void RouteTable::resolve(Route& route, const detail::PolicyFacts& policy, const detail::RouteOptions& own,
                         const detail::RouteOptions& outer, ops::Findings& findings) {
  route.options = own;
  route.options.inherit(outer);
  const detail::RouteOptions& options = route.options;
  route.policy = policy;
  route.open_to_all = true;
  ask(route, policy);
  for (const detail::PolicyFacts& each : options.policies) ask(route, each);
  route.needs_session = route.needs_session || route.handler.facts.wants_principal;
  route.is_asset = route.is_file() && route.open_to_all;
  // What a router's policy guards is for the caller's browser, whatever the route says.
  if (route.cache && !route.open_to_all) route.cache->is_public = false;
  auto known = std::find(header_options_.begin(), header_options_.end(), options.headers);
  if (known == header_options_.end()) known = header_options_.insert(known, options.headers);
  route.headers = static_cast<std::uint16_t>(known - header_options_.begin());
  route.embeddable = options.headers.embeddable;
  route.cors = options.cors;

  // One of the `max_charges` places is for the general limit.
  if (options.limits.size() >= limits::max_charges) {
    findings.add("CFG-031", route.pattern, "the route and its routers have more than 7 limits", "use fewer");
    return;
  }
  for (const detail::LimitFacts& facts : options.limits) {
    const auto same = [&](const gate::RouteLimit& limit) { return limit.policy->name == facts.name; };
    if (std::any_of(route.limits.begin(), route.limits.end(), same)) {
      findings.add("CFG-031", route.pattern,
                   "the limit \"" + std::string(facts.name) + "\" is named twice for one route",
                   "remove one of them, or give it a name of its own");
      continue;
    }
    route.limits.push_back({limit_named(facts, route.pattern, findings), facts.cost});
  }
}

std::size_t RouteTable::child(std::size_t parent, std::string_view segment) {
  const auto make = [&] {
    nodes_.emplace_back().segment = segment;
    return nodes_.size() - 1;
  };
  if (is_parameter(segment)) {
    const auto member = segment[0] == ':' ? &Node::parameter : &Node::rest;
    if (nodes_[parent].*member == 0) {
      const std::size_t made = make();
      nodes_[parent].*member = made;
    }
    return nodes_[parent].*member;
  }
  for (const std::size_t node : nodes_[parent].fixed) {
    if (nodes_[node].segment == segment) return node;
  }
  const std::size_t made = make();
  nodes_[parent].fixed.push_back(made);
  return made;
}

void RouteTable::add(std::unique_ptr<Route> route, ops::Findings& findings) {
  const Segments segments(route->pattern);
  std::size_t node = 0;
  for (std::size_t i = 0; i < segments.count(); ++i) {
    const std::string_view segment = segments[i];
    node = child(node, segment);
    if (is_parameter(segment)) route->parameter_names.emplace_back(segment.substr(1));
  }
  const std::string where(std::string(method_names[static_cast<std::size_t>(route->method)]) + " " + route->pattern);
  const auto& names = route->parameter_names;
  for (const auto& [name, type] : route->handler.facts.parameters) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      findings.add(
          "CFG-030", where,
          "the handler or a policy takes the path parameter :" + std::string(name) + ", which the path does not have",
          "write the path with /:" + std::string(name) + ", or take the parameter that the path has");
    }
  }
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) {
      findings.add("CFG-030", where, "the path has two parameters with one name",
                   "give each parameter a name of its own");
    }
  }
  if (names.size() > std::tuple_size_v<decltype(Call::parameters)>) {
    findings.add("CFG-030", where, "the path has more than 16 parameters", "use fewer, or one *rest");
  }
  const Route*& place = nodes_[node].by_method[static_cast<std::size_t>(route->method)];
  if (place) {
    findings.add("CFG-030", where, "another route matches the same requests: " + place->pattern, "remove one of them");
    return;
  }
  place = route.get();
  if (route->cors) {
    for (auto* const known : {&nodes_[node].cors, &cors_}) {
      if (std::find(known->begin(), known->end(), route->cors) == known->end()) known->push_back(route->cors);
    }
  }
  route->number = routes_.size() + 1;
  routes_.push_back(std::move(route));

  std::string& allow = nodes_[node].allow;
  allow = "OPTIONS";
  for (std::size_t method = 0; method < route_methods; ++method) {
    if (!nodes_[node].by_method[method]) continue;
    allow.append(", ").append(method_names[method]);
    if (method == 0) allow.append(", HEAD");
  }
}

struct RouteTable::Search {
  const Segments& segments;
  std::optional<RouteMethod> method;
  // Which segments `:param` and `*rest` stand for, in order; `*rest` is the last, and goes on to the end.
  std::array<std::uint8_t, std::tuple_size_v<decltype(Call::parameters)>> taken{};
  std::size_t taken_count = 0;
  bool takes_rest = false;
  const Route* route = nullptr;
  const Node* with_other_methods = nullptr;
};

// Visits each node of the tree at most once, because a node has one depth: linear in the size of the table.
bool RouteTable::find(Search& search, std::size_t index, std::size_t depth) const {
  const Node& node = nodes_[index];
  if (depth == search.segments.count()) {
    if (node.allow.empty()) return false;
    if (!search.with_other_methods) search.with_other_methods = &node;
    if (!search.method) return false;
    search.route = node.by_method[static_cast<std::size_t>(*search.method)];
    return search.route != nullptr;
  }
  const std::string_view segment = search.segments[depth];
  for (const std::size_t next : node.fixed) {
    if (nodes_[next].segment == segment && find(search, next, depth + 1)) return true;
  }
  if (segment.empty() || search.taken_count == search.taken.size()) return false;
  if (node.parameter != 0) {
    search.taken[search.taken_count++] = static_cast<std::uint8_t>(depth);
    if (find(search, node.parameter, depth + 1)) return true;
    --search.taken_count;
  }
  if (node.rest != 0) {
    search.taken[search.taken_count++] = static_cast<std::uint8_t>(depth);
    search.takes_rest = true;
    if (find(search, node.rest, search.segments.count())) return true;
    search.takes_rest = false;
    --search.taken_count;
  }
  return false;
}

const Route* RouteTable::route_of(RouteMethod method, std::string_view path) const {
  const Segments segments(path);
  Search search{.segments = segments, .method = method};
  return find(search, 0, 0) ? search.route : nullptr;
}

namespace {

std::optional<RouteMethod> method_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < method_names.size(); ++i) {
    if (method_names[i] == name) return static_cast<RouteMethod>(i);
  }
  return name == "HEAD" ? std::optional(RouteMethod::get) : std::nullopt;
}

}  // namespace

void RouteTable::match(gate::Exchange& exchange) const {
  Call& call = call_of(exchange);
  const Segments segments(exchange.path);
  const http::RequestHead& head = exchange.head;
  // A preflight asks about another method (Fetch standard, "CORS-preflight request").
  const auto asked = head.known(http::KnownHeader::access_control_request_method);
  exchange.preflight = head.method == http::Method::options && asked && head.has(http::KnownHeader::origin);
  const auto method = !exchange.preflight ? route_method(head.method)
                      : asked.repeated    ? std::nullopt
                                          : method_named(asked.value);
  Search search{.segments = segments, .method = method};
  if (find(search, 0, 0)) {
    exchange.facts = search.route;
    if (!exchange.preflight) {
      call.route = search.route;
      call.parameter_count = search.route->parameter_names.size();
      for (std::size_t i = 0; i < call.parameter_count; ++i) {
        const bool rest = search.takes_rest && i + 1 == call.parameter_count;
        call.parameters[i] = {search.route->parameter_names[i],
                              rest ? segments.from(search.taken[i]) : segments[search.taken[i]]};
      }
    }
  }
  if (!exchange.facts && !exchange.preflight)
    exchange.cors_nearby = search.with_other_methods ? search.with_other_methods->cors : cors_;
  if (!search.with_other_methods) return;
  exchange.allow = search.with_other_methods->allow;
  if (exchange.preflight) {
    const auto& routes = search.with_other_methods->by_method;
    exchange.cors_path =
        std::any_of(routes.begin(), routes.end(), [](const Route* route) { return route && route->cors; });
  }
}

}  // namespace sallyport::route
