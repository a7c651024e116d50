// One function per test, in the order of the published table.
#include "support/observatory.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace sallyport::testing {
namespace {

struct Finding {
  const char* text;
  int modifier;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::vector<std::string> values(const ResponseFields& fields, std::string_view name) {
  std::vector<std::string> all;
  for (const auto& [key, value] : fields) {
    if (key == name) all.push_back(value);
  }
  return all;
}

bool one_of(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}
bool has(const std::vector<std::string>& all, std::string_view one) { return std::ranges::find(all, one) != all.end(); }

// --- Content-Security-Policy

struct Policy {
  std::map<std::string, std::vector<std::string>> directives;
  bool present = false;
  bool doubled = false;

  explicit Policy(const ResponseFields& fields) {
    for (const std::string& policy : values(fields, "content-security-policy")) {
      for (const std::string& text : split(policy, ';')) {
        auto words = split(lower(text), ' ');
        present = true;
        const std::string name = words.front();
        words.erase(words.begin());
        doubled |= !directives.emplace(name, std::move(words)).second;
      }
    }
  }
  // What holds for a kind of resource: its own directive, or the default, or everything.
  [[nodiscard]] std::vector<std::string> of(const std::string& name) const {
    if (const auto own = directives.find(name); own != directives.end()) return own->second;
    const auto fallback = directives.find("default-src");
    return fallback != directives.end() ? fallback->second : std::vector<std::string>{"*"};
  }
};

Finding content_security_policy(const ScannedSite& site) {
  const Policy policy(site.fields);
  if (!policy.present) return {"absent, or only reported", -25};
  if (policy.doubled) return {"a directive twice", -25};
  const auto script = policy.of("script-src");
  const auto object = policy.of("object-src");
  const auto style = policy.of("style-src");
  bool passive_http = false;
  for (const auto& [name, sources] : policy.directives) {
    for (const std::string& source : sources) {
      if (!source.starts_with("http:")) continue;
      if (!one_of(name, {"img-src", "media-src"})) return {"http: for what is active", -20};
      passive_http = true;
    }
  }
  const auto broad = [](const auto& sources) { return has(sources, "https:") || has(sources, "*"); };
  if (has(script, "'unsafe-inline'") || has(script, "data:") || broad(script) || broad(object))
    return {"unsafe or broad sources of scripts", -20};
  if (has(script, "'unsafe-eval'")) return {"unsafe-eval", -10};
  if (passive_http) return {"http: for pictures or media", -10};
  if (has(style, "'unsafe-inline'") || has(style, "data:")) return {"unsafe styles", 0};
  const auto all = policy.directives.find("default-src");
  if (all != policy.directives.end() && all->second == std::vector<std::string>{"'none'"})
    return {"nothing by default", 10};
  return {"nothing unsafe", 5};
}

// --- Cookies

std::optional<long> hsts_seconds(const ScannedSite& site) {
  const auto fields = values(site.fields, "strict-transport-security");
  if (!site.tls || fields.size() != 1) return std::nullopt;
  for (const std::string& part : split(lower(fields[0]), ';')) {
    if (!part.starts_with("max-age=")) continue;
    long seconds = 0;
    const auto read = std::from_chars(part.data() + 8, part.data() + part.size(), seconds);
    if (read.ec == std::errc() && read.ptr == part.data() + part.size() && seconds >= 0) return seconds;
  }
  return std::nullopt;
}

Finding cookie(const std::string& text, bool hsts) {
  const auto parts = split(text, ';');
  const std::string name = lower(parts.empty() ? "" : parts[0].substr(0, parts[0].find('=')));
  const bool session = name.find("sess") != name.npos || name.find("login") != name.npos;
  const bool csrf = name.find("csrf") != name.npos;
  bool secure = false;
  bool http_only = false;
  std::optional<std::string> same_site;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string attribute = lower(parts[i]);
    secure |= attribute == "secure";
    http_only |= attribute == "httponly";
    if (attribute.starts_with("samesite")) same_site = attribute.substr(std::min<std::size_t>(9, attribute.size()));
  }
  if (session && !secure && !hsts) return {"a session without Secure", -40};
  if (session && !http_only) return {"a session without HttpOnly", -30};
  if (!secure && !hsts) return {"a cookie without Secure", -20};
  if (csrf && !same_site) return {"a CSRF cookie without SameSite", -20};
  if (same_site && (!one_of(*same_site, {"strict", "lax", "none"}) || (*same_site == "none" && !secure)))
    return {"no valid SameSite", -20};
  if (session && !secure) return {"a session with HSTS for Secure", -10};
  if (!secure) return {"a cookie with HSTS for Secure", -5};
  if (!same_site) return {"no SameSite", 0};
  return {"all protected", 5};
}

Finding cookies(const ScannedSite& site) {
  const auto all = values(site.fields, "set-cookie");
  if (all.empty()) return {"none", 0};
  Finding worst{"", 100};
  for (const std::string& one : all) {
    const Finding finding = cookie(one, hsts_seconds(site).has_value());
    if (finding.modifier < worst.modifier) worst = finding;
  }
  return worst;
}

// --- The rest of the table

Finding cross_origin_sharing(const ScannedSite& site) {
  const auto origin = values(site.cors, "access-control-allow-origin");
  if (origin.empty()) return {"absent", 0};
  const auto credentials = values(site.cors, "access-control-allow-credentials");
  if (origin[0] == site.probed_origin && has(credentials, "true")) return {"any origin, with credentials", -50};
  return {"limited", 0};
}

Finding redirection(const ScannedSite& site) {
  if (site.preloaded) return {"preloaded", 0};
  if (!site.tls || site.answers_in_clear) return {"no way to https", -20};
  if (site.redirects.empty()) return {"no http", 0};
  if (!site.redirects.back().starts_with("https://")) return {"never https", -20};
  const std::string& first = site.redirects.front();
  if (!first.starts_with("https://")) return {"http first", -10};
  if (first.substr(8, first.find('/', 8) - 8) != site.host) return {"another host first", -5};
  return {"to https", 0};
}

Finding referrer_policy(const ScannedSite& site) {
  const auto fields = values(site.fields, "referrer-policy");
  if (fields.empty()) return {"absent", 0};
  const auto words = split(lower(fields.back()), ',');  // of several, a browser takes the last
  if (!words.empty() &&
      one_of(words.back(), {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}))
    return {"private", 5};
  return {"unsafe or invalid", -5};
}

Finding strict_transport_security(const ScannedSite& site) {
  if (site.preloaded) return {"preloaded", 5};
  const auto seconds = hsts_seconds(site);
  if (!seconds) return {"absent or invalid", -20};
  if (*seconds < 15'552'000) return {"for less than six months", -10};
  return {"for six months or more", 0};
}

std::string attribute(std::string_view tag, const std::string& name) {
  const std::size_t at = tag.find(" " + name + "=\"");
  if (at == tag.npos) return {};
  const std::size_t begin = at + name.size() + 3;
  return std::string(tag.substr(begin, tag.find('"', begin) - begin));
}

Finding subresource_integrity(const ScannedSite& site) {
  const auto type = values(site.fields, "content-type");
  if (type.empty() || !type[0].starts_with("text/html")) return {"no page", 0};
  Finding worst{"no scripts", 100};
  std::string_view body = site.body;
  for (std::size_t at = 0; (at = body.find("<script", at)) != body.npos; ++at) {
    const std::string_view tag = body.substr(at, body.find('>', at) - at);
    const std::string source = attribute(tag, "src");
    if (source.empty()) continue;
    const bool relative = source.starts_with('/') && !source.starts_with("//");
    const bool same_origin =
        relative || source.find("://") == source.npos || source.starts_with("https://" + site.host + "/");
    const bool secure = same_origin ? site.tls : source.starts_with("https://");
    const bool integrity = !attribute(tag, "integrity").empty();
    const Finding finding = integrity && secure ? Finding{"every script named by its hash", 5}
                            : integrity         ? Finding{"a hash over http", -20}
                            : same_origin       ? Finding{"own scripts without a hash", 0}
                            : secure            ? Finding{"foreign scripts without a hash", -5}
                                                : Finding{"foreign scripts over http without a hash", -50};
    if (finding.modifier < worst.modifier) worst = finding;
  }
  return worst.modifier == 100 ? Finding{"no scripts", 0} : worst;
}

Finding content_type_options(const ScannedSite& site) {
  const auto fields = values(site.fields, "x-content-type-options");
  return fields.size() == 1 && lower(fields[0]) == "nosniff" ? Finding{"nosniff", 0} : Finding{"absent or invalid", -5};
}

Finding frame_options(const ScannedSite& site) {
  if (Policy(site.fields).directives.contains("frame-ancestors")) return {"by the content security policy", 5};
  const auto fields = values(site.fields, "x-frame-options");
  const std::string value = fields.size() == 1 ? lower(fields[0]) : std::string();
  if (one_of(value, {"deny", "sameorigin"})) return {"denied", 5};
  if (value.starts_with("allow-from ")) return {"to one site", 0};
  return {"absent or invalid", -20};
}

// The three policies that isolate a page: one field, a good word, or nothing worth mentioning.
Finding isolation(const ScannedSite& site, std::string_view name, std::initializer_list<std::string_view> good,
                  std::string_view open) {
  const auto fields = values(site.fields, name);
  if (fields.empty()) return {"absent", 0};
  if (fields.size() > 1) return {"twice", -5};
  const std::string value = lower(fields[0].substr(0, fields[0].find(';')));
  if (one_of(value, good)) return {"isolated", 10};
  return value == open ? Finding{"open", 0} : Finding{"invalid", -5};
}

std::string grade_of(int total) {
  constexpr std::pair<int, const char*> grades[] = {{100, "A+"}, {90, "A"},  {85, "A-"}, {80, "B+"},
                                                    {70, "B"},   {65, "B-"}, {60, "C+"}, {50, "C"},
                                                    {45, "C-"},  {40, "D+"}, {30, "D"},  {25, "D-"}};
  for (const auto& [least, grade] : grades) {
    if (total >= least) return grade;
  }
  return "F";
}

}  // namespace

