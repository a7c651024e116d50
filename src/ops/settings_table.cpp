// The table of settings, and what can be put into each.
#include "ops/settings_table.hpp"

#include "http/http1_parser.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <limits>
#include <type_traits>

namespace sallyport::ops {
namespace {

template <auto Group, auto Member>
Slot in(Settings& settings) {
  return &(settings.*Group.*Member);
}

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::int64_t most_headers = http::RequestHead::max_fields;

// Each section in the order a reader wants it. Bounds of limits are hard caps: nothing here can be made unlimited.
constexpr auto server = &Settings::server;
constexpr auto tls = &Settings::tls;
constexpr auto limits = &Settings::limits;
constexpr auto sessions = &Settings::sessions;
constexpr auto password = &Settings::password;
constexpr auto redis = &Settings::redis;
constexpr auto outbound = &Settings::outbound;
constexpr auto headers = &Settings::headers;
constexpr auto csrf = &Settings::csrf;
constexpr auto log = &Settings::log;
using S = ServerSettings;
using T = TlsSettings;
using L = LimitSettings;
using H = HeaderSettings;
using R = RedisSettings;
using O = OutboundSettings;

constexpr Setting table[] = {
    {"mode", [](Settings& s) -> Slot { return &s.mode; }, "",
     "Production refuses to start on anything unsafe; development listens on loopback only and makes its own key."},
    {"waivers", [](Settings& s) -> Slot { return &s.waivers; }, "",
     "Refusals that are accepted until a date, each as `CFG-020 until 2026-12-31: the reason in 20 characters or "
     "more`; listed at every start.",
     0, 0, "CFG-024"},
    {"policy_lock", [](Settings& s) -> Slot { return &s.policy_lock; }, "",
     "File that `sallyport policy --lock` has written: a service whose public routes or relaxations differ from it "
     "refuses to "
     "start in production; empty compares nothing.",
     0, 0, "CFG-033"},

    {"server.port", in<server, &S::port>, "", "The TCP port to listen on; 0 takes any free one.", 0, 65535},
    {"server.address", in<server, &S::address>, "",
     "The address to listen on: 127.0.0.1 is this machine only, 0.0.0.0 or :: every interface."},
    {"server.origin", in<server, &S::origin>, "",
     "How browsers reach the service, as in `https://notes.example`; production requires it, development takes "
     "`http://localhost:<port>`.",
     0, 0, "CFG-010"},
    {"server.allowed_hosts", in<server, &S::allowed_hosts>, "",
     "Further `Host` values that are answered, besides the origin's own.", 0, 0, "CFG-010"},
    {"server.threads", in<server, &S::threads>, "threads", "Event loops; 0 takes one per core.", 0, 1024},
    {"server.trusted_proxies", in<server, &S::trusted_proxies>, "",
     "Addresses or CIDR ranges of the proxies whose fields for the client's address and scheme are trusted.", 0, 0,
     "CFG-015"},
    {"server.proxy_protocol", in<server, &S::proxy_protocol>, "",
     "Connections begin with a PROXY protocol v2 header, taken from `trusted_proxies` only; all others are closed.", 0,
     0, "CFG-015"},
    {"server.http2", in<server, &S::http2>, "",
     "HTTP/2 over TLS (ALPN `h2`), and without TLS for clients on this machine that begin with it."},
    {"server.redirect_port", in<server, &S::redirect_port>, "",
     "A second port without TLS that sends pages to `server.origin` and refuses everything else; 0 is none.", 0, 65535},
    {"server.user", in<server, &S::user>, "",
     "The user to become once the ports are bound, when started as root; empty keeps the one it was started as."},
    {"server.takeover", in<server, &S::takeover>, "",
     "A socket file over which a newly started process takes the listening sockets of the running one, which then "
     "drains; "
     "empty: a port that is in use is an error."},
    {"server.stop_seconds", in<server, &S::stop_seconds>, "seconds",
     "How long requests under way may take to finish after SIGTERM.", 0, 600},

    {"tls.enabled", in<tls, &T::enabled>, "", "Serve https; development makes a certificate when none is named."},
    {"tls.certificate", in<tls, &T::certificate>, "", "PEM file with the certificate and its chain.", 0, 0, "CFG-013"},
    {"tls.key", in<tls, &T::key>, "", "PEM file with the certificate's private key.", 0, 0, "CFG-013"},
    {"tls.more_certificates", in<tls, &T::more_certificates>, "",
     "Certificates for further host names (chosen by the name the client asks for), each as `tls.certificate`.", 0, 0,
     "CFG-013"},
    {"tls.more_keys", in<tls, &T::more_keys>, "", "Their private keys, in the same order.", 0, 0, "CFG-013"},
    {"tls.ocsp", in<tls, &T::ocsp>, "",
     "DER file with an OCSP answer for `tls.certificate`, stapled to handshakes and read again when it changes.", 0, 0,
     "CFG-013"},
    {"tls.minimum", in<tls, &T::minimum>, "", "The oldest TLS version accepted.", 0, 0, "CFG-014"},

    {"limits.general_per_second", in<limits, &L::general_per_second>, "requests per second",
     "Requests that one client may make over time.", 1, 1'000'000, "CFG-051"},
    {"limits.general_burst", in<limits, &L::general_burst>, "requests", "Requests that one client may make at once.", 1,
     10'000'000, "CFG-051"},
    {"limits.request_line", in<limits, &L::request_line>, "bytes", "Longest request line.", 256, 64 * kib, "CFG-051"},
    {"limits.header_bytes", in<limits, &L::header_bytes>, "bytes", "All request headers together.", 1 * kib, 64 * kib,
     "CFG-051"},
    {"limits.header_count", in<limits, &L::header_count>, "headers", "Number of request headers.", 8, most_headers,
     "CFG-051"},
    {"limits.body", in<limits, &L::body>, "bytes",
     "Upper bound of `json` and `form`: a start with a larger one is refused. A `BodyStream` states its own limit.", 1,
     64 * mib, "CFG-051"},
    {"limits.json", in<limits, &L::json>, "bytes", "Largest JSON body.", 1, 16 * mib, "CFG-051"},
    {"limits.form", in<limits, &L::form>, "bytes", "Largest form body.", 1, 1 * mib, "CFG-051"},
    {"limits.query", in<limits, &L::query>, "bytes", "Longest query string.", 1, 64 * kib, "CFG-051"},
    {"limits.connections", in<limits, &L::connections>, "connections",
     "Open connections; 0 takes what the limit on open files allows.", 0, 1'000'000, "CFG-051"},
    {"limits.connections_per_client", in<limits, &L::connections_per_client>, "connections",
     "Open connections of one client.", 1, 1'000'000, "CFG-051"},
    {"limits.header_seconds", in<limits, &L::header_seconds>, "seconds",
     "From a request's first byte to the end of its headers.", 1, 120, "CFG-051"},
    {"limits.idle_seconds", in<limits, &L::idle_seconds>, "seconds", "A connection without a request under way.", 1,
     600, "CFG-051"},
    {"limits.body_seconds", in<limits, &L::body_seconds>, "seconds",
     "The whole of a request body; of a `BodyStream` only the pace is judged, and only while it is waited for.", 1, 600,
     "CFG-051"},
    {"limits.body_bytes_per_second", in<limits, &L::body_bytes_per_second>, "bytes per second",
     "Slowest pace of a request body after the grace.", 1, 1 * mib, "CFG-051"},
    {"limits.body_grace_seconds", in<limits, &L::body_grace_seconds>, "seconds",
     "A body's first seconds, in which its pace is not judged.", 1, 60, "CFG-051"},
    {"limits.drain_bytes", in<limits, &L::drain_bytes>, "bytes",
     "How much of a body that no handler reads is discarded, so that the connection can go on; above it, the "
     "connection is closed.",
     0, 16 * mib, "CFG-051"},
    {"limits.write_seconds", in<limits, &L::write_seconds>, "seconds",
     "How long a client may read nothing of its answer before it has read any. What it has read faster than "
     "`write_bytes_per_second` counts afterwards, for pauses of up to five minutes.",
     1, 600, "CFG-051"},
    {"limits.write_bytes_per_second", in<limits, &L::write_bytes_per_second>, "bytes per second",
     "Slowest pace at which a client reads its answer, by what its system has acknowledged. Systems acknowledge in "
     "steps of up to 96 KiB: a slower pace needs a longer `write_seconds` to be told from none.",
     1, 1 * mib, "CFG-051"},
    {"limits.handshake_seconds", in<limits, &L::handshake_seconds>, "seconds", "A TLS handshake.", 1, 120, "CFG-051"},
    {"limits.keep_alive_requests", in<limits, &L::keep_alive_requests>, "requests",
     "Requests on one connection before it is closed.", 1, 1'000'000, "CFG-051"},
    {"limits.handler_seconds", in<limits, &L::handler_seconds>, "seconds", "A handler's time to answer.", 1, 3600,
     "CFG-051"},
    {"limits.pipelined", in<limits, &L::pipelined>, "requests",
     "Requests of one connection read ahead of their answers.", 1, 128, "CFG-051"},
    {"limits.event_stream_minutes", in<limits, &L::event_stream_minutes>, "minutes",
     "A server-sent event stream ends, and its client signs on again.", 1, 1440, "CFG-051"},
    {"limits.streams", in<limits, &L::streams>, "streams", "Requests at once on one HTTP/2 connection.", 1, 1000,
     "CFG-051"},
    {"limits.compress_bytes", in<limits, &L::compress_bytes>, "bytes",
     "Largest answer compressed while it is sent; 0 turns that off. Does not apply to files that are stored "
     "compressed.",
     0, 1 * mib, "CFG-051"},
    {"limits.answer_bytes", in<limits, &L::answer_bytes>, "bytes",
     "Largest answer that is made in memory; a handler's larger one is answered 500. What is larger is sent as a "
     "Stream.",
     64 * kib, 1024 * mib, "CFG-051"},
    {"limits.stream_bytes", in<limits, &L::stream_bytes>, "bytes",
     "Largest answer of a Stream; one that would be larger is cut. A route's own is `sp::max_stream`.", 64 * kib,
     mib * 1024 * 1024, "CFG-051"},
    {"limits.hash_queue", in<limits, &L::hash_queue>, "passwords",
     "Passwords waiting to be hashed before 503 is answered, an eighth of them of one client; 0 takes 16 per core.", 0,
     10'000, "CFG-051"},
    {"limits.lag_milliseconds", in<limits, &L::lag_milliseconds>, "milliseconds",
     "An event loop that is late by this much sheds requests (503) until it has caught up.", 50, 60'000, "CFG-051"},
    {"limits.store", in<limits, &L::store>, "",
     "Where counters are kept: in this process, in memory shared by the processes of this machine, or in Redis for "
     "several machines. Attempts at passwords and codes are in Redis too, else in the service's database."},
    {"limits.shared_file", in<limits, &L::shared_file>, "",
     "The file that `store = \"shared\"` maps; `<app>` stands for the program's name."},
    {"limits.fields", in<limits, &L::fields>, "",
     "Fields that tell clients about limits: any of `draft-8`, `draft-7`, `draft-6`, `legacy` (`X-RateLimit-*`); the "
     "empty "
     "list "
     "tells nothing. `Retry-After` is always sent.",
     0, 0, "CFG-051"},
    {"limits.allow", in<limits, &L::allow>, "",
     "Addresses or ranges that limits per client do not count: probes, one's own crawler.", 0, 0, "CFG-051"},
    {"limits.deny", in<limits, &L::deny>, "", "Addresses or ranges that are refused (403).", 0, 0, "CFG-051"},

    {"redis.url", in<redis, &R::url>, "",
     "Where Redis is: `redis://host:port/0`, or `rediss://` over TLS, which other machines require.", 0, 0, "CFG-031"},
    {"redis.user", in<redis, &R::user>, "", "The user to sign in as; empty takes Redis's default user.", 0, 0,
     "CFG-031"},
    {"redis.password_file", in<redis, &R::password_file>, "",
     "File with the password, readable by the service's user only; empty signs in without one.", 0, 0, "CFG-031"},
    {"redis.ca", in<redis, &R::ca>, "",
     "PEM file with the authorities that may have signed the certificate of Redis; empty takes the system's.", 0, 0,
     "CFG-031"},
    {"redis.prefix", in<redis, &R::prefix>, "",
     "What the names of all keys begin with; `<app>` stands for the program's name.", 0, 0, "CFG-031"},
    {"redis.timeout_milliseconds", in<redis, &R::timeout_milliseconds>, "milliseconds",
     "How long an answer of Redis is waited for.", 5, 5000, "CFG-031"},

    {"outbound.ca", in<outbound, &O::ca>, "",
     "PEM file with the authorities that may have signed the certificates of other services (`sp::Outbound`); empty "
     "takes the "
     "system's.",
     0, 0, "CFG-035"},
    {"outbound.instead", in<outbound, &O::instead>, "",
     "In development: what is called instead of an origin, as `https://api.example=http://127.0.0.1:9000`.", 0, 0,
     "CFG-035"},

    {"headers.hsts_seconds", in<headers, &H::hsts_seconds>, "seconds",
     "How long browsers remember to use https (`Strict-Transport-Security`); two years by default, at least one.", 0,
     315'360'000, "CFG-016"},
    {"headers.hsts_subdomains", in<headers, &H::hsts_subdomains>, "", "`includeSubDomains`.", 0, 0, "CFG-016"},
    {"headers.hsts_preload", in<headers, &H::hsts_preload>, "",
     "`preload`: asks to be put into browsers' lists, which can't be taken back for months.", 0, 0, "CFG-016"},
    {"headers.csp", in<headers, &H::csp>, "",
     "Directives that replace those of the pages' Content-Security-Policy, as in `img-src 'self' https://cdn.example`.",
     0, 0, "CFG-044"},
    {"headers.csp_report_only", in<headers, &H::csp_report_only>, "",
     "A second policy that browsers report about and do not enforce, to try one out.", 0, 0, "CFG-044"},
    {"headers.permissions_policy", in<headers, &H::permissions_policy>, "",
     "Features that pages may use, as in `camera=(self), geolocation=(self)`; all others stay off.", 0, 0, "CFG-044"},

    {"csrf.trusted_origins", in<csrf, &CsrfSettings::trusted_origins>, "",
     "Other origins whose pages may change state here with the user's cookies, as in `https://admin.notes.example`.", 0,
     0, "CFG-043"},
    {"csrf.tokens", in<csrf, &CsrfSettings::tokens>, "",
     "Takes a form's `CsrfToken` for browsers too old to send `Sec-Fetch-Site` or `Origin`."},

    {"cors.origins", in<&Settings::cors, &CorsSettings::origins>, "",
     "The origins that `configured_cors` routes answer, as in `https://app.example`.", 0, 0, "CFG-043"},

    {"sessions.idle_minutes", in<sessions, &SessionSettings::idle_minutes>, "minutes",
     "A session without requests ends.", 1, 1440, "CFG-040"},
    {"sessions.absolute_hours", in<sessions, &SessionSettings::absolute_hours>, "hours",
     "A session ends, however busy.", 1, 720, "CFG-040"},
    {"sessions.same_site", in<sessions, &SessionSettings::same_site>, "",
     "`lax` sends the session cookie along when a link on another site is followed; `strict` does not.", 0, 0,
     "CFG-040"},
    {"sessions.per_account", in<sessions, &SessionSettings::per_account>, "sessions",
     "Sessions of one account at a time; the oldest gives way.", 1, 1000, "CFG-040"},

    {"password.memory_kib", in<password, &PasswordSettings::memory_kib>, "KiB",
     "Memory of one Argon2id hash; 19456 is OWASP's minimum.", 19456, 1 * mib, "CFG-041"},
    {"password.iterations", in<password, &PasswordSettings::iterations>, "passes", "Passes of one Argon2id hash.", 2,
     100, "CFG-041"},

    {"database.path", in<&Settings::database, &DatabaseSettings::path>, "",
     "The SQLite file; `<app>` stands for the program's name."},
    {"database.statement_seconds", in<&Settings::database, &DatabaseSettings::statement_seconds>, "seconds",
     "A statement or transaction that takes longer is taken back, and its request answered 503.", 1, 600, "CFG-051"},

    {"keys.file", in<&Settings::keys, &KeySettings::file>, "",
     "File with the master key, readable by the service's user only; production requires it.", 0, 0, "CFG-001"},

    {"log.file", in<log, &LogSettings::file>, "",
     "File that log lines are appended to; empty writes to standard output.", 0, 0, "CFG-032"},
    {"log.level", in<log, &LogSettings::level>, "", "The least severity that is logged.", 0, 0, "CFG-032"},
    {"log.access", in<log, &LogSettings::access>, "", "A line for every request."},
};

// The words of each enumeration, in the order of its values.
constexpr std::string_view mode_words[] = {"production", "development"};
constexpr std::string_view tls_words[] = {"1.2", "1.3"};
constexpr std::string_view same_site_words[] = {"strict", "lax"};
constexpr std::string_view limit_store_words[] = {"memory", "shared", "redis"};
constexpr std::string_view severity_words[] = {"debug", "info", "warning", "error"};

/// A whole number, saturated at the ends of its type: what is beyond is out of every bound as well. Leading zeros are refused,
/// since some read them as octal.
std::optional<std::int64_t> read_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    number =
        text.starts_with('-') ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }
  return number;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    items.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return items;
}

std::string_view why_no_range(base::IpRangeError error) {
  switch (error) {
    case base::IpRangeError::address:
      return "not an IP address or CIDR range";
    case base::IpRangeError::prefix:
      return "the prefix length after the slash is not valid";
    case base::IpRangeError::host_bits:
      return "the address has bits beyond its prefix: 10.0.0.0/8, not 10.0.0.1/8";
    case base::IpRangeError::mapped:
      break;
  }
  return "an IPv4-mapped range is ambiguous: write it as IPv4";
}

/// Puts a value into a setting's place; says in `problem` what is wrong with it. Values are never repeated in a message.
struct Assigner {
  const Setting& setting;
  const Value& value;
  std::string problem;

