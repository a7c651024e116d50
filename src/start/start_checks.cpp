// Checks the route table before it is served.
#include "start/start_checks.hpp"

#include "base/file_text.hpp"

#include "start/policy_report.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <vector>

// Of src/testing/core.cpp, where the program is linked with it.
extern "C" [[gnu::weak]] const bool sallyport_testing;

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

struct ServedFolder {
  const route::Folder* folder;
  const route::Route* route;
  std::filesystem::path place;  // without links and `..`
};

bool within(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

// Whether all people whom `outer` lets in are let in by `inner`, too, as far as that can be told.
bool lets_in_all_of(const detail::PolicyFacts& outer, const detail::PolicyFacts& inner) {
  using Kind = detail::PolicyFacts::Kind;
  if (inner.kind == Kind::anyone) return true;
  if (inner.kind == Kind::signed_in)
    return outer.kind == Kind::signed_in || outer.kind == Kind::role || outer.kind == Kind::owner;
  if (outer.kind != inner.kind || outer.check != inner.check || outer.parts.size() != inner.parts.size()) return false;
  for (std::size_t i = 0; i < outer.parts.size(); ++i) {
    if (!lets_in_all_of(outer.parts[i], inner.parts[i])) return false;
  }
  return std::all_of(outer.roles.begin(), outer.roles.end(), [&](std::string_view role) {
    return std::find(inner.roles.begin(), inner.roles.end(), role) != inner.roles.end();
  });
}

bool lets_in_all_of(const route::Route& outer, const route::Route& inner) {
  if (!lets_in_all_of(outer.policy, inner.policy)) return false;
  const auto& those = outer.options.policies;
  return std::all_of(inner.options.policies.begin(), inner.options.policies.end(),
                     [&](const detail::PolicyFacts& each) {
                       return lets_in_all_of(outer.policy, each) ||
                              std::any_of(those.begin(), those.end(),
                                          [&](const detail::PolicyFacts& that) { return lets_in_all_of(that, each); });
                     });
}

// For calls that tell who has an account: 100 in an hour at most, and all of them counted.
bool keeps_from_guessing(const detail::LimitFacts& limit) {
  constexpr std::int64_t most = 100;
  const std::int64_t calls = limit.max / limit.cost;
  return limit.by == LimitedBy::account && !limit.of_failures && calls <= most &&
         calls * std::chrono::seconds(std::chrono::hours(1)) <= most * limit.per;
}

bool may(const std::string& path, int rights) noexcept {
  return ::faccessat(AT_FDCWD, path.c_str(), rights, AT_EACCESS) == 0;
}

}  // namespace

