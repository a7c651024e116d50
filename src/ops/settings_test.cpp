// Settings: every source, their precedence, and every mistake in them reported at once.
#include "ops/settings.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "ops/settings_file.hpp"
#include "ops/settings_table.hpp"

#include "support/pasted_fix.hpp"
#include "support/temporary_folder.hpp"

namespace sallyport::ops {
namespace {

using WordList = std::vector<const char*>;

/// A file in a directory of its own, gone after the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) { std::ofstream{path} << text; }

 private:
  const sallyport::testing::TemporaryFolder folder_;

 public:
  const std::string path = folder_.file("notes.toml");
};

struct Loaded : LoadedSettings {
  Findings findings;

  [[nodiscard]] std::string report() const {
    std::string out;
    for (const Finding& f : findings.list())
      out += std::string{f.code} + '|' + f.where + '|' + f.reason + '|' + f.fix + '\n';
    return out;
  }
};

Loaded load(WordList arguments, const WordList& environment = {}) {
  arguments.insert(arguments.begin(), "/usr/bin/notes");
  Loaded loaded;
  static_cast<LoadedSettings&>(loaded) = load_settings(arguments, environment, loaded.findings);
  return loaded;
}

Loaded load_file(std::string_view text, WordList arguments = {}, const WordList& environment = {}) {
  const TemporaryFile file{text};
  arguments.push_back("--config");
  arguments.push_back(file.path.c_str());
  Loaded loaded = load(arguments, environment);
  // The directory's random name is no part of what is expected.
  Findings plain;
  for (Finding finding : loaded.findings.list()) {
    if (finding.where.starts_with(file.path))
      finding.where.erase(0, file.path.size() - std::string_view{"notes.toml"}.size());
    plain.add(std::move(finding));
  }
  loaded.findings = std::move(plain);
  return loaded;
}

TEST(SettingsTable, EveryDefaultIsWithinItsBoundsAndEveryBoundFitsItsPlace) {
  for (const Setting& setting : settings_table()) {
    Settings settings;
    const Slot slot = setting.slot(settings);
    const auto value = [&]() -> std::optional<std::int64_t> {
      if (const auto* p = std::get_if<std::uint16_t*>(&slot)) return **p;
      if (const auto* p = std::get_if<std::uint32_t*>(&slot)) return **p;
      if (const auto* p = std::get_if<std::size_t*>(&slot)) return static_cast<std::int64_t>(**p);
      return std::nullopt;
    };
    EXPECT_TRUE(setting.doc.ends_with('.')) << setting.key;
    if (!value()) continue;
    EXPECT_LE(setting.min, *value()) << setting.key;
    EXPECT_GE(setting.max, *value()) << setting.key;
    for (const std::int64_t bound : {setting.min, setting.max}) {
      EXPECT_FALSE(assign(setting, bound, settings, "")) << setting.key;
      EXPECT_EQ(*value(), bound) << setting.key;
    }
    EXPECT_TRUE(assign(setting, setting.min - 1, settings, "")) << setting.key;
    EXPECT_TRUE(assign(setting, setting.max + 1, settings, "")) << setting.key;
    EXPECT_EQ(*value(), setting.max) << setting.key << ": a refused value was set";
  }
}

TEST(SettingsTable, TheExampleOfASettingIsTakenByEachSource) {
  for (const Setting& setting : settings_table()) {
    const std::string example = example_of(setting);
    EXPECT_NE(example, "\"\"") << setting.key << ": an empty text shows nothing";
    EXPECT_NE(example, "[]") << setting.key << ": an empty list shows nothing";
    EXPECT_EQ(sallyport::testing::fault_of_line(example_for(setting, "notes.toml:3 x")), "") << setting.key;
    EXPECT_EQ(sallyport::testing::fault_of_flag(example_for(setting, "--x")), "") << setting.key;
    std::string variable = example_for(setting, "SALLYPORT_" + variable_name(setting.key));
    std::erase(variable, '"');
    EXPECT_TRUE(variable.starts_with("SALLYPORT_")) << variable;
    EXPECT_EQ(load({}, {variable.c_str()}).report(), "") << setting.key;
  }
}

TEST(SettingsTable, AnExampleIsWrittenAsItsSourceWantsIt) {
  const auto table = settings_table();
  const auto example = [&](std::string_view key, std::string_view where) {
    return example_for(*std::find_if(table.begin(), table.end(), [&](const Setting& s) { return s.key == key; }),
                       where);
  };
  EXPECT_EQ(example("server.trusted_proxies", "notes.toml:3 server.trusted_proxies"),
            "server.trusted_proxies = [\"10.0.0.7\"]");
  EXPECT_EQ(example("server.trusted_proxies", "--server.trusted-proxies"), "--server.trusted-proxies=10.0.0.7");
  EXPECT_EQ(example("server.trusted_proxies", "SALLYPORT_SERVER_TRUSTED_PROXIES"),
            "SALLYPORT_SERVER_TRUSTED_PROXIES=10.0.0.7");
  EXPECT_EQ(example("headers.csp", "--headers.csp"), "--headers.csp=\"img-src 'self' https://cdn.example\"");
  EXPECT_EQ(example("tls.enabled", "--tls"), "--tls.enabled=false");
}

TEST(SettingsTable, NamesAreUniqueInEverySpelling) {
  std::vector<std::string> keys;
  std::vector<std::string> variables;
  for (const Setting& setting : settings_table()) {
    keys.emplace_back(setting.key);
    variables.push_back(variable_name(setting.key));
  }
  for (auto* list : {&keys, &variables}) {
    std::sort(list->begin(), list->end());
    EXPECT_EQ(std::adjacent_find(list->begin(), list->end()), list->end());
  }
  EXPECT_EQ(std::count(variables.begin(), variables.end(), "CONFIG"), 0);
}

TEST(SettingsTable, NoTwoNamesShareAPlace) {
  std::vector<const void*> places;
  Settings settings;
  for (const Setting& setting : settings_table()) {
    places.push_back(std::visit([](auto* place) -> const void* { return place; }, setting.slot(settings)));
  }
  std::sort(places.begin(), places.end());
  EXPECT_EQ(std::adjacent_find(places.begin(), places.end()), places.end());
}

TEST(Settings, HaveTheDocumentedDefaults) {
  const Loaded loaded = load({});
  EXPECT_EQ(loaded.report(), "");
  EXPECT_EQ(loaded.action, Action::serve);
  EXPECT_EQ(loaded.app, "notes");
  const Settings& s = loaded.settings;
  EXPECT_EQ(s.mode, Mode::production);
  EXPECT_EQ(s.server.port, 8080);
  EXPECT_EQ(s.server.address, base::IpAddress::v4(127, 0, 0, 1));
  EXPECT_EQ(s.server.origin, "");
  EXPECT_EQ(s.limits.general_per_second, 10U);
  EXPECT_EQ(s.limits.general_burst, 100U);
  EXPECT_EQ(s.limits.body, 1048576U);
  EXPECT_EQ(s.limits.json, 262144U);
  EXPECT_EQ(s.sessions.same_site, SameSite::strict);
  EXPECT_EQ(s.tls.minimum, TlsVersion::v1_2);
  EXPECT_EQ(s.database.path, "var/notes.db");
  EXPECT_TRUE(s.log.access);
}

TEST(Settings, FlagsWinOverEnvironmentOverFileOverDefaults) {
  const std::string_view file = "[limits]\ngeneral_per_second = 1\ngeneral_burst = 1\nheader_count = 11\n";
  const Loaded loaded =
      load_file(file, {"--limits.general-per-second", "3"},
                {"SALLYPORT_LIMITS_GENERAL_PER_SECOND=2", "SALLYPORT_LIMITS_GENERAL_BURST=2", "PATH=/bin"});
  EXPECT_EQ(loaded.report(), "");
  EXPECT_EQ(loaded.settings.limits.general_per_second, 3U);
  EXPECT_EQ(loaded.settings.limits.general_burst, 2U);
  EXPECT_EQ(loaded.settings.limits.header_count, 11U);
}

TEST(Settings, AFileSetsEveryKind) {
  const Loaded loaded = load_file(R"(
mode = "development"
[server]
port = 0
address = "::1"
origin = "https://notes.example"
allowed_hosts = ["www.notes.example", "notes.example:8443"]
trusted_proxies = ["10.0.0.0/8", "192.0.2.7"]
[tls]
enabled = true
minimum = "1.3"
[limits]
body = 2_097_152
[sessions]
same_site = "lax"
[log]
level = "warning"
access = false
)");
  EXPECT_EQ(loaded.report(), "");
  const Settings& s = loaded.settings;
  EXPECT_EQ(s.mode, Mode::development);
  EXPECT_EQ(s.server.port, 0);
  EXPECT_EQ(s.server.address.text(), "::1");
  EXPECT_EQ(s.server.allowed_hosts, (std::vector<std::string>{"www.notes.example", "notes.example:8443"}));
  ASSERT_EQ(s.server.trusted_proxies.size(), 2U);
  EXPECT_EQ(s.server.trusted_proxies[0].text(), "10.0.0.0/8");
  EXPECT_EQ(s.tls.minimum, TlsVersion::v1_3);
  EXPECT_EQ(s.limits.body, 2U * 1024 * 1024);
  EXPECT_EQ(s.sessions.same_site, SameSite::lax);
  EXPECT_EQ(s.log.level, Severity::warning);
  EXPECT_FALSE(s.log.access);
}

TEST(Settings, FlagsTakeTheirValueEitherWayAndHaveShortForms) {
  const Loaded loaded = load({"--port=9000", "--tls", "--mode", "development", "--log.access=false", "--log.file",
                              "a b", "--server.trusted-proxies", "10.0.0.1,fd00::/8", "--check"});
  EXPECT_EQ(loaded.report(), "");
  EXPECT_EQ(loaded.action, Action::check);
  EXPECT_EQ(loaded.settings.server.port, 9000);
  EXPECT_TRUE(loaded.settings.tls.enabled);
  EXPECT_FALSE(loaded.settings.log.access);
  EXPECT_EQ(loaded.settings.log.file, "a b");
  EXPECT_EQ(loaded.settings.server.trusted_proxies.size(), 2U);
  EXPECT_EQ(loaded.settings.server.origin, "https://localhost:9000");
  EXPECT_EQ(load({"--help", "--check"}).action, Action::help);
  EXPECT_EQ(load({"-h"}).action, Action::help);
  EXPECT_EQ(load({"--version"}).action, Action::version);
}

TEST(Settings, UnknownNamesAreRefusedEverywhereWithTheNearest) {
  const Loaded loaded =
      load_file("[limits]\ngeneral_brust = 1\n[server]\nheader_count = 9\n[server.tls]\na = 1\n[colour]\nsky = 1\n",
                {"--prot", "1", "--limits.general-burts=4", "--zzzzzz"},
                {"SALLYPORT_SERVER_PROT=1", "SALLYPORT_ZZZZZZ=1", "SALLYPORT_"});
  EXPECT_EQ(loaded.report(),
            "CFG-024|--prot|no such setting|did you mean --port?\n"
            "CFG-024|--limits.general-burts|no such setting|did you mean --limits.general-burst?\n"
            "CFG-024|--zzzzzz|no such setting|see `--help all` for every setting\n"
            "CFG-024|SALLYPORT_SERVER_PROT|no such setting|did you mean SALLYPORT_SERVER_PORT?\n"
            "CFG-024|SALLYPORT_ZZZZZZ|no such setting|see `--help all` for every setting\n"
            "CFG-024|SALLYPORT_|no such setting|see `--help all` for every setting\n"
            "CFG-024|notes.toml:2 limits.general_brust|no such setting|did you mean limits.general_burst?\n"
            "CFG-024|notes.toml:4 server.header_count|no such setting|did you mean limits.header_count?\n"
            "CFG-024|notes.toml:5 server.tls|no such setting|see `--help all` for every setting\n"
            "CFG-024|notes.toml:8 colour.sky|no such setting|see `--help all` for every setting\n");
}

TEST(Settings, WordsThatBelongToNothingAreRefused) {
  const Loaded loaded = load({"hunter2", "--port", "80", "a=b", "--limits.body", "--config=", "--check=1", "-p"});
  EXPECT_EQ(loaded.findings.list().size(), 6U) << loaded.report();
  EXPECT_EQ(loaded.report().find("hunter2"), std::string::npos);
  EXPECT_EQ(loaded.settings.server.port, 80);
}

TEST(Settings, NothingIsGivenTwice) {
  EXPECT_EQ(load({"--port", "1", "--server.port", "2"}).report(),
            "CFG-024|--server.port|given more than once|give it once\n");
  EXPECT_EQ(load({}, {"SALLYPORT_MODE=production", "SALLYPORT_MODE=development"}).report(),
            "CFG-024|SALLYPORT_MODE|given more than once|give it once\n");
  const Loaded twice = load_file("[log]\nlevel = \"info\"\nlevel = \"error\"\n");
  ASSERT_EQ(twice.findings.list().size(), 1U);
  EXPECT_TRUE(twice.report().starts_with("CFG-024|notes.toml:3|")) << twice.report();
  EXPECT_EQ(load({"--config", "/nonexistent", "--config=/nonexistent"}).findings.list().size(), 2U);
}

TEST(Settings, ValuesOutOfBoundsNameTheBound) {
  const Loaded loaded =
      load({"--port=65536", "--limits.body=0", "--limits.json", "-1", "--limits.form=99999999999999999999",
            "--sessions.absolute-hours=721", "--password.memory-kib=4096", "--tls.minimum=1.0", "--log.level=off"});
  EXPECT_EQ(
      loaded.report(),
      "CFG-024|--port|must be between 0 and 65535|--server.port=8080 for example (0 to 65535, by default 8080)\n"
      "CFG-051|--limits.body|must be between 1 and 67108864 bytes|--limits.body=1048576 for example (1 to 67108864 "
      "bytes, by default 1048576)\n"
      "CFG-051|--limits.json|must be between 1 and 16777216 bytes|--limits.json=262144 for example (1 to 16777216 "
      "bytes, by default 262144)\n"
      "CFG-051|--limits.form|must be between 1 and 1048576 bytes|--limits.form=32768 for example (1 to 1048576 bytes, "
      "by default 32768)\n"
      "CFG-040|--sessions.absolute-hours|must be between 1 and 720 hours|--sessions.absolute-hours=8 for example (1 to "
      "720 hours, by default 8)\n"
      "CFG-041|--password.memory-kib|must be between 19456 and 1048576 KiB|--password.memory-kib=65536 for example "
      "(19456 to 1048576 KiB, by default 65536)\n"
      "CFG-014|--tls.minimum|wants one of 1.2, 1.3|--tls.minimum=1.2 for example (1.2 or 1.3, by default \"1.2\")\n"
      "CFG-032|--log.level|wants one of debug, info, warning, error|--log.level=info for example (debug or info or "
      "warning or error, by default \"info\")\n");
}

TEST(Settings, ValuesOfTheWrongTypeAreRefusedAndNeverShown) {
  const Loaded loaded = load_file(
      "mode = 7\n[server]\nport = \"sesame\"\naddress = \"sesame\"\norigin = 1\nallowed_hosts = \"sesame\"\n"
      "trusted_proxies = [\"10.0.0.1/8\", \"sesame\", \"::ffff:10.0.0.0/8\"]\n[tls]\nenabled = "
      "\"true\"\n[limits]\nbody = 1.5\n"
      "json = 1979-05-27\nform = {}\nheader_count = [1]\n[log]\nfile = \"a\\u0000b\"\n");
  EXPECT_EQ(loaded.findings.list().size(), 12U) << loaded.report();
  EXPECT_EQ(loaded.report().find("sesame"), std::string::npos) << loaded.report();
  EXPECT_NE(loaded.report().find(
                "CFG-015|notes.toml:7 server.trusted_proxies|entry 1: the address has bits beyond its prefix: "
                "10.0.0.0/8, not 10.0.0.1/8; entry 2: not an IP address or CIDR range; entry 3: an "
                "IPv4-mapped range is ambiguous"),
            std::string::npos)
      << loaded.report();
  const Loaded words =
      load({"--port=0x10", "--limits.body=1e6", "--limits.json=010", "--limits.form=", "--limits.query=1 ",
            "--log.access=yes", "--mode=Development", "--server.address=localhost", "--limits.header-count=+9"});
  EXPECT_EQ(words.findings.list().size(), 9U) << words.report();
  EXPECT_EQ(words.settings.mode, Mode::production);
}

TEST(Settings, SecretsAreRefusedInFlagsAndEnvironment) {
  const Loaded loaded =
      load({"--key=c2VjcmV0", "--database.password", "c2VjcmV0", "--tls.key=-----BEGIN PRIVATE KEY-----c2VjcmV0"},
           {"SALLYPORT_KEY=c2VjcmV0", "SALLYPORT_SECRET_KEY_BASE=c2VjcmV0", "SALLYPORT_KEYS_MASTER=c2VjcmV0",
            "SALLYPORT_TLS_KEY=-----BEGIN PRIVATE KEY-----c2VjcmV0", "SALLYPORT_KEYS_FILE=var/key"});
  EXPECT_EQ(loaded.findings.list().size(), 7U) << loaded.report();
  for (const Finding& finding : loaded.findings.list()) EXPECT_EQ(finding.code, "CFG-005") << finding.where;
  EXPECT_EQ(loaded.report().find("c2VjcmV0"), std::string::npos);
  EXPECT_EQ(loaded.settings.keys.file, "var/key");
  EXPECT_EQ(loaded.settings.tls.key, "");
}

TEST(SettingsFile, MustBeAPlainFileOfReasonableSizeThatNotEverybodyCanWrite) {
  EXPECT_TRUE(load({"--config", "/nonexistent/x"})
                  .report()
                  .starts_with("CFG-024|/nonexistent/x|can't read the settings file: No such file"));
  EXPECT_NE(load({"--config", "/tmp"}).report().find("not a plain file"), std::string::npos);
  EXPECT_NE(load({"--config", "/dev/zero"}).report().find("not a plain file"), std::string::npos);

  const TemporaryFile open_file{"[server]\nport = 9\nprot = 1\n"};
  ASSERT_EQ(chmod(open_file.path.c_str(), 0666), 0);
  const Loaded loaded = load({}, {("SALLYPORT_CONFIG=" + open_file.path).c_str()});
  EXPECT_EQ(loaded.findings.list().size(), 2U) << "its other mistakes are shown as well: " << loaded.report();
  EXPECT_NE(loaded.report().find("everybody can write"), std::string::npos);

  const TemporaryFile huge{std::string(max_settings_file + 1, '#')};
  EXPECT_NE(load({"--config", huge.path.c_str()}).report().find("larger than 1 MiB"), std::string::npos);
  const TemporaryFile largest{std::string(max_settings_file, '#')};
  EXPECT_EQ(load({"--config", largest.path.c_str()}).report(), "");
}

TEST(SettingsFile, ABrokenFileIsOneFindingAndTheOtherSourcesAreStillRead) {
  const Loaded loaded = load_file("[server]\nport = \n", {"--limits.body=0"});
  ASSERT_EQ(loaded.findings.list().size(), 2U) << loaded.report();
  EXPECT_TRUE(loaded.findings.list()[0].where.starts_with("notes.toml:2"));
  EXPECT_EQ(loaded.findings.list()[1].code, "CFG-051");
  EXPECT_EQ(load_file("x = " + std::string(5000, '[')).findings.list().size(), 1U);
  EXPECT_EQ(load_file(std::string_view{"\xff\xfe\0", 3}).findings.list().size(), 1U);
}

TEST(Settings, DevelopmentKnowsItsOrigin) {
  const Loaded plain = load({"--mode=development"});
  EXPECT_EQ(plain.settings.server.origin, "http://localhost:8080");
  EXPECT_EQ(plain.settings.server.allowed_hosts,
            (std::vector<std::string>{"localhost:8080", "127.0.0.1:8080", "[::1]:8080"}));

  Loaded free_port = load({"--mode=development", "--port=0"});
  EXPECT_EQ(free_port.settings.server.origin, "");
  complete_origin(free_port.settings, 40123);
  EXPECT_EQ(free_port.settings.server.origin, "http://localhost:40123");
  complete_origin(free_port.settings, 40123);
  EXPECT_EQ(free_port.settings.server.allowed_hosts.size(), 3U);

  const Loaded production = load({"--server.origin=https://notes.example", "--server.allowed-hosts=www.notes.example"});
  EXPECT_EQ(production.settings.server.allowed_hosts, (std::vector<std::string>{"www.notes.example", "notes.example"}));
}

TEST(Settings, TheProgramsNameIsTakenOnlyWhenPlain) {
  Findings findings;
  for (const auto& [program, app] : std::vector<std::pair<const char*, const char*>>{{"./build/notes", "notes"},
                                                                                     {"my-app_2", "my-app_2"},
                                                                                     {"", "app"},
                                                                                     {"/x/..", "app"},
                                                                                     {"a b", "app"},
                                                                                     {"x/", "app"}}) {
    EXPECT_EQ(load_settings(std::array{program}, {}, findings).app, app);
  }
  EXPECT_EQ(load_settings({}, {}, findings).settings.database.path, "var/app.db");
  EXPECT_TRUE(findings.empty());
}

TEST(SettingsReference, HelpIsOneScreenAndKnowsEachSection) {
  const std::string help = help_text("notes");
  EXPECT_LE(std::count(help.begin(), help.end(), '\n'), 24);
  EXPECT_NE(help.find("--help all"), std::string::npos) << help;
  for (std::size_t begin = 0, end = 0; end < help.size(); begin = end + 1) {
    end = std::min(help.find('\n', begin), help.size());
    EXPECT_LE(end - begin, 110U) << help.substr(begin, end - begin);
  }
  const std::string limits = help_text("notes", "limits");
  EXPECT_NE(limits.find("--limits.json"), std::string::npos);
  EXPECT_EQ(limits.find("--server.port"), std::string::npos);
  EXPECT_EQ(help_text("notes", "limit"), "");
  EXPECT_EQ(load({"--help", "all"}).help_about, "all");
  EXPECT_EQ(load({"--help=tls"}).help_about, "tls");
  EXPECT_EQ(load({"--help", "--check"}).help_about, "");
}

TEST(SettingsReference, NamesEverySettingWithItsDefault) {
  const std::string help = help_text("notes", "all");
  const std::string markdown = settings_markdown();
  EXPECT_TRUE(help.starts_with("Usage: notes [flags]\n"));
  for (const Setting& setting : settings_table()) {
    EXPECT_NE(help.find("--" + flag_name(setting.key) + "  "), std::string::npos) << setting.key;
    EXPECT_NE(help.find(setting.doc), std::string::npos) << setting.key;
    EXPECT_NE(markdown.find("| `" + std::string{setting.key.substr(setting.key.find('.') + 1)} + "` | `"),
              std::string::npos)
        << setting.key;
    EXPECT_EQ(setting.doc.find('|'), std::string::npos) << "breaks the table: " << setting.key;
  }
  EXPECT_NE(help.find("--limits.general-per-second  1 to 1000000 requests per second, by default 10\n"),
            std::string::npos)
      << help;
  EXPECT_NE(markdown.find("| `json` | `262144` | 1 to 16777216 bytes | Largest JSON body. |\n"), std::string::npos);
}

TEST(ProcessEnvironment, IsTheOneOfThisProcess) {
  ASSERT_EQ(setenv("SALLYPORT_SETTINGS_TEST", "1", 1), 0);
  const auto environment = process_environment();
  EXPECT_TRUE(std::any_of(environment.begin(), environment.end(),
                          [](const char* entry) { return std::string_view{entry} == "SALLYPORT_SETTINGS_TEST=1"; }));
  unsetenv("SALLYPORT_SETTINGS_TEST");
}

}  // namespace
}  // namespace sallyport::ops
