// Checks the route table before it is served.
#include "start/start_checks.hpp"

#include "base/file_text.hpp"

#include "start/policy_report.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <vector>

namespace sallyport::start {
namespace {

// Only the first few differences, to keep the message short.
std::string first_of(const std::vector<std::string>& differences) {
  constexpr std::size_t shown = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, differences.size()); ++i)
    out.append(out.empty() ? "" : ", ").append(differences[i]);
  if (differences.size() > shown) out += " and " + std::to_string(differences.size() - shown) + " more";
  return out;
}

}  // namespace

void check_attempts(const route::RouteTable& table, ops::Findings& findings) {
  using namespace std::chrono_literals;
  for (const auto& route : table.routes()) {
    if (!route->limits_attempts) continue;
    const attempts& limit = route->limit;
    const char* wrong = nullptr;
    if (limit.max == 0 || limit.max > 100)
      wrong = "attempts{.max} is 1 to 100 failures per account";
    else if (limit.max_per_source == 0 || limit.max_per_source > 1000)
      wrong = "attempts{.max_per_source} is 1 to 1000 failures";
    else if (limit.per < 1min || limit.per > 24h)
      wrong = "attempts{.per} is one minute to 24 hours";
    if (wrong) findings.add("CFG-031", route->pattern, wrong, "choose as for sp::attempts{.max = 5, .per = 15min}");
  }
}

void check_policy_lock(const std::string& path, std::string_view now, ops::Findings& findings) {
  constexpr std::size_t largest = std::size_t{16} * 1024 * 1024;
  const auto file = base::read_file(path, largest);
  if (!file) {
    findings.add("CFG-033", path, "the lock file can't be read",
                 "write it: sallyport policy --lock " + path + " PROGRAM, or name the right file: policy_lock");
    return;
  }
  const LockDifference difference = compare_lock(*file, now);
  if (!difference.public_routes.empty())
    findings.add("CFG-033", path, "the public routes differ: " + first_of(difference.public_routes));
  if (!difference.relaxations.empty())
    findings.add("CFG-073", path, "the relaxations or waivers differ: " + first_of(difference.relaxations));
}

}  // namespace sallyport::start
