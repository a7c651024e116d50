// The reference of all settings, made from the table: for messages, for `--help` and for docs/settings.md.
#include <algorithm>
#include <concepts>
#include <iterator>
#include <type_traits>

#include "ops/settings_table.hpp"

namespace sallyport::ops {
namespace {

/// How the reference writes a value.
struct Shower {
  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  template <std::unsigned_integral Number>
  std::string operator()(const Number* value) const {
    return std::to_string(*value);
  }
  std::string operator()(const std::string* value) const { return '"' + *value + '"'; }
  std::string operator()(const base::IpAddress* value) const { return '"' + value->text() + '"'; }
  std::string operator()(const std::vector<std::string>* value) const {
    std::string out;
    for (const std::string& item : *value) out.append(out.empty() ? "\"" : ", \"").append(item).append("\"");
    return '[' + out + ']';
  }
  std::string operator()(const std::vector<base::IpRange>*) const { return "[]"; }  // each is empty by default
  template <class Enum>
    requires std::is_enum_v<Enum>
  std::string operator()(const Enum* value) const {
    return '"' + std::string{words_of(*value)[static_cast<std::size_t>(*value)]} + '"';
  }
};

/// "1 to 64 seconds", `"strict" or "lax"`, or what kind of value it is.
struct Ranger {
  const Setting& setting;