  void operator()(bool* place) {
    const auto* words = std::get_if<Words>(&value);
    if (const bool* given = std::get_if<bool>(&value)) {
      *place = *given;
    } else if (words != nullptr && (words->text == "true" || words->text == "false")) {
      *place = words->text == "true";
    } else {
      problem = "wants true or false";
    }
  }

  template <std::unsigned_integral Number>
  void operator()(Number* place) {
    std::optional<std::int64_t> number;
    if (const auto* words = std::get_if<Words>(&value)) number = read_number(words->text);
    if (const auto* given = std::get_if<std::int64_t>(&value)) number = *given;
    if (number && *number >= setting.min && *number <= setting.max) {
      *place = static_cast<Number>(*number);
      return;
    }
    problem = number ? "must be between " : "wants a whole number from ";
    problem += std::to_string(setting.min) + (number ? " and " : " to ") + std::to_string(setting.max);
    if (!setting.unit.empty()) problem.append(" ").append(setting.unit);
  }

  void operator()(std::string* place) {
    if (const std::string* given = text("wants text")) *place = *given;
  }

  void operator()(std::vector<std::string>* place) {
    if (auto given = items()) *place = std::move(*given);
  }

  void operator()(base::IpAddress* place) {
    const std::string* given = text("wants an IP address");
    if (given == nullptr) return;
    if (const auto address = base::IpAddress::parse(*given))
      *place = *address;
    else
      problem = "wants an IP address, without port, brackets or name";
  }

