// The one place that says what responses look like, written without a look at how the service makes them.
#include "testing/response_invariants.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "crypto/base64url.hpp"
#include "http/http_date.hpp"
#include "testing/structured_field.hpp"

namespace sallyport::testing {
namespace {

enum class Kind { document, document_file, api, asset, immutable_asset, private_asset };
constexpr const char* kind_names[] = {"page", "page file", "API answer", "file", "immutable file", "private file"};

// --- What is expected

constexpr const char* inert =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
constexpr const char* no_feature =
    "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(), cross-origin-isolated=(), "
    "display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), "
    "identity-credentials-get=(), idle-detection=(), keyboard-map=(), magnetometer=(), microphone=(), midi=(), "
    "otp-credentials=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
    "serial=(), storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()";

// Of the text between <style> and </style> of the framework's own error page: openssl dgst -sha256 -binary | base64
constexpr const char* error_style = "'sha256-Oka0WdvVn8kQKjMpkCvCBYiA7UZ2cENQ6JByMk930LU='";

std::string page_policy(const std::string& script, bool tls, const std::string& style = "'self'") {
  return "default-src 'none'; script-src " + script + "; style-src " + style +
         "; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src "
         "'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
         "trusted-types 'none'; " +
         (tls ? "upgrade-insecure-requests; " : "") + "report-to csp; report-uri /.well-known/reports";
}

// The values that each security field may have; an empty one stands for its absence. A field that is not here: see foreign().
using Expected = std::map<std::string, std::vector<std::string>>;

Expected expected(Kind kind, const ResponseContext& context) {
  Expected want{{"x-content-type-options", {"nosniff"}},
                {"cross-origin-resource-policy", {"same-origin"}},
                {"x-permitted-cross-domain-policies", {"none"}},
                {"strict-transport-security", {context.tls ? "max-age=63072000; includeSubDomains" : ""}},
                {"x-dev-mode", {context.development ? "1" : ""}},
                {"clear-site-data", {"", "\"cache\", \"storage\""}},
                {"x-xss-protection", {"", "0"}}};
  const bool document = kind == Kind::document || kind == Kind::document_file;
  const bool file = kind == Kind::asset || kind == Kind::immutable_asset || kind == Kind::private_asset;
  if (!file) {
    want["cross-origin-opener-policy"] = {"same-origin"};
    want["cross-origin-embedder-policy"] = {"require-corp"};
  }
  if (!file || kind == Kind::private_asset) want["x-frame-options"] = {"DENY"};
  want["referrer-policy"] = {document ? "strict-origin-when-cross-origin" : "no-referrer"};
  want["content-security-policy"] = {document ? page_policy("'none'", context.tls) : inert};
  if (document) {
    want["permissions-policy"] = {no_feature};
    want["origin-agent-cluster"] = {"?1"};
    want["reporting-endpoints"] = {"csp=\"/.well-known/reports\""};
  }
  // A file of a folder is sent as it lies there: nobody could have put a nonce into it.
  if (kind == Kind::document) {
    want["content-security-policy"].push_back(page_policy("'nonce-{}' 'strict-dynamic'", context.tls));
    want["content-security-policy"].push_back(page_policy("'none'", context.tls, error_style));
  }
  want["cache-control"] = {kind == Kind::asset             ? "no-cache"
                           : kind == Kind::immutable_asset ? "public, max-age=31536000, immutable"
                           : kind == Kind::document_file || kind == Kind::private_asset ? "private, no-cache"
                                                                                        : "no-store"};
  const std::string fetch = "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, Accept-Encoding";
  if (file) {
    want["vary"] = {fetch, fetch + ", Origin"};
  } else {
    want["vary"] = {"Accept-Encoding", "Accept-Encoding, Origin"};
    if (kind != Kind::document_file) want["vary"].insert(want["vary"].end(), {"", "Origin"});
  }
  return want;
}

// Fields that no response has unless its test allows it: what weakens, what is not meant by us, and what says who we are.
bool foreign(const std::string& name) {
  static const std::set<std::string> names{"content-security-policy-report-only",
                                           "cross-origin-embedder-policy",
                                           "cross-origin-embedder-policy-report-only",
                                           "cross-origin-opener-policy",
                                           "cross-origin-opener-policy-report-only",
                                           "document-policy",
                                           "expect-ct",
                                           "feature-policy",
                                           "integrity-policy",
                                           "integrity-policy-report-only",
                                           "nel",
                                           "origin-agent-cluster",
                                           "p3p",
                                           "permissions-policy",
                                           "permissions-policy-report-only",
                                           "pragma",
                                           "public-key-pins",
                                           "public-key-pins-report-only",
                                           "refresh",
                                           "report-to",
                                           "reporting-endpoints",
                                           "server",
                                           "server-timing",
                                           "service-worker-allowed",
                                           "set-cookie2",
                                           "sourcemap",
                                           "timing-allow-origin",
                                           "via",
                                           "x-accel-redirect",
                                           "x-aspnet-version",
                                           "x-content-security-policy",
                                           "x-dns-prefetch-control",
                                           "x-download-options",
                                           "x-frame-options",
                                           "x-generator",
                                           "x-powered-by",
                                           "x-runtime",
                                           "x-sendfile",
                                           "x-sourcemap",
                                           "x-webkit-csp"};
  return names.contains(name) || name == "access-control-allow-origin";
}

// --- Reading

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(at);
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.emplace_back(part);
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool any_twice(std::vector<std::string> names) {
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = -1;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// Whether no response of this process has had this nonce before.
bool never_seen(const std::string& nonce) {
  static std::mutex mutex;
  static std::set<std::string> all;
  const std::lock_guard lock(mutex);
  return all.insert(nonce).second;
}

class Checker {
 public:
  Checker(const ResponseFields& fields, int status, const ResponseContext& context)
      : fields_(fields), status_(status), context_(context), kind_(kind()) {}

  std::vector<std::string> check() {
    form();
    security_fields();
    content_security_policy();
    cookies();
    limits();
    cors();
    what_the_status_asks_for();
    framing();
    return std::move(broken_);
  }

 private:
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : fields_) {
      if (key == name) values.push_back(value);
    }
    return values;
  }
  [[nodiscard]] std::string value(std::string_view name) const {
    const auto values = all(name);
    return values.empty() ? std::string() : values.front();
  }
  [[nodiscard]] bool has(std::string_view name) const { return !all(name).empty(); }

