// The rules over settings: all correct starts, and each single mistake gets its own code and only that.
#include "start/start_rules.hpp"

#include <gtest/gtest.h>

#include "support/pasted_fix.hpp"

namespace sallyport::start {
namespace {

ops::Settings correct() {
  ops::Settings settings;
  settings.server.origin = "https://notes.example";
  settings.keys.file = "var/master.key";
  settings.server.address = base::IpAddress::v4(0, 0, 0, 0);
  settings.tls = {.enabled = true, .certificate = "cert.pem", .key = "key.pem"};
  complete_origin(settings, 8080);
  return settings;
}

ops::Settings behind_proxy() {
  ops::Settings settings = correct();
  settings.tls = {};
  settings.server.address = base::IpAddress::v4(127, 0, 0, 1);
  settings.server.trusted_proxies = {*base::IpRange::parse("127.0.0.1")};
  return settings;
}

ops::Settings development() {
  ops::Settings settings;
  settings.mode = ops::Mode::development;
  complete_origin(settings, 8080);
  return settings;
}

std::string codes(const ops::Settings& settings) {
  ops::Findings findings;
  check_settings(settings, findings);
  std::string out;
  for (const ops::Finding& finding : findings.list()) {
    out.append(out.empty() ? "" : " ").append(finding.code).append(":").append(finding.where);
    EXPECT_EQ(sallyport::testing::fault_of_fix(finding.fix), "") << finding.where;
  }
  return out;
}

template <class Change>
std::string codes(ops::Settings settings, Change change) {
  change(settings);
  return codes(settings);
}

TEST(StartRules, CorrectSettingsStart) {
  EXPECT_EQ(codes(correct()), "");
  EXPECT_EQ(codes(behind_proxy()), "");
  EXPECT_EQ(codes(development()), "");
}

TEST(StartRules, TheDefaultsOfProductionNeedAKeyAnOriginAndTls) {
  EXPECT_EQ(codes(ops::Settings{}), "CFG-001:keys.file CFG-010:server.origin CFG-012:tls.enabled");
}

TEST(StartRules, Key) {
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.keys.file.clear(); }), "CFG-001:keys.file");
}

TEST(StartRules, Origin) {
  const auto origin = [](const char* text) { return [text](ops::Settings& s) { s.server.origin = text; }; };
  EXPECT_EQ(codes(correct(), origin("")), "CFG-010:server.origin");
  EXPECT_EQ(codes(correct(), origin("notes.example")), "CFG-010:server.origin");
  EXPECT_EQ(codes(correct(), origin("https://notes.example/")), "CFG-010:server.origin");
  EXPECT_EQ(codes(correct(), origin("https://*.example")), "CFG-010:server.origin");
  EXPECT_EQ(codes(correct(), origin("http://notes.example")), "CFG-011:server.origin");
  EXPECT_EQ(codes(development(), origin("nonsense")), "CFG-010:server.origin");
  EXPECT_EQ(codes(development(), origin("http://localhost:3000")), "");
  for (const char* host : {"*", "*.example", "Notes.Example", "notes.example/", ""}) {
    EXPECT_EQ(codes(correct(), [host](ops::Settings& s) { s.server.allowed_hosts.emplace_back(host); }),
              "CFG-010:server.allowed_hosts")
        << host;
  }
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.server.allowed_hosts.emplace_back("notes.example:443"); }), "");
}

TEST(StartRules, Transport) {
  EXPECT_EQ(codes(behind_proxy(), [](ops::Settings& s) { s.server.trusted_proxies.clear(); }), "CFG-012:tls.enabled");
  for (const char* address : {"0.0.0.0", "::", "10.0.0.5", "192.0.2.1"}) {
    const auto listen = [address](ops::Settings& s) { s.server.address = *base::IpAddress::parse(address); };
    EXPECT_EQ(codes(behind_proxy(), listen), "CFG-012:server.address") << address;
    EXPECT_EQ(codes(development(), listen), "CFG-012:server.address") << address;
    EXPECT_EQ(codes(correct(), listen), "") << address;
  }
  EXPECT_EQ(codes(development(), [](ops::Settings& s) { s.server.address = *base::IpAddress::parse("::1"); }), "");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.tls.certificate.clear(); }), "CFG-013:tls.certificate");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.tls.key.clear(); }), "CFG-013:tls.key");
  EXPECT_EQ(codes(development(), [](ops::Settings& s) { s.tls.key = "key.pem"; }), "CFG-013:tls");
}

