// Loads the settings: reads each source, applies their precedence, and refuses what must not be given.
#include "ops/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <utility>

#include "base/nearest_name.hpp"
#include "http/origin.hpp"
#include "ops/settings_file.hpp"
#include "ops/settings_table.hpp"

namespace sallyport::ops {
namespace {

constexpr std::string_view variable_prefix = "SALLYPORT_";

/// A value that a source gives to a row of the table.
struct Given {
  std::size_t row;
  std::string where;
  Value value;
};

std::optional<std::size_t> row_of(std::string_view key) {
  const auto table = settings_table();
  const auto found = std::find_if(table.begin(), table.end(), [&](const Setting& s) { return s.key == key; });
  return found == table.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - table.begin())};
}

/// Whether an unknown name asks for a secret: one of its words is one that secrets go by.
bool looks_secret(std::string_view name) {
  constexpr std::string_view words[] = {"key",        "keys",  "secret",     "secrets",     "password", "passwd",
                                        "passphrase", "token", "credential", "credentials", "pepper",   "salt"};
  std::string word;
  const auto is_secret_word = [&] { return std::find(std::begin(words), std::end(words), word) != std::end(words); };
  for (const char c : name) {
    if (c != '.' && c != '_' && c != '-') {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      if (is_secret_word()) return true;
      word.clear();
    }
  }
  return is_secret_word();
}

/// The text of a key where the name of its file belongs (RFC 7468 encapsulation boundary).
bool holds_secret(std::string_view value) { return value.find("-----BEGIN ") != std::string_view::npos; }

/// The right name in the wrong section; empty when there is none.
std::string_view name_in_other_section(std::string_view name, std::span<const std::string_view> known) {
  const auto last_part = [](std::string_view key) { return key.substr(key.rfind('.') + 1); };
  const auto found =
      std::find_if(known.begin(), known.end(), [&](std::string_view key) { return last_part(key) == last_part(name); });
  return found == known.end() ? std::string_view{} : *found;
}

/// Whether others can see what a source says: the command line and the environment of a process.
enum class Exposure : std::uint8_t { kept, seen };

/// Whether this is one of the variables that Kubernetes and Docker make for a service called "sallyport", or "sallyport-…": FOO_PORT with a
/// URL, FOO_SERVICE_HOST, FOO_SERVICE_PORT, FOO_SERVICE_PORT_HTTP, FOO_PORT_8080_TCP, FOO_PORT_8080_TCP_ADDR …
bool is_service_link(std::string_view name, std::string_view value, bool is_setting) {
  for (const std::string_view scheme : {"tcp://", "udp://", "sctp://"}) {
    if (value.starts_with(scheme)) return true;
  }
  if (is_setting) return false;
  const std::string text = "_" + std::string(name);
  if (text.ends_with("_SERVICE_HOST") || text.ends_with("_SERVICE_PORT") || text.find("_SERVICE_PORT_") != text.npos)
    return true;
  const std::size_t port = text.find("_PORT_");
  if (port == text.npos) return false;
  std::string_view rest = std::string_view(text).substr(port + 6);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  rest.remove_prefix(digits);
  return digits != 0 && (rest.starts_with("_TCP") || rest.starts_with("_UDP") || rest.starts_with("_SCTP"));
}

/// Takes what the sources give, in the order of their precedence, and keeps account of what is wrong.
class Loader {
 public:
  explicit Loader(Findings& findings) : findings_(findings) {}

  void read_flags(std::span<const char* const> arguments);
  void read_environment(std::span<const char* const> environment);
  void apply();

  LoadedSettings loaded;

 private:
  using Seen = std::vector<bool>;
  using Spelling = std::string (*)(std::string_view key);

  void read_flag(std::string_view flag, std::optional<std::string_view> value, std::span<const char* const>& rest);
  void choose(Action action, std::string_view flag, bool has_value);
  void choose_policy(std::string_view form);
  void take_config(std::string& place, std::string_view value, std::string where);
  void give(std::vector<Given>& list, Seen& seen, std::size_t row, std::string where, std::string_view value);
  void unknown(std::string where, std::string_view prefix, std::string_view name, std::span<const std::string> known,
               Exposure exposure);
  void set(const Given& given);
  [[nodiscard]] static std::vector<std::string> names(Spelling spell, std::initializer_list<std::string_view> more);

  Findings& findings_;
  std::vector<Given> flags_;
  std::vector<Given> variables_;
  Seen seen_flags_ = Seen(settings_table().size());
  Seen seen_variables_ = Seen(settings_table().size());
  std::string config_flag_;
  std::string config_variable_;
};

