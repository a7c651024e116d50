// Builds the header blocks: which fields, with which values, on which class of response.
#include "gate/headers.hpp"

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

void line(std::string& block, std::string_view name, std::string_view value) {
  block.append(name).append(": ").append(value).append("\r\n");
}

void every_response(std::string& block, const HeaderOptions& options) {
  if (options.tls)
    line(block, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");  // Mozilla TLS guideline 6.0
  line(block, "X-Content-Type-Options", "nosniff");
  line(block, "Cross-Origin-Resource-Policy", "same-origin");
  line(block, "X-Permitted-Cross-Domain-Policies", "none");
  if (options.development) line(block, "X-Dev-Mode", "1");
}

void opened_alone(std::string& block) {
  line(block, "Cross-Origin-Opener-Policy", "same-origin");
  line(block, "Cross-Origin-Embedder-Policy", "require-corp");
  line(block, "X-Frame-Options", "DENY");  // for browsers without frame-ancestors
}

HeaderBlock document(const HeaderOptions& options, bool scripts) {
  HeaderBlock block;
  std::string& head = block.before_nonce;
  every_response(head, options);
  opened_alone(head);
  line(head, "Referrer-Policy", "strict-origin-when-cross-origin");
  line(head, "Permissions-Policy", permissions_policy);
  line(head, "Cache-Control", "no-store");
  line(head, "Origin-Agent-Cluster", "?1");
  line(head, "Reporting-Endpoints", "csp=\"/.well-known/reports\"");
  head += "Content-Security-Policy: default-src 'none'; script-src ";
  std::string& rest = scripts ? block.after_nonce : head;
  if (scripts) {
    head += "'nonce-";
    rest += "' 'strict-dynamic'";
  } else {
    rest += "'none'";
  }
  rest +=
      "; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src "
      "'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types "
      "'none'; ";
  if (options.tls) rest += "upgrade-insecure-requests; ";
  rest += "report-to csp; report-uri /.well-known/reports\r\n";
  return block;
}

HeaderBlock api(const HeaderOptions& options) {
  HeaderBlock block;
  every_response(block.before_nonce, options);
  opened_alone(block.before_nonce);
  line(block.before_nonce, "Referrer-Policy", "no-referrer");
  line(block.before_nonce, "Cache-Control", "no-store");
  line(block.before_nonce, "Content-Security-Policy", inert_csp);
  return block;
}

HeaderBlock asset(const HeaderOptions& options) {
  HeaderBlock block;
  every_response(block.before_nonce, options);
  line(block.before_nonce, "Referrer-Policy", "no-referrer");
  line(block.before_nonce, "Cache-Control", "no-cache");
  // A cache must not hand one site's refusal to another (see fetch_metadata.cpp).
  line(block.before_nonce, "Vary", "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest");
  line(block.before_nonce, "Content-Security-Policy", inert_csp);
  return block;
}

}  // namespace

HeaderBlocks::HeaderBlocks(const HeaderOptions& options)
    : blocks_{document(options, false), document(options, true), api(options), asset(options)} {}

}  // namespace sallyport::gate
