// The header sets, exactly: the default, what each option changes, Helmet's, and what the settings may not ask for.
#include "gate/headers.hpp"

#include <sallyport/header_options.hpp>

#include "support/pasted_fix.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {
namespace {

using detail::HeaderOptions;
using enum ResponseClass;

const HeaderContext over_tls{.tls = true};

template <class... Options>
HeaderOptions chosen(const Options&... options) {
  HeaderOptions choice;
  (options.apply(choice), ...);
  return choice;
}

// As HTTP/1.1 sends it; `NONCE` where the nonce goes.
std::string text_of(const HeaderBlock& block) {
  std::string text = block.lines;
  for (const std::string& piece : block.after_nonce) text.append("NONCE").append(piece);
  return text;
}

std::string sent(ResponseClass kind, const HeaderOptions& choice = {}, const HeaderContext& context = over_tls) {
  return text_of(HeaderBlocks(context, choice).of(kind));
}

// A field's value, or "absent"; as HTTP/2 sends it.
std::string value(std::string_view name, ResponseClass kind, const HeaderOptions& choice,
                  const HeaderContext& context = over_tls) {
  const HeaderBlocks blocks(context, choice);
  std::string found = "absent";
  for (const HeaderField& field : blocks.of(kind).fields) {
    if (field.name != name) continue;
    EXPECT_EQ(found, "absent") << name << " is sent twice";
    found = field.value + (field.after_nonce.empty() ? "" : "NONCE" + field.after_nonce);
  }
  return found;
}

std::string csp_of(ResponseClass kind, const HeaderOptions& choice, const HeaderContext& context = over_tls) {
  return value("content-security-policy", kind, choice, context);
}

constexpr std::string_view features_off =
    "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(), cross-origin-isolated=(), "
    "display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), "
    "identity-credentials-get=(), idle-detection=(), keyboard-map=(), magnetometer=(), microphone=(), midi=(), "
    "otp-credentials=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
    "serial=(), storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()";

// The pages' policy, with what stands in it for scripts and how it ends.
std::string page_policy(std::string_view scripts, std::string_view end) {
  return "default-src 'none'; script-src " + std::string(scripts) +
         "; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src "
         "'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" +
         std::string(end);
}
constexpr std::string_view types_and_reports =
    "; require-trusted-types-for 'script'; trusted-types 'none'; upgrade-insecure-requests; report-to csp; "
    "report-uri /.well-known/reports";
constexpr std::string_view types_and_reports_in_clear =
    "; require-trusted-types-for 'script'; trusted-types 'none'; report-to csp; report-uri /.well-known/reports";
constexpr std::string_view nonce_and_dynamic = "'nonce-NONCE' 'strict-dynamic'";

std::string page_by_default(std::string_view scripts, std::string_view cache_control) {
  return "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"
         "X-Content-Type-Options: nosniff\r\n"
         "Cross-Origin-Resource-Policy: same-origin\r\n"
         "X-Permitted-Cross-Domain-Policies: none\r\n"
         "Cross-Origin-Opener-Policy: same-origin\r\n"
         "Cross-Origin-Embedder-Policy: require-corp\r\n"
         "X-Frame-Options: DENY\r\n"
         "Referrer-Policy: strict-origin-when-cross-origin\r\n"
         "Permissions-Policy: " +
         std::string(features_off) + "\r\nCache-Control: " + std::string(cache_control) +
         "\r\nOrigin-Agent-Cluster: ?1\r\n"
         "Reporting-Endpoints: csp=\"/.well-known/reports\"\r\n"
         "Content-Security-Policy: " +
         page_policy(scripts, types_and_reports) + "\r\n";
}

constexpr std::string_view inert =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

std::string file_by_default(std::string_view between, std::string_view cache_control) {
  return "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"
         "X-Content-Type-Options: nosniff\r\n"
         "Cross-Origin-Resource-Policy: same-origin\r\n"
         "X-Permitted-Cross-Domain-Policies: none\r\n" +
         std::string(between) + "Referrer-Policy: no-referrer\r\nCache-Control: " + std::string(cache_control) +
         "\r\nContent-Security-Policy: " + std::string(inert) + "\r\n";
}

TEST(Headers, TheDefaultSet) {
  EXPECT_EQ(sent(document), page_by_default("'none'", "no-store"));
  EXPECT_EQ(sent(document_with_scripts), page_by_default(nonce_and_dynamic, "no-store"));
  EXPECT_EQ(sent(document_file), page_by_default("'none'", "private, no-cache"));
  EXPECT_EQ(sent(api), file_by_default("Cross-Origin-Opener-Policy: same-origin\r\n"
                                       "Cross-Origin-Embedder-Policy: require-corp\r\n"
                                       "X-Frame-Options: DENY\r\n",
                                       "no-store"));
  EXPECT_EQ(sent(asset), file_by_default("", "no-cache"));
  EXPECT_EQ(sent(immutable_asset), file_by_default("", "public, max-age=31536000, immutable"));
  EXPECT_EQ(sent(private_asset), file_by_default("X-Frame-Options: DENY\r\n", "private, no-cache"));
  EXPECT_EQ(text_of(HeaderBlocks(over_tls).of(document)), sent(document));
}

TEST(Headers, OverPlainHttpAndInDevelopment) {
  const HeaderContext context{.tls = false, .development = true};
  EXPECT_EQ(csp_of(document, {}, context), page_policy("'none'", types_and_reports_in_clear));
  for (const ResponseClass kind : {document, api, asset}) {
    EXPECT_EQ(value("strict-transport-security", kind, {}, context), "absent");
    EXPECT_EQ(value("x-dev-mode", kind, {}, context), "1");
    EXPECT_EQ(value("x-dev-mode", kind, chosen(helmet{"moving over from Express"}), context), "1");
  }
}

TEST(Headers, BothFormsSayTheSame) {
  const std::vector<HeaderOptions> choices{
      {},
      chosen(csp_report_only{""}),
      chosen(helmet{"moving over from Express"}, csp_report_only{"img-src 'none'"}),
      chosen(embeddable{"https://partner.example"}, permissions{"camera=(self)"})};
  for (const HeaderOptions& choice : choices) {
    const HeaderBlocks blocks(over_tls, choice);
    for (std::size_t kind = 0; kind < response_classes; ++kind) {
      const HeaderBlock& block = blocks.of(static_cast<ResponseClass>(kind));
      std::string pairs;
      std::size_t around = 0;
      for (const HeaderField& field : block.fields) {
        pairs += field.name + ": " + field.value;
        if (!field.after_nonce.empty()) {
          pairs += "NONCE" + field.after_nonce;
          around += field.value.size() + field.after_nonce.size();
        }
        pairs += "\r\n";
      }
      std::string lines = text_of(block);
      ASSERT_EQ(lines.size(), pairs.size());
      for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(detail::to_lower(lines[i]), detail::to_lower(pairs[i]));
      EXPECT_EQ(block.around_nonces, around);
      EXPECT_EQ(block.size, lines.size() + block.after_nonce.size() * (nonce_length - 5));
      EXPECT_EQ(lines.find('\1'), lines.npos);
    }
  }
}

TEST(Headers, DirectivesReplaceThoseOfThePages) {
  const HeaderOptions choice = chosen(csp{"img-src 'self' https://tiles.example; frame-src https://maps.example"});
  const std::string expected =
      "default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic'; style-src 'self'; img-src 'self' "
      "https://tiles.example; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri "
      "'none'; form-action 'self'; frame-ancestors 'none'; frame-src https://maps.example" +
      std::string(types_and_reports);
  EXPECT_EQ(csp_of(document_with_scripts, choice), expected);
  EXPECT_NE(csp_of(document_file, choice).find("img-src 'self' https://tiles.example;"), std::string::npos);
  for (const ResponseClass kind : {api, asset, immutable_asset, private_asset}) EXPECT_EQ(csp_of(kind, choice), inert);
}

TEST(Headers, InsecureScriptsKeepTheNonce) {
  const HeaderOptions choice = chosen(
      insecure_csp{"script-src 'strict-dynamic' 'wasm-unsafe-eval'", "the photo editor is compiled to WebAssembly"});
  EXPECT_EQ(csp_of(document_with_scripts, choice),
            page_policy("'nonce-NONCE' 'strict-dynamic' 'wasm-unsafe-eval'", types_and_reports));
  EXPECT_EQ(csp_of(document, choice), page_policy("'strict-dynamic' 'wasm-unsafe-eval'", types_and_reports));
}

TEST(Headers, ReportOnlyIsTheDefaultWithItsDirectivesReplaced) {
  const HeaderOptions choice = chosen(csp{"img-src 'self' https://tiles.example"}, csp_report_only{"style-src 'none'"});
  const std::string trial = value("content-security-policy-report-only", document_with_scripts, choice);
  EXPECT_EQ(trial,
            "default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic'; style-src 'none'; img-src 'self'; font-src "
            "'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'" +
                std::string(types_and_reports_in_clear));  // upgrade-insecure-requests does nothing here
  EXPECT_EQ(HeaderBlocks(over_tls, choice).of(document_with_scripts).after_nonce.size(), 2U);
  EXPECT_NE(csp_of(document_with_scripts, choice).find("style-src 'self'; img-src 'self' https://tiles.example;"),
            std::string::npos);
  EXPECT_EQ(value("content-security-policy-report-only", api, choice), "absent");
  EXPECT_EQ(value("content-security-policy-report-only", document, chosen(csp_report_only{""})),
            page_policy("'none'", types_and_reports_in_clear));
}

TEST(Headers, TrustedTypes) {
  EXPECT_EQ(
      csp_of(document, chosen(trusted_types{"notes dompurify"})),
      page_policy("'none'",
                  "; require-trusted-types-for 'script'; trusted-types notes dompurify; upgrade-insecure-requests; "
                  "report-to csp; report-uri /.well-known/reports"));
  const HeaderOptions off = chosen(insecure_no_trusted_types{"the editor writes innerHTML"}, csp_report_only{""});
  EXPECT_EQ(csp_of(document, off),
            page_policy("'none'", "; upgrade-insecure-requests; report-to csp; report-uri /.well-known/reports"));
  EXPECT_EQ(value("content-security-policy-report-only", document, off),
            page_policy("'none'", types_and_reports_in_clear));
}

TEST(Headers, Permissions) {
  HeaderOptions choice = chosen(permissions{"camera=(self)"});
  choice.inherit(chosen(permissions{"camera=(), geolocation=(self \"https://maps.example\")"}));
  std::string expected(features_off);
  expected.replace(expected.find("camera=()"), 9, "camera=(self)");
  expected.replace(expected.find("geolocation=()"), 14, "geolocation=(self \"https://maps.example\")");
  EXPECT_EQ(value("permissions-policy", document, choice), expected);
  EXPECT_EQ(value("permissions-policy", api, choice), "absent");
}

TEST(Headers, CrossOriginPolicies) {
  const HeaderOptions choice =
      chosen(coep::credentialless, coop::same_origin_allow_popups, corp::cross_origin, referrer::no_referrer);
  for (const ResponseClass kind : {document, document_with_scripts, document_file, api}) {
    EXPECT_EQ(value("cross-origin-embedder-policy", kind, choice), "credentialless");
    EXPECT_EQ(value("cross-origin-opener-policy", kind, choice), "same-origin-allow-popups");
  }
  for (const ResponseClass kind : {document, api, asset, immutable_asset, private_asset}) {
    EXPECT_EQ(value("cross-origin-resource-policy", kind, choice), "cross-origin");
  }
  for (const ResponseClass kind : {asset, immutable_asset, private_asset}) {
    EXPECT_EQ(value("cross-origin-embedder-policy", kind, choice), "absent");
    EXPECT_EQ(value("cross-origin-opener-policy", kind, choice), "absent");
  }
  EXPECT_EQ(value("referrer-policy", document, choice), "no-referrer");
  EXPECT_EQ(value("referrer-policy", api, chosen(referrer::strict_origin)), "no-referrer");
  EXPECT_EQ(value("cross-origin-embedder-policy", document, chosen(coep::unsafe_none)), "unsafe-none");
  EXPECT_EQ(value("cross-origin-embedder-policy", document, chosen(coep::require_corp)), "require-corp");
  EXPECT_EQ(value("cross-origin-opener-policy", document, chosen(coop::unsafe_none)), "unsafe-none");
  EXPECT_EQ(value("cross-origin-opener-policy", document, chosen(coop::noopener_allow_popups)),
            "noopener-allow-popups");
  EXPECT_EQ(value("cross-origin-opener-policy", document, chosen(coop::same_origin)), "same-origin");
  EXPECT_EQ(value("cross-origin-resource-policy", asset, chosen(corp::same_site)), "same-site");
  EXPECT_EQ(value("cross-origin-resource-policy", asset, chosen(corp::same_origin)), "same-origin");
  EXPECT_EQ(value("referrer-policy", document, chosen(referrer::same_origin)), "same-origin");
  EXPECT_EQ(value("referrer-policy", document, chosen(referrer::strict_origin)), "strict-origin");
  EXPECT_EQ(value("referrer-policy", document, chosen(referrer::strict_origin_when_cross_origin)),
            "strict-origin-when-cross-origin");
}

TEST(Headers, Embeddable) {
  const auto ancestors = [](ResponseClass kind, const HeaderOptions& choice) {
    const std::string policy = csp_of(kind, choice);
    const std::size_t at = policy.find("frame-ancestors ");
    return policy.substr(at, policy.find(';', at) - at);
  };
  const HeaderOptions partners = chosen(embeddable{"https://partner.example https://other.example:8443"});
  EXPECT_TRUE(partners.embeddable);
  for (const ResponseClass kind : {document, document_with_scripts, document_file, asset, private_asset}) {
    EXPECT_EQ(ancestors(kind, partners), "frame-ancestors https://partner.example https://other.example:8443");
    EXPECT_EQ(value("x-frame-options", kind, partners), "absent");
  }
  EXPECT_EQ(csp_of(api, partners), inert);
  EXPECT_EQ(value("x-frame-options", api, partners), "DENY");

  HeaderOptions choice = chosen(embeddable::by_self);
  choice.inherit(partners);
  EXPECT_FALSE(choice.embeddable);
  EXPECT_EQ(ancestors(document, choice), "frame-ancestors 'self'");
  EXPECT_EQ(value("x-frame-options", document, choice), "SAMEORIGIN");

  choice = chosen(embeddable::by_nobody);
  choice.inherit(partners);
  EXPECT_FALSE(choice.embeddable);
  EXPECT_EQ(sent(document, choice), sent(document));

  choice = {};
  choice.inherit(partners);
  EXPECT_TRUE(choice.embeddable);
}

TEST(Headers, HelmetByteForByte) {
  const HeaderOptions choice = chosen(helmet{"we are moving over from Express"});
  const std::string expected =
      "Content-Security-Policy: default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action "
      "'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr "
      "'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Origin-Agent-Cluster: ?1\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "X-DNS-Prefetch-Control: off\r\n"
      "X-Download-Options: noopen\r\n"
      "X-Frame-Options: SAMEORIGIN\r\n"
      "X-Permitted-Cross-Domain-Policies: none\r\n"
      "X-XSS-Protection: 0\r\n";
  EXPECT_EQ(sent(document_with_scripts, choice), expected + "Cache-Control: no-store\r\n");
  EXPECT_EQ(sent(api, choice), expected + "Cache-Control: no-store\r\n");
  EXPECT_EQ(sent(immutable_asset, choice), expected + "Cache-Control: public, max-age=31536000, immutable\r\n");
  EXPECT_EQ(value("strict-transport-security", api, choice, {}), "absent");
  EXPECT_EQ(csp_of(api, choice, {}).find("upgrade-insecure-requests"), std::string::npos);
}

TEST(Headers, OptionsChangeHelmetsSetToo) {
  const HeaderOptions choice =
      chosen(helmet{"we are moving over from Express"}, csp{"img-src 'self' https://cdn.example"}, coep::credentialless,
             embeddable{"https://partner.example"}, permissions{"camera=(self)"}, csp_report_only{""});
  EXPECT_EQ(csp_of(document, choice),
            "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors "
            "https://partner.example;img-src 'self' https://cdn.example;object-src 'none';script-src "
            "'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests");
  EXPECT_EQ(value("x-frame-options", document, choice), "absent");
  EXPECT_EQ(value("cross-origin-embedder-policy", document, choice), "credentialless");
  EXPECT_NE(value("permissions-policy", document, choice).find("camera=(self)"), std::string::npos);
  EXPECT_EQ(value("reporting-endpoints", document, choice), "csp=\"/.well-known/reports\"");
  EXPECT_NE(value("content-security-policy-report-only", document_with_scripts, choice).find("'nonce-NONCE'"),
            std::string::npos);
  // What the operator said about https holds.
  const HeaderContext context{.tls = true, .hsts = "max-age=63072000; includeSubDomains; preload"};
  EXPECT_EQ(value("strict-transport-security", document, choice, context), context.hsts);
}

TEST(Headers, StrictTransportSecurity) {
  ops::HeaderSettings settings;
  EXPECT_EQ(hsts_value(settings), "max-age=63072000; includeSubDomains");
  settings.hsts_preload = true;
  EXPECT_EQ(hsts_value(settings), "max-age=63072000; includeSubDomains; preload");
  settings.hsts_seconds = 31'536'000;
  settings.hsts_subdomains = settings.hsts_preload = false;
  EXPECT_EQ(hsts_value(settings), "max-age=31536000");
  const HeaderContext context{.tls = true, .hsts = hsts_value(settings)};
  for (const ResponseClass kind : {document, api, asset}) {
    EXPECT_EQ(value("strict-transport-security", kind, {}, context), "max-age=31536000");
  }
}

TEST(Headers, TheNearestChoiceWinsFieldByField) {
  HeaderOptions route = chosen(csp{"img-src https://route.example"}, coop::unsafe_none);
  HeaderOptions router = chosen(csp{"img-src https://router.example; font-src https://router.example"},
                                coop::same_origin_allow_popups, coep::credentialless);
  HeaderOptions app = chosen(csp{"font-src https://app.example; media-src https://app.example"}, coep::unsafe_none,
                             corp::same_site, trusted_types{"app"}, referrer::no_referrer, csp_report_only{""},
                             helmet{"we are moving over from Express"});
  ops::HeaderSettings settings;
  settings.csp = "media-src https://settings.example; worker-src 'self'";
  settings.permissions_policy = "usb=(self)";
  app.inherit(header_options(settings));
  router.inherit(app);
  route.inherit(router);

  EXPECT_EQ(route.coop, "unsafe-none");
  EXPECT_EQ(route.coep, "credentialless");
  EXPECT_EQ(route.corp, "same-site");
  EXPECT_EQ(route.referrer, "no-referrer");
  EXPECT_EQ(route.trusted_types->names, "app");
  EXPECT_EQ(route.helmet, "we are moving over from Express");
  EXPECT_TRUE(route.csp_report_only.has_value());
  EXPECT_EQ(route.permissions, std::vector<std::string_view>{"usb=(self)"});
  route.helmet.reset();
  const std::string policy = csp_of(document, route);
  for (const std::string_view part : {"img-src https://route.example;", "font-src https://router.example;",
                                      "media-src https://app.example;", "worker-src 'self';"}) {
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(policy.find("settings.example"), std::string::npos);

  // The later of two options of one route is the nearer.
  EXPECT_NE(csp_of(document, chosen(csp{"img-src https://a.example"}, csp{"img-src https://b.example"}))
                .find("img-src https://b.example;"),
            std::string::npos);
}

TEST(Headers, WhatDiffersFromTheDefaultIsListed) {
  const auto listed = [](const HeaderOptions& choice) {
    std::vector<std::string> list;
    choice.for_each_relaxation([&](std::string_view name, std::string_view what, std::string_view reason,
                                   bool insecure) {
      list.push_back(std::string(name).append("|").append(what).append("|").append(reason) + (insecure ? "|!" : ""));
    });
    return list;
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(listed({}), List{});
  EXPECT_EQ(listed(chosen(coep::require_corp, coop::same_origin, corp::same_origin, embeddable::by_nobody,
                          referrer::strict_origin_when_cross_origin)),
            List{});
  EXPECT_EQ(
      listed(chosen(csp{"img-src 'none'"}, insecure_csp{"style-src 'unsafe-inline'", "the charts need it badly"},
                    csp_report_only{"font-src 'none'"}, trusted_types{"notes"}, permissions{"camera=(self)"},
                    coep::credentialless, coop::unsafe_none, corp::same_site, referrer::no_referrer,
                    embeddable{"https://partner.example"}, helmet{"moving over from Express"})),
      (List{"helmet||moving over from Express", "insecure_csp|style-src 'unsafe-inline'|the charts need it badly|!",
            "csp|img-src 'none'|", "csp_report_only|font-src 'none'|", "trusted_types|notes|",
            "permissions|camera=(self)|", "coep|credentialless|", "coop|unsafe-none|", "corp|same-site|",
            "referrer|no-referrer|", "embeddable|https://partner.example|"}));
  EXPECT_EQ(listed(chosen(insecure_no_trusted_types{"the editor writes innerHTML"})),
            List{"insecure_no_trusted_types||the editor writes innerHTML|!"});
}

// --- What may be chosen

template <class Fault>
std::string described(const Fault& fault) {
  return fault ? std::string(fault->code()) + " " + std::string(fault->directive) : "";
}

TEST(Headers, SafeDirectives) {
  for (const std::string_view text :
       {"img-src 'self' data: blob: https://cdn.example:8443/Pictures/%7Eann/", "font-src 'none'", "font-src data:",
        "connect-src 'self' wss://live.example https://api.example", "media-src blob:", "style-src 'report-sample'",
        "default-src 'none'; object-src 'none';  base-uri   'none'", "worker-src 'self';", "script-src-attr 'none'",
        "form-action https://pay.example", "frame-src https://xn--mnchen-3ya.example", "child-src 'self'",
        "manifest-src 'self'", "style-src-attr 'none'; style-src-elem 'self'"}) {
    EXPECT_EQ(described(detail::check_csp(text)), "") << text;
    EXPECT_EQ(described(detail::check_csp(text, detail::Sources::any)), "") << text;
  }
}

struct Refused {
  std::string_view text;
  std::string_view code_and_directive;
  bool always = true;  ///< by `insecure_csp` too
};

TEST(Headers, RefusedDirectives) {
  const std::vector<Refused> list{
      {"style-src 'unsafe-inline'", "CSP-001 style-src", false},
      {"style-src 'self' 'unsafe-hashes'", "CSP-001 style-src", false},
      {"img-src 'unsafe-eval'", "CSP-001 img-src", false},
      {"worker-src 'wasm-unsafe-eval'", "CSP-001 worker-src", false},
      {"worker-src 'strict-dynamic'", "CSP-001 worker-src", false},
      {"style-src 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='", "CSP-001 style-src", false},
      {"img-src *", "CSP-001 img-src", false},
      {"img-src https://*.example", "CSP-001 img-src", false},
      {"img-src https://cdn.example:*", "CSP-001 img-src"},
      {"img-src https:", "CSP-001 img-src", false},
      {"img-src http:", "CSP-001 img-src", false},
      {"img-src http://cdn.example", "CSP-001 img-src", false},
      {"connect-src ws://live.example", "CSP-001 connect-src", false},
      {"connect-src wss:", "CSP-001 connect-src", false},
      {"style-src data:", "CSP-001 style-src", false},
      {"font-src blob:", "CSP-001 font-src", false},
      {"worker-src blob:", "CSP-001 worker-src", false},
      {"media-src data:", "CSP-001 media-src", false},
      {"img-src filesystem:", "CSP-001 img-src", false},
      {"style-src 'nonce-AAAAAAAAAAAAAAAAAAAAAA=='", "CSP-001 style-src"},
      {"default-src 'self'", "CSP-002 default-src", false},
      {"object-src 'self'", "CSP-002 object-src", false},
      {"base-uri 'self'", "CSP-002 base-uri", false},
      {"script-src-attr 'self'", "CSP-002 script-src-attr", false},
      {"script-src 'self'", "CSP-002 script-src", false},
      {"script-src-elem 'self'", "CSP-002 script-src-elem"},
      {"img-src 'self'; report-uri https://reports.example", "CSP-002 report-uri"},
      {"report-to elsewhere", "CSP-002 report-to"},
      {"sandbox allow-scripts", "CSP-002 sandbox"},
      {"upgrade-insecure-requests", "CSP-002 upgrade-insecure-requests"},
      {"frame-ancestors 'self'", "CSP-002 frame-ancestors"},
      {"trusted-types *", "CSP-002 trusted-types"},
      {"require-trusted-types-for 'script'", "CSP-002 require-trusted-types-for"},
      {"image-src 'self'", "CSP-002 image-src"},
      {"", "CSP-003 "},
      {"Img-src 'self'", "CSP-003 Img-src"},
      {"img-src 'Self'", "CSP-003 img-src"},
      {"style-src 'Unsafe-Inline'", "CSP-003 style-src"},
      {"img-src HTTPS://cdn.example", "CSP-003 img-src"},
      {"img-src https://CDN.example", "CSP-003 img-src"},
      {"img-src self", "CSP-003 img-src"},
      {"img-src none", "CSP-003 img-src"},
      {"style-src unsafe-inline", "CSP-003 style-src"},
      {"style-src nonce-abc", "CSP-003 style-src"},
      {"style-src sha256-abc", "CSP-003 style-src"},
      {"img-src 'none' 'self'", "CSP-003 img-src"},
      {"img-src 'self", "CSP-003 img-src"},
      {"img-src 'all'", "CSP-003 img-src"},
      {"img-src ''", "CSP-003 img-src"},
      {"img-src", "CSP-003 img-src"},
      {"img-src 'self';; font-src 'self'", "CSP-003 "},
      {"; img-src 'self'", "CSP-003 "},
      {"img-src 'self', script-src *", "CSP-003 "},
      {"img-src\t'self'", "CSP-003 "},
      {"img-src 'self'\r\nSet-Cookie: a=b", "CSP-003 "},
      {std::string_view("img-src 'self'\0", 15), "CSP-003 "},
      {"img-src https://caf\xc3\xa9.example", "CSP-003 "},
      {"img-src cdn.example", "CSP-003 img-src"},
      {"img-src //cdn.example", "CSP-003 img-src"},
      {"img-src wss://live.example", "CSP-003 img-src"},
      {"img-src ftp://cdn.example", "CSP-003 img-src"},
      {"img-src https://", "CSP-003 img-src"},
      {"img-src https://-cdn.example", "CSP-003 img-src"},
      {"img-src https://cdn..example", "CSP-003 img-src"},
      {"img-src https://cdn.example:0", "CSP-003 img-src"},
      {"img-src https://cdn.example:65536", "CSP-003 img-src"},
      {"img-src https://user@cdn.example", "CSP-003 img-src"},
      {"img-src https://cdn.example/?a=b", "CSP-003 img-src"},
      {"img-src https://cdn.example/a%2", "CSP-003 img-src"},
      {"img-src 'self'; font-src 'self'; img-src 'none'", "CSP-004 img-src"},
  };
  for (const Refused& refused : list) {
    EXPECT_EQ(described(detail::check_csp(refused.text)), refused.code_and_directive) << refused.text;
    EXPECT_EQ(detail::check_csp(refused.text, detail::Sources::any).has_value(), refused.always) << refused.text;
  }
}

TEST(Headers, RefusedPermissionsNamesAndOrigins) {
  using detail::check_permissions;
  for (const std::string_view text :
       {"camera=()", "camera=(self),usb=()", "geolocation=( self  \"https://a.example\" )"}) {
    EXPECT_EQ(described(check_permissions(text)), "") << text;
  }
  EXPECT_EQ(described(check_permissions("camera=*")), "PERM-002 camera");
  EXPECT_EQ(described(check_permissions("usb=(), camera=(*)")), "PERM-002 camera");
  EXPECT_EQ(described(check_permissions("camera=(\"https://*.example\")")), "PERM-002 camera");
  for (const std::string_view text :
       {"camera", "camera=", "camera=self", "camera=(self", "camera=('self')", "camera=(src)",
        "camera=(https://a.example)", "camera=(\"http://a.example\")", "camera=(\"https://a.example/\")",
        "camera=(self), camera=()", "camera=(self \"https://a.example\"\r\n)"}) {
    EXPECT_EQ(described(check_permissions(text)), "PERM-001 camera") << text;
  }
  EXPECT_EQ(described(check_permissions("")), "PERM-001 ");
  EXPECT_EQ(described(check_permissions("camera=(),")), "");
  EXPECT_EQ(described(check_permissions("Camera=()")), "PERM-001 Camera");
  EXPECT_EQ(described(check_permissions("camera=() usb=()")), "PERM-001 camera");

  for (const std::string_view text : {"", " ", "http://a.example", "https://a.example/", "https://a.example:443", "*",
                                      "https://*.example", "https://A.example", "a.example", "'self'", "null",
                                      "https://a.example, https://b.example", "https://a.example;script-src"}) {
    EXPECT_EQ(described(detail::check_embedders(text)), "HDR-003 frame-ancestors") << text;
  }
  for (const std::string_view text : {"", " ", "*", "'none'", "'allow-duplicates'", "a;b", "a,b"}) {
    EXPECT_EQ(described(detail::check_trusted_types(text)), "CSP-006 trusted-types") << text;
  }
}

// --- Settings

TEST(Headers, SettingsMayNotWeaken) {
  const auto findings_of = [](const ops::HeaderSettings& settings) {
    ops::Findings findings;
    check_header_settings(settings, findings);
    std::vector<std::string> list;
    for (const ops::Finding& finding : findings.list()) {
      list.push_back(std::string(finding.code) + " " + finding.where + ": " + finding.reason);
      EXPECT_EQ(sallyport::testing::fault_of_fix(finding.fix), "");
      const bool not_for_settings = finding.reason.starts_with("script-src");
      EXPECT_EQ(finding.fix.starts_with("leave this directive out"), not_for_settings) << finding.fix;
    }
    return list;
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(findings_of({}), List{});
  EXPECT_EQ(findings_of({.hsts_seconds = 31'536'000,
                         .csp = "img-src 'self' https://cdn.example",
                         .csp_report_only = "img-src 'none'",
                         .permissions_policy = "camera=(self)"}),
            List{});
  EXPECT_EQ(findings_of({.hsts_seconds = 31'535'999,
                         .hsts_subdomains = false,
                         .hsts_preload = true,
                         .csp = "img-src 'self'; style-src 'unsafe-inline'",
                         .csp_report_only = "script-src *",
                         .permissions_policy = "camera=*"}),
            (List{"CFG-016 headers.hsts_seconds: browsers would forget to use https",
                  "CFG-016 headers.hsts_preload: the lists of browsers take a domain with its subdomains only",
                  "CFG-044 headers.csp: style-src: unsafe source: what is inline or evaluated stays forbidden (but for "
                  "sp::insecure_csp in the program)",
                  "CFG-044 headers.csp_report_only: script-src: script-src is the kernel's: a page's own scripts carry "
                  "its nonce",
                  "CFG-044 headers.permissions_policy: camera: never for everybody: (self) or exact origins"}));
  ops::HeaderSettings two_policies;
  two_policies.csp = "img-src 'self', default-src *";
  EXPECT_EQ(findings_of(two_policies), List{"CFG-044 headers.csp: no ',': it would begin another policy"});
}

}  // namespace
}  // namespace sallyport::gate