  [[nodiscard]] Kind kind() const {
    const std::string cache = value("cache-control");
    const bool html = value("content-type").starts_with("text/html");
    if (cache == "public, max-age=31536000, immutable") return Kind::immutable_asset;
    if (cache == "no-cache") return Kind::asset;
    // A 304 has no Content-Type.
    if (cache == "private, no-cache")
      return html || (status_ == 304 && has("permissions-policy")) ? Kind::document_file : Kind::private_asset;
    const bool document = html || (status_ == 304 && has("permissions-policy"));
    if (!document && may_be_kept() && value("vary").starts_with("Sec-Fetch-")) return Kind::private_asset;
    return document ? Kind::document : Kind::api;
  }
  // For the time that the route names with sp::cache or sp::cache_private.
  [[nodiscard]] bool may_be_kept() const {
    std::string control = value("cache-control");
    const std::string asks = ", must-revalidate";
    if (control.ends_with(asks)) control.erase(control.size() - asks.size());
    for (const std::string_view who : {"public, max-age=", "private, max-age="}) {
      if (control.starts_with(who)) return number(control.substr(who.size())).has_value();
    }
    return false;
  }

  void wrong(const std::string& what) {
    broken_.push_back(what + " (" + std::to_string(status_) + ", " + kind_names[static_cast<int>(kind_)] + ")");
  }
  void want(bool holds, const std::string& what) {
    if (!holds) wrong(what);
  }
  [[nodiscard]] bool allowed(const std::string& name, const std::string& text) const {
    return std::ranges::any_of(context_.allowed,
                               [&](const auto& field) { return field.first == name && field.second == text; });
  }

  // --- The rules

