// code: HDR-001
// cases: 47
// A field that the kernel writes itself.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::id, &Note::title>;
  using hidden = fields<&Note::owner>;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
struct NewNote {
  sp::Text<1, 200> title;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};
[[maybe_unused]] static sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  static_cast<void>(sp::Response::empty().header("X-Request-Id", "x"));
  static_cast<void>(sp::Response::text("x").header(sp::attachment("notes; \"2026\".txt")));
  static_cast<void>(sp::Response::empty().header("content-language", "x"));
  static_cast<void>(sp::Response::empty().header("ETag", "x"));
  static_cast<void>(sp::Response::empty().header("Sunset", "x"));
  static_cast<void>(sp::Response::empty().header("Deprecation", "x"));
  static_cast<void>(sp::Response::empty().header("Server-Timing", "x"));
  static_cast<void>(sp::Response::empty().header("X-Robots-Tag", "x"));
  static_cast<void>(sp::Response::empty().header("X-Total-Count", "7"));
#elif CASE == 1
  static_cast<void>(sp::Response::empty().header("Content-Security-Policy", "default-src *"));
#elif CASE == 2
  static_cast<void>(sp::Response::empty().header("set-cookie", "a=b"));
#elif CASE == 3
  static_cast<void>(sp::Response::empty().header("X-FRAME-OPTIONS", "ALLOWALL"));
#elif CASE == 4
  static_cast<void>(sp::Response::empty().header("Location", "https://evil.example"));
#elif CASE == 5
  static_cast<void>(sp::Response::empty().header("Access-Control-Allow-Origin", "*"));
#elif CASE == 6
  static_cast<void>(sp::Response::empty().header("Refresh", "0; url=https://evil.example"));
#elif CASE == 7
  static_cast<void>(sp::Response::empty().header("Link", "x"));
#elif CASE == 8
  static_cast<void>(sp::Response::empty().header("Set-Login", "x"));
#elif CASE == 9
  static_cast<void>(sp::Response::empty().header("No-Vary-Search", "x"));
#elif CASE == 10
  static_cast<void>(sp::Response::empty().header("Clear-Site-Data", "x"));
#elif CASE == 11
  static_cast<void>(sp::Response::empty().header("Alt-Svc", "x"));
#elif CASE == 12
  static_cast<void>(sp::Response::empty().header("Speculation-Rules", "x"));
#elif CASE == 13
  static_cast<void>(sp::Response::empty().header("SourceMap", "x"));
#elif CASE == 14
  static_cast<void>(sp::Response::empty().header("X-SourceMap", "x"));
#elif CASE == 15
  static_cast<void>(sp::Response::empty().header("NEL", "x"));
#elif CASE == 16
  static_cast<void>(sp::Response::empty().header("Report-To", "x"));
#elif CASE == 17
  static_cast<void>(sp::Response::empty().header("Reporting-Endpoints", "x"));
#elif CASE == 18
  static_cast<void>(sp::Response::empty().header("Service-Worker-Allowed", "x"));
#elif CASE == 19
  static_cast<void>(sp::Response::empty().header("Origin-Agent-Cluster", "x"));
#elif CASE == 20
  static_cast<void>(sp::Response::empty().header("Timing-Allow-Origin", "x"));
#elif CASE == 21
  static_cast<void>(sp::Response::empty().header("Accept-CH", "x"));
#elif CASE == 22
  static_cast<void>(sp::Response::empty().header("Critical-CH", "x"));
#elif CASE == 23
  static_cast<void>(sp::Response::empty().header("Surrogate-Control", "x"));
#elif CASE == 24
  static_cast<void>(sp::Response::empty().header("CDN-Cache-Control", "x"));
#elif CASE == 25
  static_cast<void>(sp::Response::empty().header("X-Accel-Redirect", "x"));
#elif CASE == 26
  static_cast<void>(sp::Response::empty().header("x-accel-buffering", "x"));
#elif CASE == 27
  static_cast<void>(sp::Response::empty().header("X-Sendfile-Type", "x"));
#elif CASE == 28
  static_cast<void>(sp::Response::empty().header("X-Reproxy-URL", "x"));
#elif CASE == 29
  static_cast<void>(sp::Response::empty().header("X-REPROXY-Expected-Size", "x"));
#elif CASE == 30
  static_cast<void>(sp::Response::empty().header("X-Content-Type-Options", "x"));
#elif CASE == 31
  static_cast<void>(sp::Response::empty().header("Cache-Control", "x"));
#elif CASE == 32
  static_cast<void>(sp::Response::empty().header("Vary", "x"));
#elif CASE == 33
  static_cast<void>(sp::Response::empty().header("Cookie", "x"));
#elif CASE == 34
  static_cast<void>(sp::Response::empty().header("Host", "x"));
#elif CASE == 35
  static_cast<void>(sp::Response::empty().header("My-Own-Field", "x"));
#elif CASE == 36
  static_cast<void>(sp::Response::empty().header("X", "x"));
#elif CASE == 37
  static_cast<void>(sp::Response::empty().header("X-", "x"));
#elif CASE == 38
  static_cast<void>(sp::Response::empty().header("X-Middleware-Rewrite", "x"));
#elif CASE == 39
  static_cast<void>(sp::Response::empty().header("X-Forwarded-Host", "x"));
#elif CASE == 40
  static_cast<void>(sp::Response::empty().header("Activate-Storage-Access", "x"));
#elif CASE == 41
  static_cast<void>(sp::Response::empty().header("Use-As-Dictionary", "x"));
#elif CASE == 42
  static_cast<void>(sp::Response::empty().header("Supports-Loading-Mode", "x"));
#elif CASE == 43
  static_cast<void>(sp::Response::empty().header("RateLimit", "x"));
#elif CASE == 44
  static_cast<void>(sp::Response::empty().header("X-RateLimit-Remaining", "x"));
#elif CASE == 45
  static_cast<void>(sp::Response::empty().header("X-Robots-Location", "x"));
#elif CASE == 46
  static_cast<void>(sp::Response::empty().header("Content-Location", "x"));
#elif CASE == 47
  const std::string title = "a\"; filename=\"x.bat";
  static_cast<void>(sp::Response::text("x").header("Content-Disposition", "attachment; filename=\"" + title + "\""));
#endif
}
