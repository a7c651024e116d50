// code: HDR-005
// cases: 18
// A request field that the library reads itself, or nobody may go by.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

using Text = sp::Line<1, 80>;

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-Tenant", Text>, sp::Header<"If-Match", sp::Maybe<Text>>,
             sp::Header<"Accept-Language", sp::Maybe<Text>>) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"Cookie", Text>) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"authorization", Text>) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"HOST", Text>) { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-Forwarded-For", Text>) { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"Forwarded", Text>) { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"Origin", Text>) { return sp::NoContent{}; });
#elif CASE == 7
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"Sec-Fetch-Site", Text>) { return sp::NoContent{}; });
#elif CASE == 8
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"Content-Type", Text>) { return sp::NoContent{}; });
#elif CASE == 9
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"Content-Length", Text>) { return sp::NoContent{}; });
#elif CASE == 10
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"Transfer-Encoding", Text>) { return sp::NoContent{}; });
#elif CASE == 11
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"User-Agent", Text>) { return sp::NoContent{}; });
#elif CASE == 12
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"Last-Event-ID", Text>) { return sp::NoContent{}; });
#elif CASE == 13
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-HTTP-Method-Override", Text>) { return sp::NoContent{}; });
#elif CASE == 14
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"Proxy-Authorization", Text>) { return sp::NoContent{}; });
#elif CASE == 15
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-CSRF-Token", Text>) { return sp::NoContent{}; });
#elif CASE == 16
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"If-None-Match", Text>) { return sp::NoContent{}; });
#elif CASE == 17
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"X-User-Id", Text>) { return sp::NoContent{}; });
#elif CASE == 18
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"X-Real-IP", Text>) { return sp::NoContent{}; });
#endif
}