TEST(StartRules, Proxies) {
  const auto proxies = [](const char* range) {
    return [range](ops::Settings& s) { s.server.trusted_proxies = {*base::IpRange::parse(range)}; };
  };
  for (const char* range : {"0.0.0.0/0", "::/0", "8.8.8.0/24", "2000::/3", "10.0.0.0/7"}) {
    EXPECT_EQ(codes(correct(), proxies(range)), "CFG-015:server.trusted_proxies") << range;
    EXPECT_EQ(codes(development(), proxies(range)), "CFG-012:server.trusted_proxies CFG-015:server.trusted_proxies")
        << range;
  }
  for (const char* range : {"10.0.0.0/8", "fd00::/8", "127.0.0.0/8", "203.0.113.9"})
    EXPECT_EQ(codes(correct(), proxies(range)), "") << range;
}

TEST(StartRules, RedirectPort) {
  const auto redirect = [](std::uint16_t port) { return [port](ops::Settings& s) { s.server.redirect_port = port; }; };
  EXPECT_EQ(codes(correct(), redirect(8081)), "");
  EXPECT_EQ(codes(correct(), redirect(8080)), "CFG-012:server.redirect_port");
  EXPECT_EQ(codes(behind_proxy(), redirect(8081)), "CFG-012:server.redirect_port");
  EXPECT_EQ(codes(development(), redirect(8081)), "CFG-012:server.redirect_port");
}

TEST(StartRules, ProxyProtocol) {
  const auto on = [](ops::Settings& s) { s.server.proxy_protocol = true; };
  EXPECT_EQ(codes(behind_proxy(), on), "");
  EXPECT_EQ(codes(correct(), on), "CFG-015:server.proxy_protocol");
  EXPECT_EQ(codes(development(), on), "CFG-015:server.proxy_protocol");
}

TEST(StartRules, EveryCertificateHasAKey) {
  const auto more = [](std::vector<std::string> certificates, std::vector<std::string> keys) {
    return [=](ops::Settings& s) {
      s.tls.more_certificates = certificates;
      s.tls.more_keys = keys;
    };
  };
  EXPECT_EQ(codes(correct(), more({"a.pem", "b.pem"}, {"a.key", "b.key"})), "");
  EXPECT_EQ(codes(correct(), more({"a.pem", "b.pem"}, {"a.key"})), "CFG-013:tls.more_keys");
  EXPECT_EQ(codes(correct(), more({}, {"a.key"})), "CFG-013:tls.more_keys");
}

TEST(StartRules, TakeoverPath) {
  const auto takeover = [](std::string path) { return [path](ops::Settings& s) { s.server.takeover = path; }; };
  for (const char* path : {"/run/notes/takeover", "var/takeover"})
    EXPECT_EQ(codes(correct(), takeover(path)), "") << path;
  for (const std::string& path :
       {std::string("takeover"), std::string("../takeover"), std::string("var/../../takeover"),
        std::string("/run/notes/"), "/" + std::string(100, 'x')}) {
    EXPECT_EQ(codes(correct(), takeover(path)), "CFG-024:server.takeover") << path;
  }
}

TEST(StartRules, BoundsThatDependOnEachOther) {
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.json = s.limits.body + 1; }), "CFG-051:limits.json");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.form = s.limits.body + 1; }), "CFG-051:limits.form");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.query = s.limits.request_line + 1; }),
            "CFG-051:limits.query");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.request_line = s.limits.header_bytes + 1; }),
            "CFG-051:limits.request_line");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.body_grace_seconds = 31; }),
            "CFG-051:limits.body_grace_seconds");
  EXPECT_EQ(codes(correct(),
                  [](ops::Settings& s) {
                    s.limits.fields = {"draft-8", "draft9"};
                  }),
            "CFG-051:limits.fields");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.fields = {"draft-6", "legacy"}; }), "");
  EXPECT_EQ(codes(correct(),
                  [](ops::Settings& s) {
                    s.limits.fields = {"draft-6", "draft-7"};
                  }),
            "CFG-051:limits.fields");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.fields.clear(); }), "");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.allow = {*base::IpRange::parse("::/0")}; }),
            "CFG-051:limits.allow");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.limits.allow = {*base::IpRange::parse("10.0.0.0/8")}; }), "");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.sessions.idle_minutes = 481; }), "CFG-040:sessions.idle_minutes");
  EXPECT_EQ(codes(correct(), [](ops::Settings& s) { s.sessions.idle_minutes = 480; }), "");
}

}  // namespace
}  // namespace sallyport::start