std::vector<std::string> Loader::names(Spelling spell, std::initializer_list<std::string_view> more) {
  std::vector<std::string> all{more.begin(), more.end()};
  for (const Setting& setting : settings_table()) all.push_back(spell(setting.key));
  return all;
}

void Loader::unknown(std::string where, std::string_view prefix, std::string_view name,
                     std::span<const std::string> known, Exposure exposure) {
  const std::vector<std::string_view> names{known.begin(), known.end()};
  std::string_view meant = base::nearest_name(name, names);
  if (meant.empty() && exposure == Exposure::seen && looks_secret(name)) {
    findings_.add("CFG-005", std::move(where));
    return;
  }
  if (meant.empty()) meant = name_in_other_section(name, names);
  loaded.complete = false;
  findings_.add(
      "CFG-024", std::move(where), "no such setting",
      meant.empty() ? "see `--help all` for every setting" : "did you mean " + std::string{prefix}.append(meant) + "?");
}

void Loader::give(std::vector<Given>& list, Seen& seen, std::size_t row, std::string where, std::string_view value) {
  if (holds_secret(value)) {
    findings_.add("CFG-005", std::move(where));
  } else if (seen[row]) {
    findings_.add("CFG-024", std::move(where), "given more than once", "give it once");
  } else {
    seen[row] = true;
    list.push_back({row, std::move(where), Words{std::string{value}}});
  }
}

void Loader::take_config(std::string& place, std::string_view value, std::string where) {
  if (value.empty())
    findings_.add("CFG-024", std::move(where), "names no file", "name a TOML file, or leave it out");
  else if (!place.empty())
    findings_.add("CFG-024", std::move(where), "given more than once", "give it once");
  else
    place = value;
}

void Loader::choose(Action action, std::string_view flag, bool has_value) {
  if (has_value) findings_.add("CFG-024", std::string{flag}, "takes no value", "write " + std::string{flag} + " alone");
  // Of several, what is least: help shows instead of anything else being done.
  if (loaded.action < action) loaded.action = action;
}

void Loader::choose_policy(std::string_view form) {
  constexpr std::string_view forms[] = {"table", "json", "lock"};
  const auto found = std::find(std::begin(forms), std::end(forms), form);
  if (found == std::end(forms))
    findings_.add("CFG-024", "--policy", "prints no such form", "write --policy, --policy=json or --policy=lock");
  else
    loaded.policy_form = static_cast<PolicyForm>(found - std::begin(forms));
  choose(Action::policy, "--policy", false);
}

void Loader::read_flag(std::string_view flag, std::optional<std::string_view> value,
                       std::span<const char* const>& rest) {
  if (flag == "--check") return choose(Action::check, flag, value.has_value());
  if (flag == "--policy") return choose_policy(value.value_or("table"));
  if (flag == "--help" || flag == "-h") {
    // A word that follows is what it is about.
    const bool word = !value && !rest.empty() && !std::string_view{rest.front()}.starts_with("-");
    if (word) value = rest.front(), rest = rest.subspan(1);
    loaded.help_about = value.value_or("");
    return choose(Action::help, flag, false);
  }
  if (flag == "--version") return choose(Action::version, flag, value.has_value());
  if (!flag.starts_with("-")) {
    findings_.add(
        "CFG-024", "the command line", "there is an argument that belongs to no flag",
        "give every setting by a flag: --section.name value; a switch as --section.name or --section.name=false");
    return;
  }
  const auto next_word = [&]() -> std::optional<std::string_view> {
    if (rest.empty() || std::string_view{rest.front()}.starts_with("--")) return std::nullopt;
    const std::string_view word = rest.front();
    rest = rest.subspan(1);
    return word;
  };
  std::string key{flag.starts_with("--") ? flag.substr(2) : std::string_view{}};
  std::replace(key.begin(), key.end(), '-', '_');
  if (key == "port") key = "server.port";
  if (key == "tls") key = "tls.enabled";
  const auto row = row_of(key);
  if (!row && key != "config") {
    if (!value) (void)next_word();  // most likely its value, and not worth a finding of its own
    const auto known = names(flag_name, {"port", "tls", "config", "check", "policy", "help", "version"});
    return unknown(std::string{flag}, "--", flag.substr(std::min(flag.find_first_not_of('-'), flag.size())), known,
                   Exposure::seen);
  }
  if (!value) value = row && is_switch(settings_table()[*row]) ? std::optional<std::string_view>{"true"} : next_word();
  if (!value) {
    findings_.add("CFG-024", std::string{flag}, "needs a value", "write " + std::string{flag} + "=VALUE");
  } else if (!row) {
    take_config(config_flag_, *value, std::string{flag});
  } else {
    give(flags_, seen_flags_, *row, std::string{flag}, *value);
  }
}

