// Builds the header blocks: which fields, with which values, on which class of response.
#include "gate/headers.hpp"

#include <sallyport/detail/csp_grammar.hpp>
#include <sallyport/permissions_policy.hpp>

#include "crypto/base64url.hpp"
#include "gate/pages.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sallyport::gate {
namespace {

using detail::HeaderOptions;

constexpr std::string_view nonce_source = "'nonce-\1'";

constexpr std::string_view default_hsts = "max-age=63072000; includeSubDomains";  // Mozilla TLS guideline 6.0
constexpr std::string_view helmet_hsts = "max-age=31536000; includeSubDomains";

// The pages' policy. Not among the fields is Integrity-Policy: it would block the scripts of Page, whose nonce already says that they are
// meant, for want of a hash in the element.
constexpr std::string_view page_csp =
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// A JSON answer or an asset that is opened as a document may do nothing (ASVS 3.2.1).
constexpr std::string_view inert_csp =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

// Helmet 8, lib/middlewares/content-security-policy.
constexpr std::string_view helmet_csp =
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';"
    "img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';"
    "style-src 'self' https: 'unsafe-inline'";

constexpr HeaderOptions::TrustedTypes no_trusted_types{"'none'", {}};

// The directives of a policy, in their order.
class Policy {
 public:
  explicit Policy(std::string_view text) { replace(text); }
  Policy& set(std::string_view name, std::string sources) {
    const auto same = [&](const auto& directive) { return directive.first == name; };
    const auto found = std::find_if(directives_.begin(), directives_.end(), same);
    if (found == directives_.end()) {
      directives_.emplace_back(name, std::move(sources));
    } else {
      found->second = std::move(sources);
    }
    return *this;
  }
  /// Replaces those of the same name, adds the others. Where scripts have a nonce they keep it.
  Policy& replace(std::string_view text, bool nonce = false) {
    while (!text.empty()) {
      const auto [name, sources] = detail::next_directive(text);
      std::string value(sources);
      if (nonce && name == "script-src") value = std::string(nonce_source).append(" ").append(sources);
      set(name, std::move(value));
    }
    return *this;
  }
  [[nodiscard]] std::string text(std::string_view separator) const {
    std::string text;
    for (const auto& [name, sources] : directives_) {
      if (!text.empty()) text += separator;
      text += name;
      if (!sources.empty()) text.append(" ").append(sources);
    }
    return text;
  }

