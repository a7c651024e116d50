// Responses of every kind, over HTTP/1.1 and HTTP/2, in clear and over TLS: the clients check each of them against all invariants. And
// the checker itself, which has to notice whatever is taken away, doubled, weakened or added.
#include "support/http2_client.hpp"
#include "support/notes_service.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

// --- A service with a route for every kind of response

Router every_kind(const std::string& folder) {
  Router router = small_routes();
  router.post("/created", anyone("for the tests of headers"),
              [](Body<small::NewNote>) { return Created<small::Greeting>{small::Greeting{"new"}}; });
  router.get("/elsewhere", anyone("for the tests of headers"), [] { return Response::see_other("/page"); });
  router.get("/text", anyone("for the tests of headers"), [] { return Response::text("x"); });
  router.get("/busy", anyone("for the tests of headers"), []() -> small::Greeting { throw Overloaded(); });
  router.get(
      "/stream", anyone("for the tests of headers"), []() -> Stream<"text/plain; charset=utf-8"> {
        co_yield "one";
        co_yield "two";
      });
  router.get(
      "/stream-fails", anyone("for the tests of headers"), []() -> Stream<"text/plain; charset=utf-8"> {
        throw Problem(409, "Not now");
        co_yield "x";
      });
  router.get("/events", anyone("for the tests of headers"), []() -> EventStream {
    co_yield Event("one");
    co_await sleep_for(std::chrono::hours(1));
  });
  router.files("/static", anyone("for the tests of headers"), folder);
  router.files("/mine", signed_in, folder, same_for_everyone("the files of this test"));
  return router;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  const timespec times[2] = {{946'684'800, 0}, {946'684'800, 0}};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}

enum class Wire { http1, http1_tls, http2, http2_tls };

class Speaker {
 public:
  explicit Speaker(Wire wire, const std::function<void(ops::Settings&)>& adjust = {}) : wire_(wire) {
    const std::string root = folder_.file("public");
    std::filesystem::create_directories(root);
    write(root + "/hello.txt", "0123456789");
    write(root + "/app.3f9a1c2b.js", "let x = 1;\n");
    write(root + "/index.html", "<!doctype html><title>t</title><script>alert(1)</script>");
    write(root + "/large.css", std::string(5000, ' '));
    service_.emplace(every_kind(root), std::vector<Migration>{}, [&](ops::Settings& settings) {
      settings.tls.enabled = tls();
      if (adjust) adjust(settings);
    });
  }
  [[nodiscard]] bool tls() const { return wire_ == Wire::http1_tls || wire_ == Wire::http2_tls; }
  [[nodiscard]] bool http2() const { return wire_ == Wire::http2 || wire_ == Wire::http2_tls; }
  [[nodiscard]] std::string certificate() const { return tls() ? service_->certificate() : std::string(); }
  TestService* operator->() { return &*service_; }

  HttpResponse ask(const std::string& method, const std::string& target, const ResponseFields& fields = {},
                   const std::string& body = {}) {
    if (http2()) {
      return Http2Client(service_->port(), certificate()).request(method, target, service_->authority(), fields, body);
    }
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + service_->authority() + "\r\n";
    for (const auto& [name, value] : fields) request.append(name).append(": ").append(value).append("\r\n");
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    HttpClient client(service_->port(), certificate());
    client.send(request + "\r\n" + body);
    return client.receive(method == "HEAD").value_or(HttpResponse{});
  }

 private:
  Wire wire_;
  TemporaryFolder folder_;
  std::optional<TestService> service_;
};

class Headers : public ::testing::TestWithParam<Wire> {};