  void operator()(std::vector<base::IpRange>* place) {
    const auto given = items();
    if (!given) return;
    std::vector<base::IpRange> ranges;
    for (std::size_t i = 0; i < given->size(); ++i) {
      base::IpRangeError why{};
      const auto range = base::IpRange::parse((*given)[i], &why);
      if (range) {
        ranges.push_back(*range);
        continue;
      }
      if (!problem.empty()) problem += "; ";
      problem.append("entry ").append(std::to_string(i + 1)).append(": ").append(why_no_range(why));
    }
    if (problem.empty()) *place = std::move(ranges);
  }

  template <class Enum>
    requires std::is_enum_v<Enum>
  void operator()(Enum* place) {
    const auto words = words_of(Enum{});
    const std::string wanted = "wants one of " + join(words, ", ");
    const std::string* given = text(wanted);
    if (given == nullptr) return;
    const auto found = std::find(words.begin(), words.end(), *given);
    if (found == words.end())
      problem = wanted;
    else
      *place = static_cast<Enum>(found - words.begin());
  }

 private:
  const std::string* text(std::string_view otherwise) {
    const std::string* given = std::get_if<std::string>(&value);
    if (const auto* words = std::get_if<Words>(&value)) given = &words->text;
    if (given == nullptr)
      problem = otherwise;
    else if (given->find('\0') != std::string::npos)
      problem = "holds a NUL byte";
    return problem.empty() ? given : nullptr;
  }

