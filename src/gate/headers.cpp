// Builds the header blocks: which fields, with which values, on which class of response.
#include "gate/headers.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::gate {
namespace {

// Every feature off for documents; the list is OWASP's Secure Headers Project's (headers_add.json).
constexpr std::string_view permissions_policy =
    "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(), cross-origin-isolated=(), "
    "display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), "
    "identity-credentials-get=(), idle-detection=(), keyboard-map=(), magnetometer=(), microphone=(), midi=(), "
    "otp-credentials=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
    "serial=(), "
    "storage-access=(), usb=(), web-share=(), window-management=(), xr-spatial-tracking=()";

// What a JSON answer or an asset may do when somebody opens it as a document: nothing (ASVS 3.2.1).
constexpr std::string_view inert_csp =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

// Collects fields, in both forms.
class Builder {
 public:
  Builder& field(std::string_view name, std::string_view value) {
    block_.fields.push_back({lower_case(name), std::string(value)});
    block_.before_nonce.append(name).append(": ").append(value).append("\r\n");
    return *this;
  }
  /// Comes last: a value with the nonce between its two parts.
  Builder& field_with_nonce(std::string_view name, std::string_view before, std::string_view after) {
    block_.fields.push_back({lower_case(name), std::string(before)});
    block_.before_nonce.append(name).append(": ").append(before);
    block_.after_nonce.append(after).append("\r\n");
    block_.value_after_nonce = after;
    return *this;
  }
  HeaderBlock take() { return std::move(block_); }

 private:
  static std::string lower_case(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return detail::lower(c); });
    return lower;
  }
  HeaderBlock block_;
};

Builder every_response(const HeaderOptions& options) {
  Builder block;
  if (options.tls) {
    block.field("Strict-Transport-Security", "max-age=63072000; includeSubDomains");  // Mozilla TLS guideline 6.0
  }
  block.field("X-Content-Type-Options", "nosniff")
      .field("Cross-Origin-Resource-Policy", "same-origin")
      .field("X-Permitted-Cross-Domain-Policies", "none");
  if (options.development) block.field("X-Dev-Mode", "1");
  return block;
}

void opened_alone(Builder& block) {
  block.field("Cross-Origin-Opener-Policy", "same-origin")
      .field("Cross-Origin-Embedder-Policy", "require-corp")
      .field("X-Frame-Options", "DENY");  // for browsers without frame-ancestors
}

HeaderBlock document(const HeaderOptions& options, bool scripts, std::string_view cache_control = "no-store") {
  Builder block = every_response(options);
  opened_alone(block);
  block.field("Referrer-Policy", "strict-origin-when-cross-origin")
      .field("Permissions-Policy", permissions_policy)
      .field("Cache-Control", cache_control)
      .field("Origin-Agent-Cluster", "?1")
      .field("Reporting-Endpoints", "csp=\"/.well-known/reports\"");
  const std::string before = "default-src 'none'; script-src ";
  std::string after =
      "; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src "
      "'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
      "trusted-types 'none'; ";
  if (options.tls) after += "upgrade-insecure-requests; ";
  after += "report-to csp; report-uri /.well-known/reports";
  if (scripts) {
    block.field_with_nonce("Content-Security-Policy", before + "'nonce-", "' 'strict-dynamic'" + after);
  } else {
    block.field("Content-Security-Policy", before + "'none'" + after);
  }
  return block.take();
}

HeaderBlock api(const HeaderOptions& options) {
  Builder block = every_response(options);
  opened_alone(block);
  block.field("Referrer-Policy", "no-referrer")
      .field("Cache-Control", "no-store")
      .field("Content-Security-Policy", inert_csp);
  return block.take();
}

HeaderBlock asset(const HeaderOptions& options, std::string_view cache_control) {
  Builder block = every_response(options);
  block.field("Referrer-Policy", "no-referrer").field("Cache-Control", cache_control);
  // A cache must not hand one site's refusal to another (see fetch_metadata.cpp), nor one client's coding to another.
  block.field("Vary", "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, Accept-Encoding")
      .field("Content-Security-Policy", inert_csp);
  return block.take();
}

}  // namespace

HeaderBlocks::HeaderBlocks(const HeaderOptions& options)
    : blocks_{document(options, false),
              document(options, true),
              document(options, false, "private, no-cache"),
              api(options),
              asset(options, "no-cache"),
              asset(options, "public, max-age=31536000, immutable"),
              asset(options, "private, no-cache")} {}

}  // namespace sallyport::gate
