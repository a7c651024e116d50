// What the tables of cross-site requests have in common: the service, its routes, and a client that sends exactly the fields of a row.
#pragma once

#include <sallyport/sallyport.hpp>

#include "support/http2_client.hpp"
#include "support/http_client.hpp"
#include "support/test_service.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cross_site {

struct Text {
  std::string text;
};
struct Fields {
  sallyport::Text<0, 100> a;
  sallyport::Maybe<sallyport::Text<0, 100>> b;
};
struct SignIn {
  sallyport::Email email;
  sallyport::Password password;
};

}  // namespace cross_site

template <>
struct sallyport::view<cross_site::Text> {
  using show = fields<&cross_site::Text::text>;
};

namespace sallyport::testing::cross_site {

namespace types = ::cross_site;

inline constexpr const char* app_origin = "https://app.example";  // what routes with CORS list
inline constexpr const char* configured_origin = "https://configured.example";
inline constexpr const char* trusted_origin = "https://admin.example";

struct Request {
  std::string method = "GET";
  std::string target = "/plain";
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
};

/// One kind of client: a request as it stands, and the answer.
using Client = std::function<HttpResponse(const Request&)>;

/// What the checker of answers lets pass here: each of the origins that some route grants.
inline ResponseContext grants() {
  ResponseContext context;
  for (const char* origin : {"*", app_origin, "https://b.example", configured_origin, "https://editor.example"})
    context.allowed.emplace_back("access-control-allow-origin", origin);
  return context;
}

inline HttpResponse send_http2(TestService& service, const Request& request) {
  Http2Client client(service.port());
  client.expect(grants());
  ResponseFields fields;
  for (const auto& [name, value] : request.fields) {
    fields.emplace_back(name, value);
    for (char& c : fields.back().first) c = detail::to_lower(c);
  }
  return client.request(request.method, request.target, service.authority(), fields, request.body);
}

inline HttpResponse send_http1(TestService& service, const Request& request) {
  HttpClient client(service.port());
  client.expect(grants());
  std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + service.authority() + "\r\n";
  for (const auto& [name, value] : request.fields) bytes += name + ": " + value + "\r\n";
  if (!request.body.empty()) bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  client.send(bytes + "\r\n" + request.body);
  return client.receive(request.method == "HEAD").value_or(HttpResponse{});
}

inline Router routes() {
  const auto done = [] { return NoContent{}; };
  Router app;
  const auto all = [&](RoutePath path, auto... options) {
    app.get(path, anyone("for the tables of tests"), options..., [] { return types::Text{"hello"}; });
    app.post(path, anyone("for the tables of tests"), options..., done);
  };
  all("/plain");
  app.put("/plain", anyone("for the tables of tests"), done);
  app.patch("/plain", anyone("for the tables of tests"), done);
  app.del("/plain", anyone("for the tables of tests"), done);
  all("/shared", cors<"https://app.example">.allow_headers<"X-Note", "Idempotency-Key">().expose_headers<"X-Total">());
  all("/riding", cors<"https://b.example", "https://app.example">.with_credentials());
  all("/open", cors_any);
  all("/configured", configured_cors.with_credentials());
  // One path, two lists.
  app.put("/shared", anyone("for the tables of tests"), cors<"https://editor.example">, done);
  app.get("/private", signed_in, cors<"https://app.example">.with_credentials(), [] { return types::Text{"hello"}; });

  app.post("/sign-in", anyone("the sign-in form"), attempts{.max = 1'000'000, .max_per_source = 1'000'000},
           [](Form<types::SignIn> in, SignInAttempt attempt) { return attempt.password(in->email, in->password); });
  app.get("/token", anyone("the page of a form"),
          [](CsrfToken token) { return types::Text{std::string(token.text())}; });
  app.get("/page", anyone("the page of a form"), [](CsrfToken token) {
    return Page{.title = "A form", .body = html<"<form method=\"post\" action=\"/form\">{}</form>">(token.field())};
  });
  app.post("/form", anyone("for the tables of tests"), [](Form<types::Fields> in) {
    return types::Text{std::string(in->a.view()) + "|" + (in->b ? std::string(in->b->view()) : "-")};
  });
  app.post("/json", anyone("for the tables of tests"), [](Body<types::Fields>) { return NoContent{}; });
  return app;
}

inline void adjust(ops::Settings& settings) {
  settings.csrf.trusted_origins = {trusted_origin};
  settings.cors.origins = {configured_origin};
}

}  // namespace sallyport::testing::cross_site