std::string wire_name(const ::testing::TestParamInfo<Wire>& wire) {
  constexpr const char* names[] = {"Http1", "Http1Tls", "Http2", "Http2Tls"};
  return names[static_cast<std::size_t>(wire.param)];
}
class Headers1 : public Headers {};  // what only HTTP/1.1 has
class Headers2 : public Headers {};  // what only HTTP/2 has
INSTANTIATE_TEST_SUITE_P(Over, Headers1, ::testing::Values(Wire::http1, Wire::http1_tls), wire_name);
INSTANTIATE_TEST_SUITE_P(Over, Headers2, ::testing::Values(Wire::http2, Wire::http2_tls), wire_name);
INSTANTIATE_TEST_SUITE_P(Over, Headers, ::testing::Values(Wire::http1, Wire::http1_tls, Wire::http2, Wire::http2_tls),
                         wire_name);

constexpr const char* html = "text/html; charset=utf-8";
constexpr const char* json = "application/json; charset=utf-8";
constexpr const char* problem = "application/problem+json";
constexpr const char* plain = "text/plain; charset=utf-8";
constexpr const char* script = "text/javascript; charset=utf-8";
constexpr const char* nothing = "";

TEST_P(Headers, OfEveryKindOfResponse) {
  Speaker service(GetParam());
  const ResponseFields own{{"sec-fetch-site", "same-origin"}};
  const ResponseFields page{{"accept", "text/html"}};
  const ResponseFields sends_json{{"sec-fetch-site", "same-origin"}, {"content-type", "application/json"}};
  const std::string note = R"({"title":"t","body":"b"})";
  struct Case {
    std::string method, target;
    ResponseFields fields;
    std::string body;
    int status;
    std::string type, cache;
  };
  const std::vector<Case> cases{
      {"GET", "/page", {}, "", 200, html, "no-store"},
      {"HEAD", "/page", {}, "", 200, html, "no-store"},
      {"GET", "/plain-page", {}, "", 200, html, "no-store"},
      {"GET", "/", {}, "", 200, json, "no-store"},
      {"HEAD", "/", {}, "", 200, json, "no-store"},
      {"GET", "/text", {}, "", 200, plain, "no-store"},
      {"POST", "/created", sends_json, note, 201, json, "no-store"},
      {"PUT", "/users/me", own, "", 204, nothing, "no-store"},
      {"OPTIONS", "/users/me", own, "", 204, nothing, "no-store"},
      {"OPTIONS", "*", own, "", 204, nothing, "no-store"},
      {"POST", "/.well-known/reports", own, "[]", 204, nothing, "no-store"},
      {"GET", "/elsewhere", {}, "", 303, nothing, "no-store"},
      {"POST", "/echo", sends_json, "{", 400, problem, "no-store"},
      {"GET", "/files/../x", {}, "", 400, problem, "no-store"},
      {"GET", "/mine/hello.txt", {}, "", 401, problem, "no-store"},
      {"POST", "/echo", {{"cookie", "a=b"}, {"sec-fetch-site", "cross-site"}}, note, 403, problem, "no-store"},
      {"GET",
       "/app.js",
       {{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "no-cors"}},
       "",
       403,
       problem,
       "no-store"},
      {"GET", "/nowhere", {}, "", 404, problem, "no-store"},
      {"HEAD", "/nowhere", {}, "", 404, problem, "no-store"},
      {"GET", "/nowhere", page, "", 404, html, "no-store"},
      {"GET", "/static/nothing.png", {}, "", 404, problem, "no-store"},
      {"DELETE", "/echo", own, "", 405, problem, "no-store"},
      {"TRACE", "/", own, "", 405, problem, "no-store"},
      {"POST", "/static/hello.txt", own, "", 405, problem, "no-store"},
      {"GET", "/stream-fails", {}, "", 409, problem, "no-store"},
      {"GET", "/throw-problem", {}, "", 410, problem, "no-store"},
      {"GET", "/static/hello.txt", {{"if-match", "\"other\""}}, "", 412, "", ""},
      {"POST", "/echo", sends_json, std::string(300'000, ' '), 413, problem, "no-store"},
      {"POST", "/echo", own, note, 415, problem, "no-store"},
      {"GET", "/throw", {}, "", 500, problem, "no-store"},
      {"GET", "/throw", page, "", 500, html, "no-store"},
      {"GET", "/throw-later", {}, "", 500, problem, "no-store"},
      {"GET", "/throw-int", {}, "", 500, problem, "no-store"},
      {"GET", "/out-of-memory", {}, "", 500, problem, "no-store"},
      {"GET", "/busy", {}, "", 503, problem, "no-store"},
      {"GET", "/busy", page, "", 503, html, "no-store"},
      {"GET", "/app.js", {}, "", 200, script, "no-cache"},
      {"HEAD", "/app.js", {}, "", 200, script, "no-cache"},
      {"GET", "/static/hello.txt", {}, "", 200, plain, "no-cache"},
      {"GET", "/static/hello.txt", {{"range", "bytes=2-4"}}, "", 206, plain, "no-cache"},
      {"GET", "/static/hello.txt", {{"range", "bytes=10-"}}, "", 416, "", ""},
      {"GET", "/static/app.3f9a1c2b.js", {}, "", 200, script, "public, max-age=31536000, immutable"},
      {"GET", "/static/", {}, "", 200, html, "private, no-cache"},
      {"HEAD", "/static/index.html", {}, "", 200, html, "private, no-cache"},
      {"GET", "/static/index.html", {{"range", "bytes=0-3"}}, "", 206, html, "private, no-cache"},
      {"GET", "/static/large.css", {{"accept-encoding", "gzip"}}, "", 200, "text/css; charset=utf-8", "no-cache"},
      {"GET", "/stream", {}, "", 200, plain, "no-store"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.method + " " + one.target.substr(0, 40) + (one.fields == page ? " as a page" : ""));
    const HttpResponse response = service.ask(one.method, one.target, one.fields, one.body);
    EXPECT_EQ(response.status, one.status);
    // The checker tells the kind by these.
    if (!one.cache.empty()) {
      EXPECT_EQ(response.field("content-type"), one.type);
      EXPECT_EQ(response.field("cache-control"), one.cache);
    }
  }
}

TEST_P(Headers, OfWhatHasNotChanged) {
  Speaker service(GetParam());
  for (const char* path : {"/app.js", "/static/hello.txt", "/static/app.3f9a1c2b.js", "/static/index.html"}) {
    const auto whole = service.ask("GET", path);
    const auto unchanged = service.ask("GET", path, {{"if-none-match", whole.field("etag")}});
    EXPECT_EQ(unchanged.status, 304) << path;
    for (const char* name : {"cache-control", "content-security-policy", "etag", "vary", "permissions-policy"})
      EXPECT_EQ(unchanged.field(name), whole.field(name)) << name << " of " << path << ": RFC 9110 15.4.5";
  }
}

TEST_P(Headers, OfAnEndlessStream) {
  Speaker service(GetParam());
  if (service.http2()) {
    Http2Client client(service->port(), service.certificate());
    const auto stream = client.start("GET", "/events", service->authority());
    EXPECT_EQ(client.head(stream).field("content-type"), "text/event-stream");
    return;
  }
  HttpClient client(service->port(), service.certificate());
  client.send("GET /events HTTP/1.1\r\nHost: " + service->authority() + "\r\n\r\n");
  EXPECT_EQ(client.receive_head()->field("content-type"), "text/event-stream");
}

TEST_P(Headers, OfTooManyRequests) {
  Speaker service(GetParam(), [](ops::Settings& settings) {
    settings.limits.general_per_second = 3;
    settings.limits.general_burst = 5;
  });
  for (const int left : {4, 3, 2, 1, 0}) {
    const auto counted = service.ask("GET", "/");
    EXPECT_EQ(counted.status, 200);
    EXPECT_TRUE(counted.field("ratelimit").starts_with("\"general\";r=" + std::to_string(left) + ";t="));
  }
  EXPECT_EQ(service.ask("GET", "/").status, 429);
  EXPECT_EQ(service.ask("HEAD", "/page").status, 429);
  EXPECT_EQ(service.ask("GET", "/page", {{"accept", "text/html"}}).field("content-type"), html);
  EXPECT_EQ(service.ask("GET", "/app.js").status, 200);
}

TEST_P(Headers2, OfManyAtOnce) {
  Speaker service(GetParam());
  Http2Client client(service->port(), service.certificate());
  std::vector<std::int32_t> streams;
  streams.reserve(30);
  for (int i = 0; i < 30; ++i)
    streams.push_back(client.start("GET", i % 3 ? "/page" : "/stream", service->authority()));
  for (const std::int32_t stream : streams) EXPECT_EQ(client.finish(stream).status, 200);
}

TEST_P(Headers, OfAHeadThatIsTooLarge) {
  Speaker service(GetParam());
  EXPECT_EQ(service.ask("GET", "/" + std::string(8500, 'a')).status, 414);
  ResponseFields many;
  for (int i = 0; i < 65; ++i) many.emplace_back("x-" + std::to_string(i), "y");
  EXPECT_EQ(service.ask("GET", "/", many).status, 431);
}

TEST_P(Headers, OfTheSession) {
  const bool tls = GetParam() == Wire::http1_tls || GetParam() == Wire::http2_tls;
  NotesService service([&](ops::Settings& settings) { settings.tls.enabled = tls; });
  const std::string certificate = tls ? service.certificate() : std::string();
  const std::string credentials =
      R"("email":"a@example.org","password":")" + std::string(NotesService::password) + "\"}";
  if (GetParam() == Wire::http1 || GetParam() == Wire::http1_tls) {
    Browser browser(service.port(), service.authority(), certificate);
    EXPECT_EQ(browser.post_json("/api/users", R"({"name":"Some One",)" + credentials).status, 201);
    EXPECT_EQ(browser.post_json("/api/login", "{" + credentials).count("set-cookie"), 2U) << "session, device";
    EXPECT_EQ(browser.get("/api/notes").status, 200);
    EXPECT_EQ(browser.post_json("/api/logout", "").field("clear-site-data"), "\"cache\", \"storage\"");
    return;
  }
  Http2Client client(service.port(), certificate);
  ResponseFields fields{{"sec-fetch-site", "same-origin"}, {"content-type", "application/json"}};
  const auto post = [&](const std::string& path, const std::string& body) {
    return client.request("POST", path, service.authority(), fields, body);
  };
  EXPECT_EQ(post("/api/users", R"({"name":"Some One",)" + credentials).status, 201);
  const auto signed_in = post("/api/login", "{" + credentials);
  EXPECT_EQ(signed_in.status, 200);
  const std::string cookie = signed_in.fields_named("set-cookie").front();
  fields.emplace_back("cookie", cookie.substr(0, cookie.find(';')));
  EXPECT_EQ(client.get("/api/notes", service.authority(), fields).status, 200);
  fields.erase(fields.begin() + 1);
  const auto out = post("/api/logout", "");
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.field("clear-site-data"), "\"cache\", \"storage\"");
  EXPECT_NE(out.field("set-cookie").find("Max-Age=0"), std::string::npos);
}

