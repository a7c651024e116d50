// What a service can be told: one plain struct, filled from defaults, then a TOML file, the environment and flags.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_range.hpp"
#include "ops/finding.hpp"
#include "ops/json_line.hpp"

namespace sallyport::ops {

/// Production is the default: every start-up refusal holds. Development has to be asked for, and stays on loopback.
enum class Mode : std::uint8_t { production, development };
enum class TlsVersion : std::uint8_t { v1_2, v1_3 };
enum class SameSite : std::uint8_t { strict, lax };
/// Where the counters of rate limits are kept: in this process, in memory shared by the processes of this machine, in Redis.
enum class LimitStore : std::uint8_t { memory, shared, redis };

// The values below are the defaults. What each setting means, its unit and its bounds stand in the table of
// settings_table.cpp; docs/settings.md is made from both.

struct ServerSettings {
  std::uint16_t port = 8080;
  base::IpAddress address = base::IpAddress::v4(127, 0, 0, 1);
  std::string origin;
  std::vector<std::string> allowed_hosts;
  std::uint32_t threads = 0;
  std::vector<base::IpRange> trusted_proxies;
  bool proxy_protocol = false;
  bool http2 = true;
  std::uint16_t redirect_port = 0;
  std::string user;
  std::string takeover;
  std::uint32_t stop_seconds = 10;
  /// No setting: in development 127.0.0.1 stands for ::1 too, since browsers ask that first for `localhost`.
  bool both_loopbacks = false;
};

struct TlsSettings {
  bool enabled = false;
  std::string certificate;
  std::string key;
  std::vector<std::string> more_certificates = {};
  std::vector<std::string> more_keys = {};
  std::string ocsp = {};
  TlsVersion minimum = TlsVersion::v1_2;
};

struct LimitSettings {
  std::uint32_t general_per_second = 10;
  std::uint32_t general_burst = 100;
  std::size_t request_line = 8192;
  std::size_t header_bytes = 16384;
  std::uint32_t header_count = 64;
  std::size_t body = 1'048'576;
  std::size_t json = 262'144;
  std::size_t form = 32'768;
  std::size_t query = 4096;
  std::uint32_t connections = 0;
  std::uint32_t connections_per_client = 100;
  std::uint32_t header_seconds = 10;
  std::uint32_t idle_seconds = 15;
  std::uint32_t body_seconds = 30;
  std::uint32_t body_bytes_per_second = 240;
  std::uint32_t body_grace_seconds = 5;
  std::size_t drain_bytes = 65'536;
  std::uint32_t write_seconds = 40;
  std::uint32_t write_bytes_per_second = 2400;
  std::uint32_t handshake_seconds = 10;
  std::uint32_t keep_alive_requests = 1000;
  std::uint32_t handler_seconds = 30;
  std::uint32_t event_stream_minutes = 60;
  std::uint32_t pipelined = 16;
  std::uint32_t streams = 100;
  std::size_t compress_bytes = 131'072;
  std::size_t answer_bytes = 16'777'216;
  std::size_t stream_bytes = 1'073'741'824;
  std::uint32_t hash_queue = 0;
  std::uint32_t lag_milliseconds = 500;
  LimitStore store = LimitStore::memory;
  std::string shared_file = "var/<app>.limits";
  std::vector<std::string> fields = {"draft-8"};
  std::vector<base::IpRange> allow;
  std::vector<base::IpRange> deny;
};

struct RedisSettings {
  std::string url;
  std::string user;
  std::string password_file;
  std::string ca;
  std::string prefix = "<app>";
  std::uint32_t timeout_milliseconds = 100;
};

struct OutboundSettings {
  std::string ca;
  std::vector<std::string> instead;
};

struct HeaderSettings {
  std::uint32_t hsts_seconds = 63'072'000;
  bool hsts_subdomains = true;
  bool hsts_preload = false;
  std::string csp;
  std::string csp_report_only;
  std::string permissions_policy;
};

struct CsrfSettings {
  std::vector<std::string> trusted_origins;
  bool tokens = false;
};

struct CorsSettings {
  std::vector<std::string> origins;
};

struct SessionSettings {
  std::uint32_t idle_minutes = 30;
  std::uint32_t absolute_hours = 8;
  SameSite same_site = SameSite::strict;
  std::uint32_t per_account = 10;
};

struct PasswordSettings {
  std::uint32_t memory_kib = 65536;
  std::uint32_t iterations = 3;
};

struct DatabaseSettings {
  std::string path = "var/<app>.db";
  std::uint32_t statement_seconds = 5;
};

struct KeySettings {
  std::string file;
};

struct LogSettings {
  std::string file;
  Severity level = Severity::info;
  bool access = true;
};

/// Everything a service can be told. Default-constructed: the defaults.
struct Settings {
  Mode mode = Mode::production;
  std::vector<std::string> waivers;
  std::string policy_lock;
  ServerSettings server;
  TlsSettings tls;
  LimitSettings limits;
  RedisSettings redis;
  OutboundSettings outbound;
  HeaderSettings headers;
  CsrfSettings csrf;
  CorsSettings cors;
  SessionSettings sessions;
  PasswordSettings password;
  DatabaseSettings database;
  KeySettings keys;
  LogSettings log;
};

/// What the command line asks for.
enum class Action : std::uint8_t { serve, check, policy, help, version };
/// What `--policy` prints: a table for people, JSON for machines, the text of a lock file.
enum class PolicyForm : std::uint8_t { table, json, lock };

struct LoadedSettings {
  Settings settings;
  Action action = Action::serve;
  PolicyForm policy_form = PolicyForm::table;
  std::string app;  ///< the program's name: the last part of argv[0], or "app"
  /// False: a name was unknown, the file could not be read or the mode is none, so that further checks would be of other settings than were
  /// meant.
  bool complete = true;
  std::vector<std::string> ignored;  ///< variables with our prefix that Kubernetes or Docker made: links to services
  std::string help_about;            ///< what `--help` was asked for: empty, "all" or the name of a section
};

/// Reads all settings: defaults < file (`--config` or `SALLYPORT_CONFIG`) < `SALLYPORT_…` variables < flags. `arguments` is
/// argv with the program's name first, `environment` holds "NAME=value". Unknown and repeated names, wrong types and values
/// out of bounds are added to `findings`, all of them; what is wrong keeps its default. Secrets given by flag or environment
/// are refused (CFG-005). Whether the values make sense together is asked by check_settings().
[[nodiscard]] LoadedSettings load_settings(std::span<const char* const> arguments,
                                           std::span<const char* const> environment, Findings& findings);

/// The environment of this process, for load_settings().
[[nodiscard]] std::span<const char* const> process_environment() noexcept;

/// Completes what depends on the port: in development an origin that was not given becomes `http(s)://localhost:port`, and the
/// loopback names are allowed hosts; the origin's own host always is. load_settings() has done it unless the port is 0 (any
/// free one): then call it with the port that was bound.
void complete_origin(Settings& settings, std::uint16_t port);

/// What `--help` prints: one screen; about "all", every setting; about a section, those of it. Empty when there is no such section.
[[nodiscard]] std::string help_text(std::string_view app, std::string_view about = {});
/// The reference of all settings in Markdown: docs/settings.md.
[[nodiscard]] std::string settings_markdown();

}  // namespace sallyport::ops