const ScanResult& ScanScore::of(const std::string& test) const {
  const auto found = std::ranges::find(results, test, &ScanResult::test);
  if (found == results.end()) throw std::out_of_range(test);
  return *found;
}

ScanScore score(const ScannedSite& site) {
  ScanScore out;
  const auto add = [&](const char* test, const Finding& finding) {
    out.results.push_back({test, finding.text, finding.modifier});
  };
  add("content-security-policy", content_security_policy(site));
  add("cookies", cookies(site));
  add("cross-origin-resource-sharing", cross_origin_sharing(site));
  add("redirection", redirection(site));
  add("referrer-policy", referrer_policy(site));
  add("strict-transport-security", strict_transport_security(site));
  add("subresource-integrity", subresource_integrity(site));
  add("x-content-type-options", content_type_options(site));
  add("x-frame-options", frame_options(site));
  add("cross-origin-resource-policy",
      isolation(site, "cross-origin-resource-policy", {"same-origin", "same-site"}, "cross-origin"));
  add("cross-origin-embedder-policy",
      isolation(site, "cross-origin-embedder-policy", {"require-corp", "credentialless"}, "unsafe-none"));
  add("cross-origin-opener-policy",
      isolation(site, "cross-origin-opener-policy",
                {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}, "unsafe-none"));
  int penalties = 100;
  int bonuses = 0;
  for (const ScanResult& result : out.results) (result.modifier < 0 ? penalties : bonuses) += result.modifier;
  out.total = std::max(0, penalties >= 90 ? penalties + bonuses : penalties);
  out.grade = grade_of(out.total);
  return out;
}

}  // namespace sallyport::testing
