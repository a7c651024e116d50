// The route table: a tree of path segments, no regular expressions. Fixed segments win over `:param`, `:param` over `*rest`.
#pragma once

#include <sallyport/router.hpp>

#include "gate/exchange.hpp"
#include "limits/call_counter.hpp"
#include "ops/finding.hpp"
#include "route/static_folder.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::route {

inline constexpr std::size_t route_methods = 5;

/// A file that the program carries.
struct Asset {
  std::shared_ptr<const std::string> bytes;
  std::string_view content_type;
  std::string etag;
  std::string integrity;  ///< `sha384-…`, for the pages that load it
  std::string br;         ///< compressed; empty where that would not be shorter
  std::string gzip;
};

/// A folder whose files are served.
struct Folder {
  std::string path;
  std::optional<route::StaticFolder> open;
};

/// A registered route, ready to be served.
struct Route : gate::RouteFacts {
  RouteMethod method = RouteMethod::get;
  detail::PolicyFacts policy{};
  bool limits_attempts = false;
  attempts limit{};
  detail::ErasedHandler handler;
  std::vector<std::string> parameter_names;  ///< in the order of the path
  std::unique_ptr<Asset> asset;              ///< instead of a handler
  std::shared_ptr<Folder> folder;            ///< instead of a handler
  std::uint64_t number = 0;                  ///< distinguishes the counters of routes
  detail::RouteOptions options;              ///< including those of its routers and of the app
  mutable limits::CallCounter calls;         ///< the calls that run now

  bool open_to_all = false;    ///< neither its policy nor those of its routers ask anything
  bool runs_policy = false;    ///< one of them is code of the application
  bool needs_session = false;  ///< one of them, or the handler, has to know who calls

  [[nodiscard]] bool is_file() const noexcept { return asset || folder; }
};

class RouteTable {
 public:
  /// Builds the table. Two routes that the same request would match, and handlers that ask for a path parameter their
  /// path does not have, are findings (CFG-030), as are limits of one name that differ (CFG-031). `settings` is what the configuration
  /// chooses for all headers.
  RouteTable(const Router& router, const detail::HeaderOptions& settings, ops::Findings& findings);

  /// Finds the route for the exchange's path and method: sets `route`, `facts` and the parameters, or, when the path exists with
  /// other methods, `allow`. HEAD is served by the route of GET (RFC 9110 9.3.2).
  void match(gate::Exchange& exchange) const;

  /// The route that a request of this method for this path reaches; null: none.
  [[nodiscard]] const Route* route_of(RouteMethod method, std::string_view path) const;

  [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const noexcept { return routes_; }
  /// What `RouteFacts::headers` counts: the app's own options first.
  [[nodiscard]] const std::vector<detail::HeaderOptions>& header_options() const noexcept { return header_options_; }

 private:
  struct Node {
    std::string segment;
    std::vector<std::size_t> fixed;  // children with a fixed segment
    std::size_t parameter = 0;       // child that takes any segment; 0: none (the root is no child)
    std::size_t rest = 0;            // child that takes all that follows; 0: none
    std::array<const Route*, route_methods> by_method{};
    std::string allow;
    std::vector<const detail::CorsFacts*> cors;  // of its routes
  };
  struct Search;

  void add(std::unique_ptr<Route> route, ops::Findings& findings);
  void add_all(const Router& router, const detail::RouteOptions& outer, ops::Findings& findings);
  static void ask(Route& route, const detail::PolicyFacts& policy);
  void resolve(Route& route, const detail::PolicyFacts& policy, const detail::RouteOptions& own,
               const detail::RouteOptions& outer, ops::Findings& findings);
  const gate::LimitPolicy* limit_named(const detail::LimitFacts& facts, std::string_view where,
                                       ops::Findings& findings);
  std::size_t child(std::size_t parent, std::string_view segment);
  bool find(Search& search, std::size_t node, std::size_t depth) const;

  std::vector<Node> nodes_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::vector<detail::HeaderOptions> header_options_;
  std::vector<const detail::CorsFacts*> cors_;  // of all routes, each once
  struct NamedLimit {
    detail::LimitFacts facts;
    std::unique_ptr<const gate::LimitPolicy> policy;
  };
  std::vector<NamedLimit> limits_;
};

}  // namespace sallyport::route
