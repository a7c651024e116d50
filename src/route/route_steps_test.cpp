// Which route a request reaches, who may call it, what its body has to be, and how many calls run at once.
#include "route/route_steps.hpp"

#include <sallyport/sallyport.hpp>

#include "route/call.hpp"
#include "route/route_table.hpp"
#include "support/service_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

struct Fields {
  sallyport::Text<0, 100> a;
};

}  // namespace

namespace sallyport::route {
namespace {

Router routes() {
  Router router;
  router.get("/", anyone("for the tests of steps"), [] { return NoContent{}; });
  router.get("/own", signed_in, [](SignedIn) { return NoContent{}; });
  router.post("/own", signed_in, [](SignedIn) { return NoContent{}; });
  router.post("/json", anyone("for the tests of steps"), [](Body<Fields>) { return NoContent{}; });
  router.post("/form", anyone("for the tests of steps"), [](Form<Fields>) { return NoContent{}; });
  router.get("/logs", anyone("for the tests of steps"), [](Log&) { return NoContent{}; });
  router.get("/one", anyone("for the tests of steps"), max_concurrent{1}, [] { return NoContent{}; });
  return router;
}

class RouteSteps : public ::testing::Test {
 protected:
  static std::string head(const std::string& line, const std::string& fields = {}) {
    return line + " HTTP/1.1\r\nHost: notes.example\r\n" + fields + "\r\n";
  }
  int ask(const std::string& line, const std::string& fields = {}) { return request_.ask(head(line, fields)); }
  [[nodiscard]] const gate::Answer& answer() const { return request_.exchange.answer; }

  testing::ServiceRequest request_{routes()};
};

TEST_F(RouteSteps, UnknownPathsAndMethods) {
  EXPECT_EQ(ask("GET /"), 204);
  EXPECT_EQ(ask("HEAD /"), 204);
  EXPECT_EQ(ask("GET /nothing"), 404);
  EXPECT_EQ(answer().allow, "");
  EXPECT_EQ(ask("DELETE /own"), 405);
  EXPECT_EQ(answer().allow, "OPTIONS, GET, HEAD, POST");
  EXPECT_EQ(ask("GET /json"), 405);
  EXPECT_EQ(answer().allow, "OPTIONS, POST");
}

TEST_F(RouteSteps, OptionsSaysWhatThereIs) {
  EXPECT_EQ(ask("OPTIONS /own"), 204);
  EXPECT_EQ(answer().allow, "OPTIONS, GET, HEAD, POST");
  EXPECT_EQ(ask("OPTIONS *"), 204);
  EXPECT_EQ(answer().allow, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(ask("OPTIONS /nothing"), 404);
}

TEST_F(RouteSteps, AFloodOfUnknownPathsIsLogged) {
  for (int i = 0; i < 31; ++i) EXPECT_EQ(ask("GET /nothing"), 404);
  EXPECT_NE(request_.logged().find("\"malicious_excess_404\""), std::string::npos);
}

TEST_F(RouteSteps, StrangersAreRefused) {
  EXPECT_EQ(ask("GET /own"), 401);
  EXPECT_EQ(ask("GET /own", "Sec-Fetch-Dest: document\r\n"), 401) << "there is no page to sign in";
}

TEST_F(RouteSteps, APageThatWantsSomebodyGoesToTheSignInPage) {
  request_.definition.sign_in_page = "/signin";
  EXPECT_EQ(ask("GET /own", "Sec-Fetch-Dest: document\r\n"), 303);
  EXPECT_EQ(answer().location, "/signin");
  EXPECT_EQ(ask("GET /own"), 401) << "a script reads a status";
  EXPECT_EQ(ask("POST /own", "Sec-Fetch-Dest: document\r\n"), 401) << "what was sent would be lost";
}

// By then another thread, that of a transaction, may write lines with it.
TEST_F(RouteSteps, TheIdOfARequestIsDrawnWithItsLog) {
  EXPECT_EQ(request_.begin(head("GET /")), gate::Progress::answered);
  EXPECT_FALSE(request_.exchange.has_id());
  EXPECT_EQ(request_.begin(head("GET /logs")), gate::Progress::answered);
  EXPECT_TRUE(request_.exchange.has_id());
}

TEST_F(RouteSteps, TheTypeOfABodyIsAskedForExactly) {
  struct Case {
    std::string path;
    std::string fields;
    bool taken;
  };
  const Case cases[] = {
      {"/json", "Content-Type: application/json\r\n", true},
      {"/json", "Content-Type: Application/JSON ; charset=utf-8\r\n", true},
      {"/json", "Content-Type: application/jsonx\r\n", false},
      {"/json", "Content-Type: text/json\r\n", false},
      {"/json", "Content-Type: application/x-www-form-urlencoded\r\n", false},
      {"/json", "", false},
      {"/json", "Content-Type: application/json\r\nContent-Type: application/json\r\n", false},
      {"/json", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", false},
      {"/form", "Content-Type: application/x-www-form-urlencoded\r\n", true},
      {"/form", "Content-Type: application/json\r\n", false},
      {"/form", "Content-Type: text/plain\r\n", false},
  };
  for (const Case& c : cases) {
    const gate::Progress progress = request_.begin(head("POST " + c.path, c.fields + "Content-Length: 2\r\n"));
    EXPECT_EQ(progress, c.taken ? gate::Progress::wants_body : gate::Progress::answered) << c.path << " " << c.fields;
    EXPECT_EQ(answer().status, c.taken ? 0 : 415) << c.path << " " << c.fields;
    request_.exchange.abandon();
  }
}

TEST_F(RouteSteps, ABodyThatIsTooLargeIsRefusedBeforeItIsRead) {
  const std::string json = "Content-Type: application/json\r\nContent-Length: ";
  const std::string most = std::to_string(request_.service.settings.limits.json);
  EXPECT_EQ(request_.begin(head("POST /json", json + most + "\r\n")), gate::Progress::wants_body);
  EXPECT_EQ(request_.exchange.body_limit, request_.service.settings.limits.json);
  EXPECT_EQ(request_.exchange.body_wanted(), gate::BodyWant::whole);
  request_.exchange.abandon();
  const std::string more = std::to_string(request_.service.settings.limits.json + 1);
  EXPECT_EQ(ask("POST /json", json + more + "\r\n"), 413);
  EXPECT_TRUE(answer().close) << "nobody reads it";
}

TEST_F(RouteSteps, NoMoreCallsRunAtOnceThanTheRouteAllows) {
  EXPECT_EQ(ask("GET /one"), 204);
  EXPECT_EQ(ask("GET /one"), 204) << "the first has given its permit back";
  const Route& one = *call_of(request_.exchange).route;
  limits::CallCounter::Permit running;
  ASSERT_TRUE(one.calls.enter(running, 1));
  EXPECT_EQ(ask("GET /one"), 503);
  EXPECT_EQ(answer().retry_after, 1U);
  EXPECT_NE(request_.logged().find("\"sys_overload\""), std::string::npos);
  running.leave();
  EXPECT_EQ(ask("GET /one"), 204);
}

}  // namespace
}  // namespace sallyport::route
