// code: CORS-003
// cases: 2
// Every origin and the user's cookies at once.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any, [] { return sp::NoContent{}; });
  app.get("/b", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">.with_credentials(),
          [] { return sp::NoContent{}; });
  app.get("/c", sp::anyone("for the test of this rule"), sp::configured_cors.with_credentials(),
          [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any.with_credentials(),
          [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any.allow_headers<"X-Note">().with_credentials(),
          [] { return sp::NoContent{}; });
#endif
}