 private:
  std::vector<std::pair<std::string_view, std::string>> directives_;
};

using Builder = HeaderBlockBuilder;

// Who may frame it, for browsers without frame-ancestors; those who are named there can't be named here.
void frame_options(Builder& block, const HeaderOptions& options, std::string_view by_default) {
  const std::string_view who = options.frame_ancestors.value_or("");
  if (who.empty()) {
    block.field("X-Frame-Options", by_default);
  } else if (who == "'none'") {
    block.field("X-Frame-Options", "DENY");
  } else if (who == "'self'") {
    block.field("X-Frame-Options", "SAMEORIGIN");
  }
}

// The outermost options first: the nearest ones override them.
void apply_directives(Policy& policy, const HeaderOptions& options, bool nonce) {
  std::for_each(options.csp.rbegin(), options.csp.rend(), [&](const auto& some) { policy.replace(some.text, nonce); });
}

void require_trusted_types(Policy& policy, std::string_view names) {
  policy.set("require-trusted-types-for", "'script'").set("trusted-types", std::string(names));
}

// Who may use the feature: the nearest option that names it decides.
std::string_view allowed(const HeaderOptions& options, std::string_view feature) {
  for (std::string_view some : options.permissions) {
    while (!some.empty()) {
      const detail::Permission permission = detail::next_permission(some);
      if (permission.feature == feature) return permission.allowed;
    }
  }
  return "()";
}

std::string permissions(const HeaderOptions& options) {
  std::string text;
  for (const std::string_view feature : detail::browser_features) {
    if (!text.empty()) text += ", ";
    text.append(feature).append("=").append(allowed(options, feature));
  }
  return text;
}

// The last directives of a policy for pages. A report-only policy goes without `upgrade-insecure-requests`, which would have no effect there
// (its section 3.3).
std::string with_reports(Policy& policy, const HeaderContext& context, bool trial) {
  if (context.tls && !trial) policy.set("upgrade-insecure-requests", {});
  return policy.set("report-to", "csp").set("report-uri", "/.well-known/reports").text("; ");
}

Policy default_policy(const HeaderOptions& options, bool nonce) {
  Policy policy(page_csp);
  if (nonce) policy.replace("script-src 'strict-dynamic'", true);
  if (options.frame_ancestors) policy.set("frame-ancestors", std::string(*options.frame_ancestors));
  return policy;
}

// The style of the framework's own error pages, by its hash (CSP 3, 2.3.1).
std::string style_source() {
  const std::string_view style = error_page_style();
  std::array<unsigned char, 32> digest{};
  EVP_Digest(style.data(), style.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return "'sha256-" + crypto::encode_base64(digest, crypto::Base64::padded) + "'";
}

std::string page_policy(const HeaderContext& context, const HeaderOptions& options, bool nonce, bool error) {
  Policy policy = default_policy(options, nonce);
  apply_directives(policy, options, nonce);
  if (error) policy.set("style-src", style_source());
  const auto types = options.trusted_types.value_or(no_trusted_types);
  if (types.off_because.empty()) require_trusted_types(policy, types.names);
  return with_reports(policy, context, false);
}

void report_only(Builder& block, const HeaderContext& context, const HeaderOptions& options, bool nonce) {
  if (!options.csp_report_only) return;
  Policy policy = default_policy(options, nonce);
  policy.replace(*options.csp_report_only);
  const auto types = options.trusted_types.value_or(no_trusted_types);
  require_trusted_types(policy, types.off_because.empty() ? types.names : no_trusted_types.names);
  block.field("Content-Security-Policy-Report-Only", with_reports(policy, context, true));
}

Builder every_response(const HeaderContext& context, const HeaderOptions& options) {
  Builder block;
  if (context.tls) block.field("Strict-Transport-Security", context.hsts.empty() ? default_hsts : context.hsts);
  block.field("X-Content-Type-Options", "nosniff")
      .field("Cross-Origin-Resource-Policy", options.corp.value_or("same-origin"))
      .field("X-Permitted-Cross-Domain-Policies", "none");
  if (context.development) block.field("X-Dev-Mode", "1");
  return block;
}

void cross_origin_policies(Builder& block, const HeaderOptions& options) {
  block.field("Cross-Origin-Opener-Policy", options.coop.value_or("same-origin"))
      .field("Cross-Origin-Embedder-Policy", options.coep.value_or("require-corp"));
}

constexpr std::string_view reporting_endpoints = "csp=\"/.well-known/reports\"";

HeaderBlock document(const HeaderContext& context, const HeaderOptions& options, bool scripts, bool error,
                     std::string_view cache_control) {
  Builder block = every_response(context, options);
  cross_origin_policies(block, options);
  frame_options(block, options, "DENY");
  block.field("Referrer-Policy", options.referrer.value_or("strict-origin-when-cross-origin"))
      .field("Permissions-Policy", permissions(options))
      .field("Cache-Control", cache_control)
      .field("Origin-Agent-Cluster", "?1")
      .field("Reporting-Endpoints", reporting_endpoints);
  if (!error) report_only(block, context, options, scripts);
  return block.field("Content-Security-Policy", page_policy(context, options, scripts, error)).take();
}

HeaderBlock api(const HeaderContext& context, const HeaderOptions& options) {
  Builder block = every_response(context, options);
  cross_origin_policies(block, options);
  return block.field("X-Frame-Options", "DENY")
      .field("Referrer-Policy", "no-referrer")
      .field("Cache-Control", "no-store")
      .field("Content-Security-Policy", inert_csp)
      .take();
}

HeaderBlock asset(const HeaderContext& context, const HeaderOptions& options, std::string_view cache_control,
                  bool guarded = false) {
  Builder block = every_response(context, options);
  if (guarded) frame_options(block, options, "DENY");
  Policy policy(inert_csp);
  if (options.frame_ancestors) policy.set("frame-ancestors", std::string(*options.frame_ancestors));
  return block.field("Referrer-Policy", "no-referrer")
      .field("Cache-Control", cache_control)
      .field("Content-Security-Policy", policy.text("; "))
      .take();
}

// The order is Helmet's.
HeaderBlock helmet(const HeaderContext& context, const HeaderOptions& options, bool page, bool scripts,
                   std::string_view cache_control) {
  Builder block;
  Policy policy(helmet_csp);
  if (options.frame_ancestors) policy.set("frame-ancestors", std::string(*options.frame_ancestors));
  apply_directives(policy, options, false);
  if (options.trusted_types && options.trusted_types->off_because.empty()) {
    require_trusted_types(policy, options.trusted_types->names);
  }
  if (context.tls) policy.set("upgrade-insecure-requests", {});
  block.field("Content-Security-Policy", policy.text(";"));
  if (options.coep) block.field("Cross-Origin-Embedder-Policy", *options.coep);
  block.field("Cross-Origin-Opener-Policy", options.coop.value_or("same-origin"))
      .field("Cross-Origin-Resource-Policy", options.corp.value_or("same-origin"))
      .field("Origin-Agent-Cluster", "?1")
      .field("Referrer-Policy", options.referrer.value_or("no-referrer"));
  if (context.tls) {
    const bool chosen = !context.hsts.empty() && context.hsts != default_hsts;
    block.field("Strict-Transport-Security", chosen ? context.hsts : helmet_hsts);
  }
  block.field("X-Content-Type-Options", "nosniff")
      .field("X-DNS-Prefetch-Control", "off")
      .field("X-Download-Options", "noopen");
  frame_options(block, options, "SAMEORIGIN");
  block.field("X-Permitted-Cross-Domain-Policies", "none")
      .field("X-XSS-Protection", "0")
      .field("Cache-Control", cache_control);
  if (page && !options.permissions.empty()) block.field("Permissions-Policy", permissions(options));
  if (page && options.csp_report_only) block.field("Reporting-Endpoints", reporting_endpoints);
  if (page) report_only(block, context, options, scripts);
  if (context.development) block.field("X-Dev-Mode", "1");
  return block.take();
}

HeaderBlock block_of(ResponseClass kind, const HeaderContext& context, const HeaderOptions& options) {
  const bool scripts = kind == ResponseClass::document_with_scripts;
  const bool error = kind == ResponseClass::error_page;
  const bool page = scripts || error || kind == ResponseClass::document || kind == ResponseClass::document_file;
  std::string_view cache_control = "no-store";
  if (kind == ResponseClass::asset) cache_control = "no-cache";
  if (kind == ResponseClass::immutable_asset) cache_control = "public, max-age=31536000, immutable";
  if (kind == ResponseClass::document_file || kind == ResponseClass::private_asset) cache_control = "private, no-cache";

  if (options.helmet) return helmet(context, options, page, scripts, cache_control);
  if (page) return document(context, options, scripts, error, cache_control);
  if (kind == ResponseClass::api) return api(context, options);
  return asset(context, options, cache_control, kind == ResponseClass::private_asset);
}

}  // namespace

HeaderBlocks::HeaderBlocks(const HeaderContext& context, const HeaderOptions& options) {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    blocks_[i] = block_of(static_cast<ResponseClass>(i), context, options);
  }
}