  std::optional<std::vector<std::string>> items() {
    if (const auto* words = std::get_if<Words>(&value)) return split_list(words->text);
    if (const auto* given = std::get_if<std::vector<std::string>>(&value)) return *given;
    problem = "wants a list of texts: [\"…\", \"…\"] in the file, separated by commas elsewhere";
    return std::nullopt;
  }
};

}  // namespace

std::span<const Setting> settings_table() noexcept { return table; }

std::span<const std::string_view> words_of(Mode) noexcept { return mode_words; }
std::span<const std::string_view> words_of(TlsVersion) noexcept { return tls_words; }
std::span<const std::string_view> words_of(SameSite) noexcept { return same_site_words; }
std::span<const std::string_view> words_of(LimitStore) noexcept { return limit_store_words; }
std::span<const std::string_view> words_of(Severity) noexcept { return severity_words; }

std::string flag_name(std::string_view key) {
  std::string flag{key};
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string variable_name(std::string_view key) {
  std::string name;
  for (const char c : key) {
    if (c == '.')
      name += '_';
    else
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

bool is_switch(const Setting& setting) {
  Settings defaults;
  return std::holds_alternative<bool*>(setting.slot(defaults));
}

std::optional<Finding> assign(const Setting& setting, const Value& value, Settings& settings, std::string where) {
  Assigner assigner{setting, value, {}};
  std::visit(assigner, setting.slot(settings));
  if (assigner.problem.empty()) return std::nullopt;
  const Refusal& refusal = setting.refused_as.refusal();
  std::string fix =
      example_for(setting, where) + " for example (" + bounds_of(setting) + ", by default " + default_of(setting) + ')';
  return Finding{refusal.code, std::move(where), std::move(assigner.problem), std::move(fix)};
}

}  // namespace sallyport::ops
