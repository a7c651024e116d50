// code: CORS-001
// cases: 18
// An origin that is none, or more than one.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example">,
          [] { return sp::NoContent{}; });
  app.get("/b", sp::anyone("for the test of this rule"),
          sp::cors<"https://a-1.b.example:8443", "https://localhost:3000">, [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<>, [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"null">, [] { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"*">, [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://*.example">, [] { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"http://app.example">,
          [] { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"app.example">, [] { return sp::NoContent{}; });
#elif CASE == 7
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://App.example">,
          [] { return sp::NoContent{}; });
#elif CASE == 8
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example/">,
          [] { return sp::NoContent{}; });
#elif CASE == 9
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example/x">,
          [] { return sp::NoContent{}; });
#elif CASE == 10
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example:443">,
          [] { return sp::NoContent{}; });
#elif CASE == 11
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example:0">,
          [] { return sp::NoContent{}; });
#elif CASE == 12
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example:65536">,
          [] { return sp::NoContent{}; });
#elif CASE == 13
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example.">,
          [] { return sp::NoContent{}; });
#elif CASE == 14
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://.app.example">,
          [] { return sp::NoContent{}; });
#elif CASE == 15
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://user@app.example">,
          [] { return sp::NoContent{}; });
#elif CASE == 16
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://10.0.0.7">, [] { return sp::NoContent{}; });
#elif CASE == 17
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://app.example", "https://app.example?x">,
          [] { return sp::NoContent{}; });
#elif CASE == 18
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors<"https://">, [] { return sp::NoContent{}; });
#endif
}
