// The route report: who may call what, with which limits, inputs and outputs, and where a protection is relaxed.
#pragma once

#include <sallyport/cors.hpp>
#include <sallyport/detail/answer_facts.hpp>
#include <sallyport/detail/header_options.hpp>
#include <sallyport/limit.hpp>

#include "ops/settings.hpp"
#include "route/route_table.hpp"
#include "start/waiver.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::start {

/// What differs from the default of a protection.
struct Relaxation {
  std::string name;    ///< of the option or the setting: "insecure_csp", "headers.csp"
  std::string value;   ///< empty where the name is enough
  std::string reason;  ///< empty where none is required
  bool insecure = false;

  /// `insecure_csp script-src 'unsafe-inline': the reason`
  [[nodiscard]] std::string text() const;
};

struct RouteReport {
  struct Input {
    std::string_view place;  ///< "path", "query", "json", "form"
    std::string name;        ///< "title", "tags[].name"
    std::string type;        ///< "text 1..200", "optional email"; empty where the path alone names it
  };
  struct Output {
    std::string_view kind;  ///< "json", "page", "files" …
    int status = 0;         ///< 0: the handler decides
    std::string type;       ///< "Note"; a media type; a folder
    bool list = false;
    std::vector<std::string> members;
  };

  std::string_view method;
  std::string path;
  std::string_view policy;  ///< "anyone", "signed_in", "role", "owner", "when", "any_of", "all_of", "signed_by"
  std::string note;  ///< the reason of anyone, the names of role, whose owner, the function of when, which signature
  std::vector<std::string> behind;  ///< the policies of its routers, which admit the caller first
  std::vector<std::string> takes;   ///< parameters of the application's own
  std::vector<std::string> limits;
  std::string_view body;  ///< "json", "form", "stream", "bytes"; empty: none
  std::size_t body_bytes = 0;
  std::vector<Input> inputs;
  Output output;
  std::vector<std::string> calls;  ///< origins of other services
  std::vector<Relaxation> relaxations;

  void add_limit(const detail::LimitFacts& limit);
  void add_relaxations(const detail::HeaderOptions& headers);
  void add_cors(const detail::CorsFacts& cors);
};

struct PolicyReport {
  std::vector<RouteReport> routes;   ///< by path, then by method
  std::vector<Relaxation> settings;  ///< what the settings relax for all routes
  std::vector<Relaxation> queries;   ///< which rows are reached whoever owns them, and why; whose are several people's
  std::vector<Relaxation> secrets;   ///< for which reasons passwords and codes are taken out in clear
  std::vector<Waiver> waivers;
  std::uint32_t general_per_second = 0;
  std::uint32_t general_burst = 0;
};

[[nodiscard]] PolicyReport policy_report(const route::RouteTable& table, const ops::Settings& settings,
                                         const std::vector<Waiver>& waivers);

/// For people to read.
[[nodiscard]] std::string policy_table(const PolicyReport& report);
/// For machines: `{"routes":[…],"settings":[…],"waivers":[…],…}` and a line feed.
[[nodiscard]] std::string policy_json(const PolicyReport& report);
/// For `git diff`: a line for each route, relaxation and waiver, sorted; the same service gives the same bytes.
[[nodiscard]] std::string policy_lock(const PolicyReport& report);

/// A line for each relaxation, with the routes that have it: printed at every start.
[[nodiscard]] std::vector<std::string> relaxation_lines(const PolicyReport& report);

/// How a service differs from its lock file. Lines begin with `+` for what the file lacks and `-` for what is gone.
struct LockDifference {
  std::vector<std::string> public_routes;  ///< method, path and reason of those that anyone may call
  std::vector<std::string> relaxations;    ///< relaxations and waivers
};
[[nodiscard]] LockDifference compare_lock(std::string_view file, std::string_view now);

}  // namespace sallyport::start
