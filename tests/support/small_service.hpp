// A few routes without a database, for tests of the wire and the gate.
#pragma once

#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/test_service.hpp"

#include <stdexcept>

namespace small {

struct Greeting {
  std::string message;
};
struct NewNote {
  sallyport::Text<1, 200> title;
  sallyport::Text<0, 10'000> body;
};
struct Fields {
  sallyport::Text<0, 100> a;
};

}  // namespace small

template <>
struct sallyport::view<small::Greeting> {
  using show = fields<&small::Greeting::message>;
};

namespace sallyport::testing {

/// `GET /` a greeting, `POST /echo` a title from JSON, `POST /form` from a form, `GET /throw`, `GET /throw-later`, `GET /page`, `GET /users/:id`,
/// `GET /files/*rest`, an asset.
inline Router small_routes() {
  Router router;
  router.get("/", anyone("for the tests of the wire"), [] { return small::Greeting{"hello"}; });
  router.post("/echo", anyone("for the tests of the wire"),
              [](Body<small::NewNote> in) { return small::Greeting{std::string(in->title.view())}; });
  router.post("/form", anyone("for the tests of the wire"),
              [](Form<small::Fields> in) { return small::Greeting{std::string(in->a.view())}; });
  router.get("/throw", anyone("for the tests of errors"),
             []() -> small::Greeting { throw std::runtime_error("canary at 10.1.2.3 in /srv/app.cpp"); });
  router.get("/throw-later", anyone("for the tests of errors"), []() -> Task<small::Greeting> {
    throw std::logic_error("canary at 10.1.2.3 in /srv/app.cpp");
    co_return small::Greeting{};
  });
  router.get("/throw-int", anyone("for the tests of errors"), []() -> small::Greeting { throw 7; });
  router.get("/throw-problem", anyone("for the tests of errors"),
             []() -> small::Greeting { throw Problem(410, "Gone for good"); });
  router.get("/out-of-memory", anyone("for the tests of errors"), []() -> small::Greeting { throw std::bad_alloc(); });
  router.get("/page", anyone("for the tests of pages"),
             [] { return Page{.title = "A page", .scripts = {"/app.js"}, .body = html<"<h1>{}</h1>">("<hello>")}; });
  router.get("/plain-page", anyone("for the tests of pages"),
             [] { return Page{.title = "A page", .body = html<"<h1>x</h1>">()}; });
  router.get("/users/:id", anyone("for the tests of paths"),
             [](Path<"id", Text<1, 40>> id) { return small::Greeting{std::string(id->view())}; });
  router.get("/users/me", anyone("for the tests of paths"), [] { return small::Greeting{"me!"}; });
  router.get("/files/*rest", anyone("for the tests of paths"),
             [](Path<"rest", Text<1, 400>> rest) { return small::Greeting{std::string(rest->view())}; });
  router.get("/numbers/:n", anyone("for the tests of paths"),
             [](Path<"n", Int<1, 9>> n) { return small::Greeting{std::to_string(n->value())}; });
  router.put("/users/me", anyone("for the tests of paths"), [] { return NoContent{}; });
  router.get("/header", anyone("for the tests of fields"),
             [](Query<small::Fields> in) { return Response::text("x").header("X-Note", std::string(in->a.view())); });
  router.asset("/app.js", AssetType::javascript, "console.log(1);\n");
  return router;
}

class SmallService : public TestService {
 public:
  explicit SmallService(const std::function<void(ops::Settings&)>& adjust = {})
      : TestService(small_routes(), {}, adjust) {}
  [[nodiscard]] Browser browser() { return Browser(port(), authority()); }
  /// A request head for this service: the request line and Host, then `rest`.
  [[nodiscard]] std::string head(const std::string& line, const std::string& rest = {}) {
    return line + " HTTP/1.1\r\nHost: " + authority() + "\r\n" + rest + "\r\n";
  }
};

}  // namespace sallyport::testing