  void form() {
    // What a handler adds under a name of its own may come several times; everything else may not.
    static const std::set<std::string> repeatable{"set-cookie", "link"};
    std::vector<std::string> names;
    for (const auto& [name, text] : fields_) {
      want(std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; }), name + " is not in lower case");
      want(std::ranges::all_of(text, [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); }),
           name + " has a control character");
      if (!repeatable.contains(name)) names.push_back(name);
    }
    std::ranges::sort(names);
    for (auto twice = names.begin(); (twice = std::adjacent_find(twice, names.end())) != names.end(); ++twice) {
      wrong(*twice + " twice");
    }
    want(http::parse_http_date(value("date"), 0).has_value() && value("date").size() == http::http_date_size,
         "Date: \"" + value("date") + "\"");
  }

  void security_fields() {
    if (context_.own_policies) return;
    Expected all_expected = expected(kind_, context_);
    if (may_be_kept()) all_expected["cache-control"] = {value("cache-control")};
    for (const auto& [name, texts] : all_expected) {
      std::string found = value(name);
      if (has(name) && found.empty()) wrong(name + " is empty");
      if (name == "content-security-policy") found = without_nonce(found);
      if (std::ranges::find(texts, found) == texts.end() && !allowed(name, found)) {
        wrong(std::string(name).append(": wanted \"").append(texts.front()).append("\", got \"").append(found) + "\"");
      }
    }
    want(!may_be_kept() || (has("etag") && nonces_.empty() && (status_ == 200 || status_ == 206 || status_ == 304)),
         "what can't be kept says that it may be");
    for (const auto& [name, text] : fields_) {
      if (!foreign(name) || all_expected.contains(name)) continue;
      const std::string found = name == "content-security-policy-report-only" ? without_nonce(text) : text;
      if (!allowed(name, found)) wrong(std::string(name).append(" is foreign: ").append(found));
    }
    want(!(kind_ == Kind::asset || kind_ == Kind::immutable_asset || kind_ == Kind::private_asset) ||
             !value("content-type").starts_with("text/html"),
         "a page with the fields of a picture");
  }

  std::string without_nonce(std::string policy) {
    constexpr std::string_view before = "'nonce-";
    for (std::size_t at = 0; (at = policy.find(before, at)) != policy.npos;) {
      at += before.size();
      const std::size_t end = policy.find('\'', at);
      if (end == policy.npos) break;
      nonces_.insert(policy.substr(at, end - at));
      policy.replace(at, end - at, "{}");
    }
    return policy;
  }

  void content_security_policy() {
    std::vector<std::string> directives;
    for (const std::string& one : split(value("content-security-policy"), ';'))
      directives.push_back(lower(split(one, ' ')[0]));
    want(!any_twice(directives), "a directive twice: browsers ignore the second");
    want(nonces_.size() <= 1, "several nonces");
    for (const std::string& nonce : nonces_) {
      std::array<unsigned char, 16> bytes{};
      want(crypto::decode_base64(nonce, bytes, crypto::Base64::padded) == bytes.size(),
           "no nonce of 128 bits: " + nonce);
      want(never_seen(nonce), "a nonce that has been used before: " + nonce);
    }
  }

  void cookies() {
    std::vector<std::string> names;
    for (const std::string& cookie : all("set-cookie")) {
      const auto parts = split(cookie, ';');
      const std::string name = parts[0].substr(0, parts[0].find('='));
      names.push_back(name);
      want(name.starts_with("__Host-") && parts[0].find('=') != parts[0].npos, "cookie without __Host-: " + cookie);
      want(cookie.size() <= 4096, "cookie of more than 4096 bytes: " + name);
      std::vector<std::string> attributes;
      std::vector<std::string> kinds;
      for (std::size_t i = 1; i < parts.size(); ++i) {
        kinds.push_back(lower(parts[i].substr(0, parts[i].find('='))));
        if (kinds.back() != "max-age") attributes.push_back(parts[i]);
        if (kinds.back() == "max-age") {
          const auto age = number(parts[i].substr(std::min<std::size_t>(8, parts[i].size())));
          want(age && *age <= 400LL * 24 * 3600, "cookie for more than 400 days, or for no number: " + cookie);
        }
      }
      want(!any_twice(kinds), "cookie with an attribute twice: " + cookie);
      const bool session = name == "__Host-Http-session";
      const std::vector<std::string> strict{"Path=/", "Secure", "HttpOnly",
                                            "SameSite=" + (session ? context_.same_site : "Strict")};
      want(attributes == strict ||
               (!session && attributes == std::vector<std::string>{"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}) ||
               // One that scripts read, by its name.
               (!name.starts_with("__Host-Http-") &&
                attributes == std::vector<std::string>{"Path=/", "Secure", "SameSite=Lax"}),
           "cookie attributes: " + cookie);
      if (session && parts[0].size() > name.size() + 1) {
        std::array<unsigned char, 32> id{};
        want(crypto::decode_base64url(parts[0].substr(name.size() + 1), id) == id.size(),
             "no session id of 256 bits: " + cookie);
        want(std::ranges::find(kinds, "max-age") == kinds.end(), "a session that outlives the browser: " + cookie);
      }
    }
    want(!any_twice(names), "two cookies of one name");
    want(names.empty() || value("cache-control") == "no-store", "a cookie on an answer that may be kept");
  }

  // draft-ietf-httpapi-ratelimit-headers: items with a name and a quota (-08 and later), or the dictionary of -07, or fields of their own (-06).
  void limits() {
    const auto integer = [](const testing::Parameters& parameters, std::string_view key) {
      const auto* const found = testing::find_structured(parameters, key);
      return found && std::holds_alternative<std::int64_t>(*found) ? std::get<std::int64_t>(*found) : -1;
    };
    const std::string text = value("ratelimit");
    const bool separate = has("ratelimit-limit");
    want(has("ratelimit-policy") == (has("ratelimit") || separate), "RateLimit and RateLimit-Policy come together");
    const auto policies = testing::parse_structured_list(value("ratelimit-policy"));
    want(policies.has_value(), "RateLimit-Policy is no list: " + value("ratelimit-policy"));
    if (const auto old = testing::parse_structured_dictionary(text); old && !old->empty()) {
      for (const char* name : {"limit", "remaining", "reset"}) {
        const auto* const member = testing::find_structured(*old, name);
        want(member && std::holds_alternative<testing::Item>(*member) &&
                 std::holds_alternative<std::int64_t>(std::get<testing::Item>(*member).value),
             "RateLimit without " + std::string(name) + ": " + text);
      }
      return;
    }
    if (separate) {
      for (const char* name : {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"})
        want(number(value(name)).has_value(), std::string(name) + " is no number");
      return;
    }
    const auto quotas = testing::parse_structured_list(text);
    want(quotas.has_value(), "RateLimit is no list: " + text);
    if (!quotas || !policies) return;
    want(quotas->size() == policies->size(), "RateLimit and RateLimit-Policy speak of different limits");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(quotas->size(), policies->size()); ++i) {
      const auto* const quota = std::get_if<testing::Item>(&(*quotas)[i]);
      const auto* const policy = std::get_if<testing::Item>(&(*policies)[i]);
      if (!quota || !policy || quota->value != policy->value || !std::holds_alternative<std::string>(quota->value)) {
        wrong("RateLimit and RateLimit-Policy name different limits: " + text);
        continue;
      }
      names.push_back(std::get<std::string>(quota->value));
      const std::int64_t r = integer(quota->parameters, "r");
      const std::int64_t t = integer(quota->parameters, "t");
      const std::int64_t q = integer(policy->parameters, "q");
      const std::int64_t w = integer(policy->parameters, "w");
      want(q > 0 && w > 0, "RateLimit-Policy: " + value("ratelimit-policy"));
      want(r >= 0 && r <= q, "RateLimit leaves more than there is: " + text);
      want(t >= 0, "RateLimit without a reset: " + text);
    }
    want(!any_twice(names), "one limit twice: " + text);
  }

  void cors() {
    const std::string origin = value("access-control-allow-origin");  // allowed by the test, or foreign
    for (const auto& [name, text] : fields_) {
      if (name.starts_with("access-control-")) want(!origin.empty(), name + " without an origin");
    }
    if (origin.empty()) return;
    want(origin != "null", "the origin null is nobody's");
    want(origin == "*" || value("vary").find("Origin") != std::string::npos, "CORS without Vary: Origin");
    want(!has("access-control-allow-credentials") ||
             (value("access-control-allow-credentials") == "true" && origin != "*"),
         "credentials for everybody");
    want(origin != "*" || !has("set-cookie"), "a cookie for any origin");
    want(!has("access-control-max-age") || value("access-control-max-age") == "600", "preflights are kept for 600 s");
  }

  void what_the_status_asks_for() {
    if (status_ == 429 || status_ == 503) {
      want(number(value("retry-after")).value_or(0) > 0, "Retry-After: \"" + value("retry-after") + "\"");
    }
    want(status_ != 401 || has("www-authenticate"), "no WWW-Authenticate (RFC 9110 15.5.2)");
    want(status_ != 405 || has("allow"), "no Allow (RFC 9110 15.5.6)");
    want((status_ == 206 || status_ == 416) == has("content-range"), "Content-Range belongs to 206 and 416");
    const std::string location = value("location");
    const bool redirect = status_ >= 300 && status_ < 400 && status_ != 304;
    want(has("location") ? redirect || status_ == 201 : !redirect, "Location belongs to redirects");
    if (redirect) {
      const bool local = location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\");
      want(local || (status_ == 308 && location.starts_with("https://")), "redirect elsewhere: " + location);
    }
    want(status_ < 400 || status_ == 412 || !has("etag"), "a refusal with the tag of something");
    want(status_ < 400 || status_ == 412 || status_ == 416 || value("cache-control") == "no-store",
         "a refusal that may be kept");
  }

  // RFC 9110 8.6, RFC 9112 6, RFC 9113 8.2.2.
  void framing() {
    const bool bodiless = status_ == 204 || status_ == 304;
    const bool chunked = has("transfer-encoding");
    const bool sized = has("content-length");
    want(!sized || number(value("content-length")).has_value(), "Content-Length: " + value("content-length"));
    want(!chunked || value("transfer-encoding") == "chunked", "Transfer-Encoding: " + value("transfer-encoding"));
    want(!bodiless || (!sized && !chunked && !has("content-encoding")), "framing of a body that can't be");
    want(!(sized && chunked), "two framings");
    if (context_.http2) {
      for (const char* name : {"transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade", "te"})
        want(!has(name), std::string(name) + " in HTTP/2");
    } else {
      // Up to the end of the connection is how a client of HTTP/1.0 reads what has no length.
      want(bodiless || sized || chunked || value("connection") == "close", "no framing");
      want(!has("connection") || value("connection") == "close" || value("connection") == "keep-alive",
           "Connection: " + value("connection"));
    }
    const bool empty = bodiless || number(value("content-length")) == 0;
    want(empty || has("content-type"), "a body of no type");
    want(!bodiless || !has("content-type"), "a type of nothing");
  }

  const ResponseFields& fields_;
  const int status_;
  const ResponseContext& context_;
  const Kind kind_;
  std::set<std::string> nonces_;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> broken_invariants(const ResponseFields& fields, int status, const ResponseContext& context) {
  return Checker(fields, status, context).check();
}

std::vector<std::string> broken_page(const ResponseFields& fields, std::string_view body) {
  std::string policy;
  bool html = false;
  for (const auto& [name, value] : fields) {
    if (name == "content-security-policy") policy = value;
    if (name == "content-type") html = value.starts_with("text/html");
    if (name == "content-encoding" || (name == "cache-control" && value != "no-store"))
      return {};  // a file, as it lies there
  }
  if (!html) return {};
  const std::size_t at = policy.find("'nonce-");
  const std::string nonce =
      at == policy.npos ? std::string() : policy.substr(at + 7, policy.find('\'', at + 1) - at - 7);
  std::vector<std::string> broken;
  std::size_t scripts = 0;
  for (std::size_t tag = 0; (tag = body.find("<script", tag)) != body.npos; ++tag, ++scripts) {
    const std::string_view whole = body.substr(tag, body.find('>', tag) - tag);
    if (nonce.empty() || whole.find(" nonce=\"" + nonce + "\"") == whole.npos)
      broken.push_back("a script without its page's nonce: " + std::string(whole));
  }
  if (scripts == 0 && !nonce.empty()) broken.emplace_back("a nonce for no script");
  return broken;
}

}  // namespace sallyport::testing
