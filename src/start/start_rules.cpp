// One function for each group of rules; the codes are explained in finding.hpp.
#include "start/start_rules.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "http/origin.hpp"
#include "ops/settings_table.hpp"

namespace sallyport::start {
namespace {

void check_keys(const ops::Settings& settings, ops::Findings& findings) {
  if (settings.mode == ops::Mode::production && settings.keys.file.empty()) findings.add("CFG-001", "keys.file");
}

void check_origin(const ops::Settings& settings, ops::Findings& findings) {
  const ops::ServerSettings& server = settings.server;
  const auto origin = http::parse_origin(server.origin);
  const bool production = settings.mode == ops::Mode::production;
  if (server.origin.empty()) {
    // In development it is made from the port, once that is known.
    if (production) findings.add("CFG-010", "server.origin");
  } else if (!origin) {
    findings.add("CFG-010", "server.origin", "this is no origin as a browser sends it",
                 "write scheme and host in lower case, a port only when it is not the scheme's own, nothing after: "
                 "server.origin = \"https://notes.example\"");
  } else if (production && !origin->https) {
    findings.add("CFG-011", "server.origin");
  } else if (settings.tls.enabled && !origin->https) {
    findings.add("CFG-011", "server.origin", "the service speaks TLS but its origin is not https");
  }
  for (const std::string& host : server.allowed_hosts) {
    if (host.find('*') != std::string::npos) {
      findings.add("CFG-010", "server.allowed_hosts", "a wildcard lets an attacker choose the host",
                   "name each host: server.allowed_hosts = [\"www.notes.example\"]");
    } else if (!http::is_authority(host)) {
      findings.add("CFG-010", "server.allowed_hosts", "an entry is no host name",
                   "write hosts in lower case, with the port when it is not the scheme's own: "
                   "server.allowed_hosts = [\"www.notes.example\"]");
    }
  }
}

void check_transport(const ops::Settings& settings, ops::Findings& findings) {
  const ops::ServerSettings& server = settings.server;
  if (settings.tls.more_certificates.size() != settings.tls.more_keys.size()) {
    findings.add("CFG-013", "tls.more_keys", "there is not one key for each of tls.more_certificates",
                 "name them in the same order");
  }
  const bool loopback = server.address.is_loopback();
  if (settings.mode == ops::Mode::development) {
    if (!loopback) {
      findings.add("CFG-012", "server.address", "development mode would be reachable from other machines",
                   "listen on 127.0.0.1 or ::1, or run in production mode; to try a page on a device beside you: "
                   "--server.origin=https://ADDRESS:PORT --tls --waivers=\"CFG-012 until 2027-03-31: the reason in 20 "
                   "characters or more\"");
    }
    if (!server.trusted_proxies.empty()) {
      findings.add("CFG-012", "server.trusted_proxies", "development mode would be reached through a proxy",
                   "a service behind a proxy runs in production mode; where the proxy is a development tool of this "
                   "machine, say so for "
                   "a time: waivers = [\"CFG-012 until 2027-03-31: the proxy of the front end's tools\"]");
    }
    if (settings.tls.certificate.empty() != settings.tls.key.empty()) {
      findings.add("CFG-013", "tls", "one of certificate and key is missing", "name both files, or neither");
    }
    return;
  }
  if (settings.tls.enabled) {
    if (settings.tls.certificate.empty())
      findings.add("CFG-013", "tls.certificate", "TLS is on without a certificate",
                   "name the PEM file of the chain: tls.certificate = \"cert.pem\"");
    if (settings.tls.key.empty())
      findings.add("CFG-013", "tls.key", "TLS is on without a private key",
                   "name the PEM file of the certificate's key: tls.key = \"key.pem\"");
  } else if (!loopback) {
    findings.add("CFG-012", "server.address", "a listener without TLS would be reachable from other machines");
  } else if (server.trusted_proxies.empty()) {
    findings.add("CFG-012", "tls.enabled", "TLS is off, and no proxy is named that ends it");
  }
}

void check_listeners(const ops::Settings& settings, ops::Findings& findings) {
  const ops::ServerSettings& server = settings.server;
  if (server.redirect_port != 0 && !settings.tls.enabled) {
    findings.add_unwaivable("CFG-012", "server.redirect_port", "there is no https to send pages to: TLS is off",
                            "turn TLS on, or leave the redirect to the proxy that ends it");
  } else if (server.redirect_port != 0 && server.redirect_port == server.port) {
    findings.add_unwaivable("CFG-012", "server.redirect_port", "this is the port that speaks TLS",
                            "choose another port");
  }
  if (!server.takeover.empty() && !is_takeover_place(server.takeover)) {
    findings.add("CFG-024", "server.takeover",
                 "the path of the socket file begins with / or var/, has no .. and at most 100 characters",
                 "make its folder, `mkdir -p -m 0700 var/takeover`, and name a file in it: server.takeover = "
                 "\"var/takeover/socket\"");
  }
}

void check_proxies(const ops::Settings& settings, ops::Findings& findings) {
  if (settings.server.proxy_protocol && settings.server.trusted_proxies.empty()) {
    findings.add_unwaivable("CFG-015", "server.proxy_protocol", "no proxy is named whose headers are believed");
  }
  for (const base::IpRange& range : settings.server.trusted_proxies) {
    if (range.prefix() == 0) {
      findings.add_unwaivable("CFG-015", "server.trusted_proxies", range.text() + " trusts everybody");
    } else if (range.is_public() && !range.is_single()) {
      // A single public address is one chosen machine; a public range also holds machines of others.
      findings.add("CFG-015", "server.trusted_proxies", range.text() + " holds public addresses");
    }
  }
}

constexpr std::string_view limit_field_words[] = {"draft-8", "draft-7", "draft-6", "legacy"};

void check_bounds(const ops::Settings& settings, ops::Findings& findings) {
  const ops::LimitSettings& limits = settings.limits;
  const auto within = [&](const char* name, std::size_t value, const char* outer_name, std::size_t outer) {
    if (value <= outer) return;
    findings.add("CFG-051", name, std::string{"larger than "} + outer_name + ", which comes first",
                 std::string{"lower it to "} + std::to_string(outer) + ", or raise " + outer_name);
  };
  within("limits.json", limits.json, "limits.body", limits.body);
  within("limits.form", limits.form, "limits.body", limits.body);
  within("limits.query", limits.query, "limits.request_line", limits.request_line);
  within("limits.request_line", limits.request_line, "limits.header_bytes", limits.header_bytes);
  within("limits.body_grace_seconds", limits.body_grace_seconds, "limits.body_seconds", limits.body_seconds);

  for (const std::string& word : limits.fields) {
    if (std::find(std::begin(limit_field_words), std::end(limit_field_words), word) == std::end(limit_field_words))
      findings.add("CFG-051", "limits.fields", "one of the words is not known",
                   "any of " + ops::join(limit_field_words, ", ") + ": limits.fields = [\"draft-8\"]");
  }
  const auto drafts = std::count_if(limits.fields.begin(), limits.fields.end(),
                                    [](const std::string& word) { return word.starts_with("draft-"); });
  if (drafts > 1) {
    findings.add("CFG-051", "limits.fields", "two drafts give the same fields other meanings",
                 "name one of draft-8, draft-7 and draft-6; legacy goes with any of them");
  }
  for (const base::IpRange& range : limits.allow) {
    if (range.prefix() < 8)  // two halves of the address space cover all clients, too
      findings.add("CFG-051", "limits.allow", range.text() + " would exempt all clients from the limits",
                   "name addresses, or ranges of a prefix of 8 bits or more");
  }

  if (settings.sessions.idle_minutes > settings.sessions.absolute_hours * 60) {
    findings.add("CFG-040", "sessions.idle_minutes", "a session would end before it is idle for that long",
                 "lower it, or raise sessions.absolute_hours");
  }
}

}  // namespace

bool is_takeover_place(std::string_view path) noexcept {
  // The address of a Unix socket has 108 bytes, and a new one is made beside it under a longer name.
  constexpr std::size_t longest_path = 100;
  const bool placed = path.starts_with('/') || path.starts_with("var/");
  return placed && path.find("/../") == path.npos && !path.ends_with('/') && path.size() <= longest_path;
}

void check_settings(const ops::Settings& settings, ops::Findings& findings) {
  check_keys(settings, findings);
  check_origin(settings, findings);
  check_transport(settings, findings);
  check_listeners(settings, findings);
  check_proxies(settings, findings);
  check_bounds(settings, findings);
}

}  // namespace sallyport::start
