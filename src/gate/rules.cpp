// Takes the rules of the checks from the settings.
#include "gate/rules.hpp"

#include "ops/settings.hpp"

#include <algorithm>
#include <chrono>

namespace sallyport::gate {
namespace {

LimitFields fields_wanted(const std::vector<std::string>& words) {
  const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  return {.draft_8 = has("draft-8"), .draft_7 = has("draft-7"), .draft_6 = has("draft-6"), .legacy = has("legacy")};
}

HeaderContext header_context(const ops::Settings& settings, bool tls) {
  return {.tls = tls, .development = settings.mode == ops::Mode::development, .hsts = hsts_value(settings.headers)};
}

}  // namespace

Rules::Rules() : table_key(crypto::SipHashKey::random()) { stores.local = std::make_unique<limits::LocalLimits>(); }

void Rules::set(const ops::Settings& settings) {
  tls = settings.tls.enabled;
  development = settings.mode == ops::Mode::development;
  origin = settings.server.origin;
  hosts = settings.server.allowed_hosts;
  trusted_proxies = settings.server.trusted_proxies;
  const ops::LimitSettings& limit = settings.limits;
  general = std::make_unique<const LimitPolicy>(limit.general_per_second, limit.general_burst);
  limit_fields = fields_wanted(limit.fields);
  allow = limit.allow;
  deny = limit.deny;
  most_lag = std::chrono::milliseconds(limit.lag_milliseconds);
  trusted_origins = settings.csrf.trusted_origins;
  cors_origins = settings.cors.origins;
  csrf_tokens = settings.csrf.tokens;
  query_bytes = settings.limits.query;
  compress_bytes = settings.limits.compress_bytes;
  log_throttle = std::make_unique<limits::GcraTable>(4096);
  set_headers(settings, {});
}

void Rules::set_headers(const ops::Settings& settings, std::span<const detail::HeaderOptions> options) {
  const HeaderContext context = header_context(settings, origin.starts_with("https:"));
  const detail::HeaderOptions own = header_options(settings.headers);
  if (options.empty()) options = {&own, 1};
  headers.clear();
  for (const detail::HeaderOptions& some : options) headers.emplace_back(context, some);
  headers_in_clear = HeaderBlocks(header_context(settings, false), options.front());
}

}  // namespace sallyport::gate