void Loader::read_flags(std::span<const char* const> arguments) {
  while (!arguments.empty()) {
    const std::string_view argument = arguments.front();
    arguments = arguments.subspan(1);
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos)
      read_flag(argument, std::nullopt, arguments);
    else
      read_flag(argument.substr(0, equals), argument.substr(equals + 1), arguments);
  }
}

void Loader::read_environment(std::span<const char* const> environment) {
  const std::vector<std::string> known = names(variable_name, {});
  for (const std::string_view entry : environment) {
    if (!entry.starts_with(variable_prefix)) continue;
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string_view name = entry.substr(variable_prefix.size(), equals - variable_prefix.size());
    const std::string_view value = entry.substr(std::min(equals + 1, entry.size()));
    std::string where{entry.substr(0, equals)};
    const auto found = std::find(known.begin(), known.end(), name);
    if (is_service_link(name, value, found != known.end())) {
      loaded.ignored.push_back(std::move(where));
    } else if (name == "CONFIG") {
      take_config(config_variable_, value, std::move(where));
    } else if (found != known.end()) {
      give(variables_, seen_variables_, static_cast<std::size_t>(found - known.begin()), std::move(where), value);
    } else {
      unknown(std::move(where), variable_prefix, name, known, Exposure::seen);
    }
  }
}

void Loader::set(const Given& given) {
  auto finding = assign(settings_table()[given.row], given.value, loaded.settings, given.where);
  if (!finding) return;
  if (settings_table()[given.row].key == "mode") loaded.complete = false;
  findings_.add(std::move(*finding));
}

void Loader::apply() {
  const std::string& path = config_flag_.empty() ? config_variable_ : config_flag_;
  if (!path.empty()) {
    const std::vector<std::string> known = names([](std::string_view key) { return std::string{key}; }, {});
    const std::size_t found_before = findings_.list().size();
    std::vector<FileEntry> entries = read_settings_file(path, findings_);
    if (entries.empty() && findings_.list().size() != found_before) loaded.complete = false;
    for (FileEntry& entry : entries) {
      if (const auto row = row_of(entry.key))
        set({*row, std::move(entry.where), std::move(entry.value)});
      else
        unknown(std::move(entry.where), "", entry.key, known, Exposure::kept);
    }
  }
  for (const Given& given : variables_) set(given);
  for (const Given& given : flags_) set(given);
}

/// The program's name as part of file names and log lines: the last part of argv[0] when it is plain.
std::string app_name(std::string_view program) {
  const std::string_view name = program.substr(program.rfind('/') + 1);
  const bool plain =
      !name.empty() && name.size() <= 64 && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      });
  return std::string{plain ? name : "app"};
}

void add_once(std::vector<std::string>& list, std::string_view item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.emplace_back(item);
}

}  // namespace

LoadedSettings load_settings(std::span<const char* const> arguments, std::span<const char* const> environment,
                             Findings& findings) {
  Loader loader{findings};
  loader.loaded.app = app_name(arguments.empty() ? std::string_view{} : std::string_view{arguments.front()});
  loader.read_flags(arguments.empty() ? arguments : arguments.subspan(1));
  loader.read_environment(environment);
  loader.apply();

  Settings& settings = loader.loaded.settings;
  constexpr std::string_view app_mark = "<app>";
  for (std::string* text : {&settings.database.path, &settings.limits.shared_file, &settings.redis.prefix}) {
    if (const auto at = text->find(app_mark); at != std::string::npos)
      text->replace(at, app_mark.size(), loader.loaded.app);
  }
  settings.server.both_loopbacks =
      settings.mode == Mode::development && settings.server.address == base::IpAddress::v4(127, 0, 0, 1);
  if (settings.server.port != 0) complete_origin(settings, settings.server.port);
  return std::move(loader.loaded);
}

std::span<const char* const> process_environment() noexcept {
  std::size_t count = 0;
  while (environ != nullptr && environ[count] != nullptr) ++count;
  return {environ, count};
}

void complete_origin(Settings& settings, std::uint16_t port) {
  ServerSettings& server = settings.server;
  const bool development = settings.mode == Mode::development;
  if (development && server.origin.empty()) server.origin = http::make_origin(settings.tls.enabled, "localhost", port);
  if (const auto origin = http::parse_origin(server.origin)) add_once(server.allowed_hosts, origin->authority);
  if (!development) return;
  for (const std::string_view host : {"localhost", "127.0.0.1", "[::1]"}) {
    const std::string origin = http::make_origin(settings.tls.enabled, host, port);
    add_once(server.allowed_hosts, http::parse_origin(origin)->authority);
  }
}

}  // namespace sallyport::ops
