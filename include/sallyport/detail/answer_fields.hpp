// Which response fields an application may set: names that browsers, caches and proxies do not act on, and its own.
#pragma once

#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/compiler.hpp>

#include <string_view>

namespace sallyport::detail {

/// Registered fields that tell the client something and have nobody else do something.
inline constexpr std::string_view free_fields[] = {"accept-patch",
                                                   "accept-post",
                                                   "content-digest",
                                                   "content-language",
                                                   "deprecation",
                                                   "dav",
                                                   "digest",
                                                   "etag",
                                                   "idempotency-key",
                                                   "idempotency-replayed",
                                                   "lock-token",
                                                   "mcp-session-id",
                                                   "ms-author-via",
                                                   "odata-version",
                                                   "preference-applied",
                                                   "repr-digest",
                                                   "server-timing",
                                                   "sunset",
                                                   "traceresponse",
                                                   "tus-checksum-algorithm",
                                                   "tus-extension",
                                                   "tus-max-size",
                                                   "tus-resumable",
                                                   "tus-version",
                                                   "upload-complete",
                                                   "upload-expires",
                                                   "upload-length",
                                                   "upload-limit",
                                                   "upload-metadata",
                                                   "upload-offset",
                                                   "want-content-digest",
                                                   "want-repr-digest"};

/// Names with `X-` that somebody between the service and the reader acts on, by how they begin.
inline constexpr std::string_view claimed_beginnings[] = {
    "x-accel-",      "x-sendfile",    "x-reproxy-",      "x-lighttpd-",      "x-litespeed-", "x-lsadc-",
    "x-lscache",     "x-internal-",   "x-frame-",        "x-content-",       "x-xss-",       "x-webkit-",
    "x-moz-",        "x-ms-",         "x-ua-",           "x-dns-",           "x-download-",  "x-permitted-",
    "x-powered-by",  "x-forwarded",   "x-real-ip",       "x-client-ip",      "x-original-",  "x-rewrite-",
    "x-http-method", "x-method-",     "x-ratelimit",     "x-rate-limit",     "x-dev-",       "x-cache",
    "x-varnish",     "x-surrogate",   "x-akamai-",       "x-fastly-",        "x-cdn-",       "x-cloudflare-",
    "x-cf-",         "x-amz-",        "x-amzn-",         "x-goog-",          "x-azure-",     "x-envoy-",
    "x-proxy-",      "x-middleware-", "x-nextjs-",       "x-vercel-",        "x-netlify-",   "x-nf-",
    "x-sourcemap",   "x-source-map",  "x-mod-pagespeed", "x-page-speed",     "x-esi",        "x-host",
    "x-redirect",    "x-location",    "x-cookie",        "x-set-cookie",     "x-csp",        "x-hsts",
    "x-csrf",        "x-xsrf",        "x-browser-",      "x-chrome-",        "x-firefox-",   "x-purge",
    "x-ban",         "x-ttl",         "x-esi-",          "x-gzip",           "x-compress",   "x-transfer-",
    "x-connection",  "x-upgrade",     "x-app-location",  "x-robots-location"};

/// Who may set a response field, and which option is meant where an application may not.
enum class FieldOwner : unsigned char {
  application,
  redirect,
  cookie,
  cors,
  policy,
  framing,
  isolation,
  permissions,
  referrer,
  limits,
  caching,
  body,
  attachment,
  sign_out,
  transport,
  nobody,
  unknown,
};

struct ClaimedField {
  std::string_view name;
  FieldOwner owner;
};

/// Fields that people look for, each with what sets it here. What is in no list is not set either.
inline constexpr ClaimedField claimed_fields[] = {
    {"location", FieldOwner::redirect},
    {"refresh", FieldOwner::redirect},
    {"content-location", FieldOwner::redirect},
    {"set-cookie", FieldOwner::cookie},
    {"set-cookie2", FieldOwner::cookie},
    {"set-login", FieldOwner::cookie},
    {"activate-storage-access", FieldOwner::cookie},
    {"timing-allow-origin", FieldOwner::cors},
    {"content-security-policy", FieldOwner::policy},
    {"content-security-policy-report-only", FieldOwner::policy},
    {"x-content-security-policy", FieldOwner::policy},
    {"x-webkit-csp", FieldOwner::policy},
    {"require-trusted-types-for", FieldOwner::policy},
    {"reporting-endpoints", FieldOwner::policy},
    {"x-frame-options", FieldOwner::framing},
    {"cross-origin-embedder-policy", FieldOwner::isolation},
    {"cross-origin-embedder-policy-report-only", FieldOwner::isolation},
    {"cross-origin-opener-policy", FieldOwner::isolation},
    {"cross-origin-opener-policy-report-only", FieldOwner::isolation},
    {"cross-origin-resource-policy", FieldOwner::isolation},
    {"permissions-policy", FieldOwner::permissions},
    {"permissions-policy-report-only", FieldOwner::permissions},
    {"feature-policy", FieldOwner::permissions},
    {"referrer-policy", FieldOwner::referrer},
    {"retry-after", FieldOwner::limits},
    {"cache-control", FieldOwner::caching},
    {"expires", FieldOwner::caching},
    {"pragma", FieldOwner::caching},
    {"age", FieldOwner::caching},
    {"vary", FieldOwner::caching},
    {"no-vary-search", FieldOwner::caching},
    {"last-modified", FieldOwner::caching},
    {"surrogate-control", FieldOwner::caching},
    {"surrogate-key", FieldOwner::caching},
    {"edge-control", FieldOwner::caching},
    {"edge-cache-tag", FieldOwner::caching},
    {"cache-tag", FieldOwner::caching},
    {"cache-status", FieldOwner::caching},
    {"cdn-cache-control", FieldOwner::caching},
    {"cloudflare-cdn-cache-control", FieldOwner::caching},
    {"netlify-cdn-cache-control", FieldOwner::caching},
    {"vercel-cdn-cache-control", FieldOwner::caching},
    {"cache-groups", FieldOwner::caching},
    {"cache-group-invalidation", FieldOwner::caching},
    {"content-type", FieldOwner::body},
    {"content-length", FieldOwner::body},
    {"content-encoding", FieldOwner::body},
    {"content-range", FieldOwner::body},
    {"accept-ranges", FieldOwner::body},
    {"x-content-type-options", FieldOwner::body},
    {"content-disposition", FieldOwner::attachment},
    {"clear-site-data", FieldOwner::sign_out},
    {"connection", FieldOwner::transport},
    {"keep-alive", FieldOwner::transport},
    {"transfer-encoding", FieldOwner::transport},
    {"te", FieldOwner::transport},
    {"trailer", FieldOwner::transport},
    {"upgrade", FieldOwner::transport},
    {"proxy-connection", FieldOwner::transport},
    {"strict-transport-security", FieldOwner::transport},
    {"alt-svc", FieldOwner::transport},
    {"date", FieldOwner::transport},
    {"server", FieldOwner::transport},
    {"allow", FieldOwner::transport},
    {"link", FieldOwner::nobody},
    {"speculation-rules", FieldOwner::nobody},
    {"sourcemap", FieldOwner::nobody},
    {"nel", FieldOwner::nobody},
    {"report-to", FieldOwner::nobody},
    {"service-worker-allowed", FieldOwner::nobody},
    {"origin-agent-cluster", FieldOwner::nobody},
    {"accept-ch", FieldOwner::nobody},
    {"critical-ch", FieldOwner::nobody},
    {"www-authenticate", FieldOwner::nobody},
    {"proxy-authenticate", FieldOwner::nobody},
    {"authentication-info", FieldOwner::nobody},
    {"origin-trial", FieldOwner::nobody},
};

constexpr bool begins_ignoring_case(std::string_view name, std::string_view beginning) noexcept {
  return name.size() >= beginning.size() && equal_ignoring_case(name.substr(0, beginning.size()), beginning);
}

/// Who sets the field `name`, a token.
constexpr FieldOwner field_owner(std::string_view name) noexcept {
  for (const ClaimedField& field : claimed_fields) {
    if (equal_ignoring_case(name, field.name)) return field.owner;
  }
  if (begins_ignoring_case(name, "access-control-")) return FieldOwner::cors;
  if (begins_ignoring_case(name, "ratelimit") || begins_ignoring_case(name, "x-ratelimit")) return FieldOwner::limits;
  for (const std::string_view field : free_fields) {
    if (equal_ignoring_case(name, field)) return FieldOwner::application;
  }
  if (name.size() < 3 || !begins_ignoring_case(name, "x-")) return FieldOwner::unknown;
  for (const std::string_view beginning : claimed_beginnings) {
    if (begins_ignoring_case(name, beginning)) return FieldOwner::nobody;
  }
  return FieldOwner::application;
}

/// Ends the compilation with what to do instead, where the answer to `field_owner` is not the application.
consteval void refuse_field(FieldOwner owner) {
  switch (owner) {
    case FieldOwner::application:
      break;
    case FieldOwner::redirect:
      throw "HDR-001: the kernel writes this field: redirect with sp::Response::see_other(\"/path\")";
    case FieldOwner::cookie:
      throw "HDR-001: the kernel writes this field: a session sets its cookies itself, and the rest belongs into the database";
    case FieldOwner::cors:
      throw "HDR-001: the kernel writes this field: give the route sp::cors<\"https://app.example\">";
    case FieldOwner::policy:
      throw "HDR-001: the kernel writes this field: give the route sp::csp{\"img-src 'self'\"}";
    case FieldOwner::framing:
      throw "HDR-001: the kernel writes this field: give the route sp::embeddable{\"https://partner.example\"}";
    case FieldOwner::isolation:
      throw "HDR-001: the kernel writes this field: give the route sp::coep::…, sp::coop::… or sp::corp::…";
    case FieldOwner::permissions:
      throw "HDR-001: the kernel writes this field: give the route sp::permissions{\"camera=(self)\"}";
    case FieldOwner::referrer:
      throw "HDR-001: the kernel writes this field: give the route sp::referrer::…";
    case FieldOwner::limits:
      throw "HDR-001: the kernel writes this field: give the route sp::limit{\"name\", 30, 1min}";
    case FieldOwner::caching:
      throw "HDR-001: the kernel decides about caching: answers of handlers are not stored, files and assets are";
    case FieldOwner::body:
      throw "HDR-001: the kernel writes this field from the answer: Response::json, text or page, or sp::Stream<\"text/csv\">";
    case FieldOwner::attachment:
      throw "HDR-001: the kernel writes this field: .header(sp::attachment(name)), in a Stream co_yield sp::attachment(name)";
    case FieldOwner::sign_out:
      throw "HDR-001: the kernel writes this field: sign out with sp::CurrentSession";
    case FieldOwner::transport:
      throw "HDR-001: the kernel writes this field from the settings and the connection: there is no option for it";
    case FieldOwner::nobody:
      throw "HDR-001: browsers, caches or proxies act on this field, so a handler can't set it: there is no option for it";
    case FieldOwner::unknown:
      throw "HDR-001: a field of your own begins with X- (\"X-Total-Count\"): others may have a meaning to browsers and proxies";
  }
}

}  // namespace sallyport::detail