// --- What is wrong before it is a request, or late

TEST_P(Headers1, OfWhatIsNoRequest) {
  Speaker service(GetParam());
  const std::string host = "Host: " + service->authority() + "\r\n";
  const std::string get = "GET / HTTP/1.1\r\n" + host;
  const std::pair<std::string, int> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {get + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
      {"GET  / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 505},
      {"GET /\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\n" + host + "\r\n", 400},
      {get + "A : b\r\n\r\n", 400},
      {get + "A: b\r\n c\r\n\r\n", 400},
      {get + "A: b\nC: d\r\n\r\n", 400},
      {get + std::string("A: \0\r\n\r\n", 8), 400},
      {get + "Content-Length: 1, 1\r\n\r\n", 400},
      {get + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {get + "Transfer-Encoding: gzip\r\n\r\n", 0},
      {get + "Expect: 200-ok\r\n\r\n", 417},
      {"CONNECT a:1 HTTP/1.1\r\n" + host + "\r\n", 0},
      {"POST /echo HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
       400},
      {std::string("\x16\x03\x01\x00\x05hello\r\n\r\n", 14), 400},
  };
  for (const auto& [bytes, status] : cases) {
    SCOPED_TRACE(::testing::PrintToString(bytes));
    HttpClient client(service->port(), service.certificate());
    client.send(bytes);
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_GE(response->status, 400);
    if (status != 0) {
      EXPECT_EQ(response->status, status);
    }
  }
}

TEST_P(Headers1, OfATimeout) {
  Speaker service(GetParam());
  HttpClient client(service->port(), service.certificate());
  client.send("GET / HTTP/1.1\r\nX-Slow: ");
  service.ask("GET", "/");
  service->advance(11s);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
}

TEST(HeadersOf, AConnectionTooMany) {
  Speaker service(Wire::http1, [](ops::Settings& settings) { settings.limits.connections_per_client = 1; });
  HttpClient first(service->port());
  first.send("GET / HTTP/1.1\r\nHost: " + service->authority() + "\r\n\r\n");
  EXPECT_EQ(first.receive()->status, 200);
  HttpClient second(service->port());
  EXPECT_EQ(second.receive()->status, 503);
}

// A port that nobody else is given as long as this lives, and that does not listen.
class HeldPort {
 public:
  HeldPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    number = ntohs(address.sin_port);
  }
  ~HeldPort() { ::close(socket_); }
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  std::uint16_t number = 0;

 private:
  int socket_;
};

TEST(HeadersOf, ThePortThatOnlyRedirects) {
  const HeldPort port;
  Speaker service(Wire::http1_tls, [&](ops::Settings& settings) { settings.server.redirect_port = port.number; });
  const auto ask = [&](const std::string& line, const std::string& fields) {
    HttpClient client(port.number);  // in clear: no HSTS (RFC 6797 7.2)
    client.send(line + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    return client.receive().value_or(HttpResponse{});
  };
  const auto page = ask("GET /page?a=b", "Accept: text/html\r\n");
  EXPECT_EQ(page.status, 308);
  EXPECT_EQ(page.field("location"), service->origin() + "/page?a=b");
  EXPECT_EQ(ask("POST /echo", "Content-Length: 0\r\n").status, 400);
  EXPECT_EQ(ask("GET /..", "Accept: text/html\r\n").status, 400);
  EXPECT_EQ(ask("GET", "").status, 400);
}

// --- The checker

using Fields = ResponseFields;

bool noticed(const Fields& fields, int status = 200, const ResponseContext& context = {}) {
  return !broken_invariants(fields, status, context).empty();
}

Fields without(Fields fields, const std::string& name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}
Fields plus(Fields fields, const std::string& name, const std::string& value) {
  fields.emplace_back(name, value);
  return fields;
}
Fields changed(const Fields& fields, const std::string& name, const std::string& value) {
  return plus(without(fields, name), name, value);
}

TEST(Invariants, EveryFieldCounts) {
  Speaker service(Wire::http1_tls);
  const ResponseContext tls{.tls = true};
  for (const char* path : {"/plain-page", "/", "/app.js", "/static/index.html", "/static/app.3f9a1c2b.js"}) {
    SCOPED_TRACE(path);
    const Fields good = service.ask("GET", path).fields;
    ASSERT_EQ(broken_invariants(good, 200, tls), std::vector<std::string>());
    EXPECT_TRUE(noticed(good, 200, {})) << "HSTS in clear";
    for (const auto& [name, value] : good) {
      EXPECT_TRUE(noticed(plus(good, name, value), 200, tls)) << name << " twice";
      if (name == "etag" || name == "last-modified" || name == "accept-ranges" || name.starts_with("ratelimit"))
        continue;
      EXPECT_TRUE(noticed(without(good, name), 200, tls)) << "no " << name;
      if (name == "content-type") continue;
      EXPECT_TRUE(noticed(changed(good, name, value + "x"), 200, tls)) << name << ": " << value << "x";
      EXPECT_TRUE(noticed(changed(good, name, ""), 200, tls)) << name << ": empty";
    }
    for (const auto& [name, value] : Fields{{"server", "sallyport"},
                                            {"x-powered-by", "C++"},
                                            {"expect-ct", "max-age=1"},
                                            {"public-key-pins", "x"},
                                            {"x-xss-protection", "1; mode=block"},
                                            {"access-control-allow-origin", "*"},
                                            {"refresh", "0"},
                                            {"content-security-policy-report-only", "default-src 'none'"},
                                            {"set-cookie", "a=b"},
                                            {"access-control-max-age", "600"},
                                            {"location", "/"},
                                            {"x-note", "a\r\nb"},
                                            {"X-Note", "x"}}) {
      EXPECT_TRUE(noticed(plus(good, name, value), 200, tls)) << name;
    }
    EXPECT_FALSE(noticed(plus(good, "x-xss-protection", "0"), 200, tls));
  }
}

TEST(Invariants, WhatATestAllows) {
  Speaker service(Wire::http1);
  const Fields good = service.ask("GET", "/").fields;
  const Fields relaxed = changed(good, "cross-origin-embedder-policy", "unsafe-none");
  EXPECT_TRUE(noticed(relaxed));
  EXPECT_FALSE(noticed(relaxed, 200, {.allowed = {{"cross-origin-embedder-policy", "unsafe-none"}}}));
  EXPECT_TRUE(noticed(relaxed, 200, {.allowed = {{"cross-origin-embedder-policy", "credentialless"}}}));
  EXPECT_FALSE(noticed(without(good, "x-frame-options"), 200, {.allowed = {{"x-frame-options", ""}}}));
  const ResponseContext shared{.allowed = {{"access-control-allow-origin", "https://a.example"}}};
  const Fields granted = plus(good, "access-control-allow-origin", "https://a.example");
  EXPECT_TRUE(noticed(changed(granted, "vary", "Accept-Encoding"), 200, shared));
  EXPECT_FALSE(noticed(changed(granted, "vary", "Origin"), 200, shared));
}

TEST(Invariants, Nonces) {
  Speaker service(Wire::http1);
  const HttpResponse page = service.ask("GET", "/page");
  EXPECT_TRUE(noticed(page.fields)) << "seen before, by the client";
  const std::string policy = page.field("content-security-policy");
  const auto with_nonce = [&](const std::string& nonce) {
    std::string text = policy;
    return changed(page.fields, "content-security-policy", text.replace(text.find("nonce-") + 6, 24, nonce));
  };
  EXPECT_FALSE(noticed(with_nonce("AAAAAAAAAAAAAAAAAAAAAA==")));
  EXPECT_TRUE(noticed(with_nonce("AAAAAAAAAAAAAAAAAAAAAA==")));
  EXPECT_TRUE(noticed(with_nonce("AAAA")));
  EXPECT_TRUE(noticed(with_nonce("")));
  EXPECT_TRUE(broken_page(page.fields, page.body).empty());
  EXPECT_FALSE(broken_page(page.fields, page.body + "<script>").empty());
  EXPECT_FALSE(broken_page(page.fields, "<p>").empty());
  EXPECT_FALSE(broken_page(service.ask("GET", "/plain-page").fields, "<script>").empty());
}

TEST(Invariants, Cookies) {
  Speaker service(Wire::http1);
  const Fields good = service.ask("GET", "/").fields;
  const auto refused = [&](const std::string& cookie) { return noticed(plus(good, "set-cookie", cookie)); };
  const std::string id(43, 'A');
  const std::string session = "__Host-Http-session=" + id + "; Path=/; Secure; HttpOnly; SameSite=";
  const std::string other = "__Host-other=x; Path=/; Secure; HttpOnly; SameSite=Strict";
  EXPECT_FALSE(refused(session + "Strict"));
  EXPECT_FALSE(refused(other));
  EXPECT_FALSE(refused("__Host-Http-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"));
  EXPECT_FALSE(noticed(plus(plus(good, "set-cookie", session + "Strict"), "set-cookie", other)));
  EXPECT_TRUE(noticed(plus(plus(good, "set-cookie", other), "set-cookie", other)));
  EXPECT_TRUE(refused(session + "Lax"));
  EXPECT_FALSE(noticed(plus(good, "set-cookie", session + "Lax"), 200, {.same_site = "Lax"}));
  for (const std::string& bad :
       {session + "None", session + "Strict; Max-Age=100", session + "Strict; Secure", session + "Strict; Domain=x",
        std::string("session=x; Path=/; Secure; HttpOnly; SameSite=Strict"), other + "; Max-Age=99999999",
        "__Host-other=" + std::string(4100, 'x') + "; Path=/; Secure; HttpOnly; SameSite=Strict",
        std::string("__Host-other=x; Path=/x; Secure; HttpOnly; SameSite=Strict"),
        std::string("__Host-other=x; Path=/; HttpOnly; SameSite=Strict"),
        std::string("__Host-other=x; Path=/; Secure; SameSite=Strict"),
        std::string("__Host-Http-session=short; Path=/; Secure; HttpOnly; SameSite=Strict"), std::string("__Host-x")}) {
    EXPECT_TRUE(refused(bad)) << bad;
  }
  EXPECT_TRUE(noticed(plus(service.ask("GET", "/app.js").fields, "set-cookie", other))) << "on what may be kept";
}

TEST(Invariants, LimitsAndStatuses) {
  Speaker service(Wire::http1);
  const Fields good = without(without(service.ask("GET", "/").fields, "ratelimit"), "ratelimit-policy");
  const auto limits = [&](const std::string& policy, const std::string& left) {
    return noticed(plus(plus(good, "ratelimit-policy", policy), "ratelimit", left));
  };
  EXPECT_FALSE(limits(R"("a";q=5;w=1, "b";q=9;w=60)", R"("a";r=5;t=1, "b";r=0;t=9)"));
  EXPECT_FALSE(limits("5;w=1", "limit=5, remaining=2, reset=1"));
  EXPECT_TRUE(limits("5;w=1", "limit=5, remaining=2"));
  EXPECT_TRUE(limits(R"("a";q=5;w=1)", R"("a";r=6;t=1)"));
  EXPECT_TRUE(limits(R"("a";q=5;w=1)", R"("b";r=5;t=1)"));
  EXPECT_TRUE(limits(R"("a";q=5;w=1)", R"("a";r=5)"));
  EXPECT_TRUE(limits(R"("a";q=5)", R"("a";r=5;t=1)"));
  EXPECT_TRUE(limits(R"("a";q=5;w=1,)", R"("a";r=5;t=1)"));
  EXPECT_TRUE(limits(R"("a";q=5;w=1, "a";q=5;w=1)", R"("a";r=5;t=1, "a";r=5;t=1)"));
  EXPECT_TRUE(noticed(plus(good, "ratelimit", R"("a";r=5;t=1)")));

  for (const int status : {206, 303, 401, 405, 416, 429, 503, 204, 304}) EXPECT_TRUE(noticed(good, status)) << status;
  EXPECT_TRUE(noticed(plus(good, "retry-after", "0"), 429));
  EXPECT_FALSE(noticed(plus(good, "retry-after", "1"), 429));
  const Fields empty = without(without(good, "content-type"), "content-length");
  EXPECT_FALSE(noticed(empty, 204));
  EXPECT_FALSE(noticed(plus(plus(empty, "content-length", "0"), "location", "/a"), 303));
  for (const char* target : {"//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", ""})
    EXPECT_TRUE(noticed(plus(plus(empty, "content-length", "0"), "location", target), 303)) << target;
  EXPECT_TRUE(noticed(plus(good, "transfer-encoding", "chunked")));
  EXPECT_TRUE(noticed(plus(good, "connection", "keep-alive"), 200, {.http2 = true}));
}

}  // namespace
}  // namespace sallyport::testing