std::string hsts_value(const ops::HeaderSettings& settings) {
  std::string value = "max-age=" + std::to_string(settings.hsts_seconds);
  if (settings.hsts_subdomains) value += "; includeSubDomains";
  if (settings.hsts_preload) value += "; preload";
  return value;
}

HeaderOptions header_options(const ops::HeaderSettings& settings) {
  HeaderOptions options;
  if (!settings.csp.empty()) options.csp.push_back({settings.csp, {}});
  if (!settings.csp_report_only.empty()) options.csp_report_only = settings.csp_report_only;
  if (!settings.permissions_policy.empty()) options.permissions.emplace_back(settings.permissions_policy);
  return options;
}

void check_header_settings(const ops::HeaderSettings& settings, ops::Findings& findings) {
  constexpr std::uint32_t year = 31'536'000;  // what the browsers' preload lists ask for, and ASVS 3.4.1
  if (settings.hsts_seconds < year) findings.add("CFG-016", "headers.hsts_seconds");
  if (settings.hsts_preload && !settings.hsts_subdomains) {
    findings.add("CFG-016", "headers.hsts_preload", "the lists of browsers take a domain with its subdomains only",
                 "headers.hsts_subdomains = true or headers.hsts_preload = false");
  }
  const auto check = [&](const char* where, const std::string& text, auto&& fault_of) {
    if (text.empty()) return;
    const std::optional<detail::PolicyFault> fault = fault_of(text);
    if (!fault) return;
    constexpr std::size_t longest_name = 40;  // of a directive, with room to spare
    const std::string_view name = fault->directive.substr(0, longest_name);
    // A directive that cannot be set is not mended by other sources.
    findings.add(
        "CFG-044", where, std::string(name).append(name.empty() ? "" : ": ").append(fault->advice()),
        fault->code() == "CSP-002" ? "leave this directive out; docs/guide.md, Headers, says what can be set" : "");
  };
  const auto csp_fault = [](std::string_view text) { return detail::check_csp(text); };
  check("headers.csp", settings.csp, csp_fault);
  check("headers.csp_report_only", settings.csp_report_only, csp_fault);
  check("headers.permissions_policy", settings.permissions_policy,
        [](std::string_view text) { return detail::check_permissions(text); });
}

}  // namespace sallyport::gate