  std::string operator()(const bool*) const { return "true or false"; }
  template <std::unsigned_integral Number>
  std::string operator()(const Number*) const {
    std::string out = std::to_string(setting.min) + " to " + std::to_string(setting.max);
    return setting.unit.empty() ? out : out.append(" ").append(setting.unit);
  }
  std::string operator()(const std::string*) const { return "text"; }
  std::string operator()(const base::IpAddress*) const { return "IP address"; }
  std::string operator()(const std::vector<std::string>*) const { return "list of texts"; }
  std::string operator()(const std::vector<base::IpRange>*) const { return "list of ranges"; }
  template <class Enum>
    requires std::is_enum_v<Enum>
  std::string operator()(const Enum*) const {
    return join(words_of(Enum{}), " or ");
  }
};

struct Example {
  std::string_view key;
  std::string_view value;
};

/// Values for the settings that are empty by default, as the file writes them.
constexpr Example examples[] = {
    {"waivers", R"(["CFG-020 until 2027-03-31: the reason in 20 characters or more"])"},
    {"policy_lock", R"("policy.lock")"},
    {"server.origin", R"("https://notes.example")"},
    {"server.allowed_hosts", R"(["www.notes.example"])"},
    {"server.trusted_proxies", R"(["10.0.0.7"])"},
    {"server.user", R"("notes")"},
    {"server.takeover", R"("/run/notes/takeover")"},
    {"tls.certificate", R"("cert.pem")"},
    {"tls.key", R"("key.pem")"},
    {"tls.more_certificates", R"(["www-cert.pem"])"},
    {"tls.more_keys", R"(["www-key.pem"])"},
    {"tls.ocsp", R"("ocsp.der")"},
    {"limits.allow", R"(["10.0.0.7"])"},
    {"limits.deny", R"(["192.0.2.0/24"])"},
    {"redis.url", R"("redis://127.0.0.1:6379/0")"},
    {"redis.user", R"("notes")"},
    {"redis.password_file", R"("/etc/notes/redis-password")"},
    {"redis.ca", R"("redis-ca.pem")"},
    {"outbound.ca", R"("internal-ca.pem")"},
    {"outbound.instead", R"(["https://api.example=http://127.0.0.1:9000"])"},
    {"headers.csp", R"("img-src 'self' https://cdn.example")"},
    {"headers.csp_report_only", R"("img-src 'self' https://cdn.example")"},
    {"headers.permissions_policy", "\"camera=(self)\""},
    {"csrf.trusted_origins", R"(["https://admin.notes.example"])"},
    {"cors.origins", R"(["https://app.example"])"},
    {"keys.file", R"("var/master.key")"},
    {"log.file", R"("var/notes.log")"},
};

/// The value as one word of a shell: a list of one item, or a text, without the marks of TOML where the shell needs none.
std::string shell_word(std::string value) {
  if (value.starts_with('[')) value = value.substr(1, value.size() - 2);
  constexpr std::string_view special = " '()<>;&|";
  if (value.starts_with('"') && value.find_first_of(special) == std::string::npos) {
    value = value.substr(1, value.size() - 2);
  }
  return value;
}

std::string_view section_of(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view{} : key.substr(0, dot);
}

}  // namespace

std::string join(std::span<const std::string_view> words, std::string_view between) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

std::string section_names(std::string_view between) {
  std::string out;
  std::string_view last;
  for (const Setting& setting : settings_table()) {
    const std::string_view section = section_of(setting.key);
    if (section == last) continue;
    if (!out.empty()) out += between;
    out += last = section;
  }
  return out;
}

std::string default_of(const Setting& setting) {
  Settings defaults;
  return std::visit(Shower{}, setting.slot(defaults));
}

std::string example_of(const Setting& setting) {
  const auto found = std::find_if(std::begin(examples), std::end(examples),
                                  [&](const Example& example) { return example.key == setting.key; });
  return found == std::end(examples) ? default_of(setting) : std::string{found->value};
}

std::string example_for(const Setting& setting, std::string_view where) {
  const std::string value = example_of(setting);
  if (where.starts_with("--")) return "--" + flag_name(setting.key) + '=' + shell_word(value);
  const std::string variable = "SALLYPORT_" + variable_name(setting.key);
  if (where == variable) return variable + '=' + shell_word(value);
  return std::string{setting.key} + " = " + value;
}

std::string bounds_of(const Setting& setting) {
  Settings defaults;
  return std::visit(Ranger{setting}, setting.slot(defaults));
}

std::string help_text(std::string_view app, std::string_view about) {
  constexpr std::string_view all = "all";
  std::string out;
  if (about.empty() || about == all) {
    out.append("Usage: ").append(app).append(" [flags]\n");
    out +=
        "\n"
        "  --config FILE   read settings from a TOML file (also SALLYPORT_CONFIG)\n"
        "  --mode MODE     production (default) or development, which asks for less and stays on this machine\n"
        "  --port N        the port to listen on; 0 takes any free one\n"
        "  --tls           serve https\n"
        "  --check         print what a start would refuse, as JSON, and exit without serving\n"
        "  --policy        print who may call what and exit (--policy=json and --policy=lock for machines)\n"
        "  --help TOPIC    every setting: --help all; those of a section: --help limits\n"
        "  --version       print the version\n"
        "\n"
        "A setting is --section.name=VALUE here, section.name = value in the file, and SALLYPORT_SECTION_NAME\n"
        "in the environment. Flags win over the environment, the environment over the file. Secrets are never\n"
        "given by flag or environment: settings name the files that hold them.\n"
        "\n"
        "Exit status: 0 stopped when asked to, 78 refused to start (every reason is printed), 1 could not serve.\n";
  }
  if (about.empty()) return out.append("\nSections: ").append(section_names(" ")).append("\n");
  std::string_view section = "none";
  for (const Setting& setting : settings_table()) {
    if (about != all && about != section_of(setting.key)) continue;
    if (section_of(setting.key) != section) {
      section = section_of(setting.key);
      if (!out.empty()) out += '\n';
    }
    out.append("  --").append(flag_name(setting.key)).append("  ");
    out.append(bounds_of(setting)).append(", by default ").append(default_of(setting)).append("\n      ");
    out.append(setting.doc).append("\n");
  }
  return out;
}

std::string settings_markdown() {
  std::string out =
      "# Settings\n"
      "\n"
      "<!-- Made from the table in src/ops/settings_table.cpp. -->\n"
      "\n"
      "A setting `name` of `[section]` in the TOML file (`--config FILE`) is `SALLYPORT_SECTION_NAME` in the "
      "environment and\n"
      "`--section.name` as a flag, with hyphens for underscores. Flags win over the environment, the environment over "
      "the file.\n"
      "Lists are separated by commas outside the file. Unknown and repeated names refuse to start. Secrets are never "
      "given by\n"
      "flag or environment: settings name the files that hold them. `--port`, `--mode` and `--tls` are short for\n"
      "`--server.port`, `--mode` and `--tls.enabled`.\n";
  std::string_view section = "none";
  for (const Setting& setting : settings_table()) {
    if (section_of(setting.key) != section) {
      section = section_of(setting.key);
      out.append("\n## ").append(section.empty() ? "Top level" : '[' + std::string{section} + ']');
      out += "\n\n| name | default | values | meaning |\n|---|---|---|---|\n";
    }
    const std::string_view name = section.empty() ? setting.key : setting.key.substr(section.size() + 1);
    out.append("| `").append(name).append("` | `").append(default_of(setting)).append("` | ");
    out.append(bounds_of(setting)).append(" | ").append(setting.doc).append(" |\n");
  }
  return out;
}

}  // namespace sallyport::ops