void check_attempts(const route::RouteTable& table, ops::Findings& findings) {
  using namespace std::chrono_literals;
  for (const auto& route : table.routes()) {
    const auto& limits = route->options.limits;
    if (route->handler.facts.makes_code && !route->limits_attempts &&
        std::all_of(limits.begin(), limits.end(), [](const detail::LimitFacts& each) { return each.of_failures; }))
      findings.add("CFG-031", route->pattern, "each call sends a code, and the route's limits count failures only",
                   "add one that counts calls: sp::limit{\"codes\", 5, 15min}");
    if (route->handler.facts.finds_people && std::none_of(limits.begin(), limits.end(), keeps_from_guessing))
      findings.add("CFG-031", route->pattern,
                   "its calls tell who has an account, and no limit per account admits 100 of them in an hour at most",
                   "choose as for sp::limit{\"invite\", 30, 1h}.per_account()");
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

void check_folders(const route::RouteTable& table, const detail::AppDefinition& definition,
                   const ops::Settings& settings, ops::Findings& findings) {
  std::vector<ServedFolder> folders;
  for (const auto& route : table.routes()) {
    if (!route->folder) continue;
    const auto* const known = route->folder.get();
    if (std::any_of(folders.begin(), folders.end(), [&](const ServedFolder& one) { return one.folder == known; }))
      continue;
    std::error_code error;
    auto place = std::filesystem::canonical(known->path, error);
    if (!error)
      folders.push_back({known, route.get(), std::move(place)});  // CFG-023 says of others that they are not there
  }
  for (const ServedFolder& inner : folders) {
    for (const ServedFolder& outer : folders) {
      if (&inner == &outer || !within(inner.place, outer.place)) continue;
      if (lets_in_all_of(*outer.route, *inner.route)) continue;
      // Two roles for one folder: said once.
      if (inner.place == outer.place && &inner > &outer && !lets_in_all_of(*inner.route, *outer.route)) continue;
      findings.add("CFG-025", inner.folder->path,
                   "its files can also be read by those who may read " + outer.folder->path +
                       ", in which it lies: there its own policy does not hold");
    }
  }
  const std::pair<std::string_view, const std::string&> own_files[] = {
      {"database.path", settings.database.path},
      {"keys.file", settings.keys.file},
      {"log.file", settings.log.file},
      {"tls.key", settings.tls.key},
      {"limits.shared_file", settings.limits.shared_file},
      {"redis.password_file", settings.redis.password_file},
      {"policy_lock", settings.policy_lock}};
  for (const auto& [setting, path] : own_files) {
    if (path.empty()) continue;
    std::error_code error;
    const auto place = std::filesystem::weakly_canonical(path, error);  // it may not be there yet
    if (error) continue;
    for (const ServedFolder& served : folders) {
      if (!within(place, served.place)) continue;
      findings.add("CFG-023", served.folder->path, std::string(setting) + " = \"" + path + "\" lies in it",
                   "move it out of what is served: " + std::string(setting) + " = \"var/" +
                       std::filesystem::path(path).filename().string() + "\"");
    }
  }
  for (const auto& kept : definition.folders) {
    std::error_code error;
    const auto place = std::filesystem::canonical(kept->path(), error);
    if (error) continue;
    for (const ServedFolder& served : folders) {
      if (!within(place, served.place)) continue;
      findings.add("CFG-025", kept->path(), "handlers keep files in it, and " + served.folder->path + " is served",
                   "keep files beside what is served; a handler answers with one by folder.file(name)");
      break;
    }
  }
}

void check_certificate_files(const ops::TlsSettings& settings, const std::string& user, ops::Findings& findings) {
  const auto check = [&](const char* setting, const std::string& file) {
    if (file.empty() || may(file, R_OK)) return;
    findings.add("CFG-013", setting,
                 file + " can't be read" + (user.empty() ? std::string() : " as the user " + user) +
                     ", so that a renewed one would not be taken: " + std::generic_category().message(errno),
                 "let the service's user read it: `setfacl -m u:" + (user.empty() ? "$USER" : user) + ":r " + file +
                     "`, and `setfacl -m u:" + (user.empty() ? "$USER" : user) + ":x` for the folders above it");
  };
  check("tls.certificate", settings.certificate);
  check("tls.key", settings.key);
  for (const std::string& file : settings.more_certificates) check("tls.more_certificates", file);
  for (const std::string& file : settings.more_keys) check("tls.more_keys", file);
  check("tls.ocsp", settings.ocsp);
}

void check_folder_rights(const route::RouteTable& table, const detail::AppDefinition& definition,
                         const ops::Settings& settings, ops::Findings& findings) {
  // One that is not there has its finding already.
  const auto lacks = [](const std::string& path, int rights) { return may(path, F_OK) && !may(path, rights); };
  std::vector<const route::Folder*> seen;
  for (const auto& route : table.routes()) {
    const route::Folder* const folder = route->folder.get();
    if (!folder || std::find(seen.begin(), seen.end(), folder) != seen.end()) continue;
    seen.push_back(folder);
    if (lacks(folder->path, R_OK | X_OK))
      findings.add("CFG-023", folder->path, "the service's user can't read this folder",
                   "`chmod -R a+rX " + folder->path + '`');
  }
  for (const auto& kept : definition.folders) {
    if (lacks(kept->path(), R_OK | W_OK | X_OK))
      findings.add("CFG-023", kept->path(), "handlers keep files in it, and the service's user can't write there",
                   "as root: `chown " + (settings.server.user.empty() ? "$USER" : settings.server.user) + ' ' +
                       kept->path() + '`');
  }
  const std::string& socket = settings.server.takeover;
  const std::string folder = socket.substr(0, socket.rfind('/') + 1);
  if (!socket.empty() && lacks(folder.empty() ? "." : folder, W_OK | X_OK))
    findings.add(
        "CFG-024", "server.takeover", "the service's user can't write its folder",
        "as root: `chown " + (settings.server.user.empty() ? "$USER" : settings.server.user) + ' ' + folder + '`');
}

void check_sign_in_page(const route::RouteTable& table, std::string_view page, ops::Findings& findings) {
  const std::string_view path = page.substr(0, page.find_first_of("?#"));
  if (path.empty()) return;
  const route::Route* const route = table.route_of(RouteMethod::get, path);
  if (!route) {
    findings.add("CFG-034", std::string(path), "app.sign_in_page names a path that no GET route serves");
  } else if (!route->open_to_all) {
    findings.add("CFG-034", std::string(path),
                 "the route of app.sign_in_page asks for a session itself: a browser would be sent there for ever");
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

void check_test_kit(ops::Findings& findings) {
  if (&sallyport_testing)
    findings.add("CFG-020", "program", "it holds the test kit, which moves clocks and makes accounts",
                 "link sallyport::testing to its tests alone, and include <sallyport/testing.hpp> in them alone");
}

}  // namespace sallyport::start
