// code: CORS-002
// cases: 13
// A field that scripts can not send or read, or a pattern.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.get(
      "/a", sp::anyone("for the test of this rule"),
      sp::cors<"https://app.example">.allow_headers<"X-Requested-With", "Authorization">().expose_headers<"X-Total-Count">(),
      [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.allow_headers<"*">(),
          [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.allow_headers<"Cookie">(),
          [] { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.allow_headers<"host">(),
          [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.allow_headers<"Origin">(),
          [] { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"),
          sp::cors<"https://app.example">.allow_headers<"Sec-Fetch-Site">(), [] { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/a", sp::anyone("for the test of this rule"),
          sp::cors<"https://app.example">.allow_headers<"Proxy-Authorization">(), [] { return sp::NoContent{}; });
#elif CASE == 7
  app.get("/a", sp::anyone("for the test of this rule"),
          sp::cors<"https://app.example">.allow_headers<"X-HTTP-Method-Override">(), [] { return sp::NoContent{}; });
#elif CASE == 8
  app.get("/a", sp::anyone("for the test of this rule"),
          sp::cors<"https://app.example">.allow_headers<"Transfer-Encoding">(), [] { return sp::NoContent{}; });
#elif CASE == 9
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.allow_headers<"">(),
          [] { return sp::NoContent{}; });
#elif CASE == 10
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.allow_headers<"X-A, X-B">(),
          [] { return sp::NoContent{}; });
#elif CASE == 11
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.expose_headers<"*">(),
          [] { return sp::NoContent{}; });
#elif CASE == 12
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.expose_headers<"Set-Cookie">(),
          [] { return sp::NoContent{}; });
#elif CASE == 13
  app.get("/a", sp::anyone("for the test of this rule"),
          sp::cors<"https://app.example">.allow_headers<"X-Note", "Cookie">(), [] { return sp::NoContent{}; });
#endif
}
