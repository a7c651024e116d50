// The list of steps itself: its stages, and what observe mode makes of each verdict of the gate.
#include "route/pipeline.hpp"

#include <sallyport/sallyport.hpp>

#include "support/service_request.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::route {
namespace {

using namespace std::chrono_literals;
using gate::InObserveMode;
using gate::Step;
using testing::ServiceRequest;

constexpr std::string_view observed = R"("mode":"observe")";

struct Name {
  Line<1, 40> name;
};

Router routes() {
  Router router;
  router.get("/", anyone("for the tests of steps"), [] { return NoContent{}; });
  router.post("/", anyone("for the tests of steps"), [] { return NoContent{}; });
  router.post("/form", anyone("for the tests of steps"), [](Form<Name>) { return NoContent{}; });
  router.get("/limited", anyone("for the tests of steps"), limit{"limited", 1, 60s}, [] { return NoContent{}; });
  return router;
}

/// A request that one step refuses, and what it logs.
struct Refused {
  std::string_view step;
  std::string head;
  int status;
  std::string_view event;
  std::function<void(ops::Settings&)> adjust = [](ops::Settings&) {};
  int times = 1;  ///< the last of so many
  std::string_view body = {};
};

const std::vector<Refused>& refused() {
  static const std::vector<Refused> all{
      {"client address", "GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n", 400, "malicious_extraneous",
       [](ops::Settings& settings) { settings.server.trusted_proxies = {*base::IpRange::parse("192.0.2.0/24")}; }},
      {"deny list", "GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n", 403, "excess_rate_limit_exceeded",
       [](ops::Settings& settings) { settings.limits.deny = {*base::IpRange::parse("192.0.2.0/24")}; }},
      {"host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "malicious_extraneous"},
      {"CORS", "POST / HTTP/1.1\r\nHost: notes.example\r\nOrigin: https://evil.example\r\n\r\n", 403, "malicious_cors"},
      {"general limit", "GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n", 429, "excess_rate_limit_exceeded",
       [](ops::Settings& settings) {
         settings.limits.general_per_second = 1;
         settings.limits.general_burst = 1;
       },
       2},
      {"resource isolation",
       "GET / HTTP/1.1\r\nHost: notes.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n\r\n", 403,
       "malicious_cors"},
      {"CSRF", "POST / HTTP/1.1\r\nHost: notes.example\r\nCookie: a=b\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403,
       "malicious_csrf"},
      {"form token",
       "POST /form HTTP/1.1\r\nHost: notes.example\r\nCookie: a=b\r\nContent-Type: "
       "application/x-www-form-urlencoded\r\n"
       "Content-Length: 10\r\n\r\n",
       403, "malicious_csrf", [](ops::Settings& settings) { settings.csrf.tokens = true; }, 1, "name=Maria"},
      {"limits of the route", "GET /limited HTTP/1.1\r\nHost: notes.example\r\n\r\n", 429, "excess_rate_limit_exceeded",
       [](ops::Settings&) {}, 2},
  };
  return all;
}

ops::Settings settings_of(const Refused& request) {
  ops::Settings settings = testing::notes_settings();
  request.adjust(settings);
  return settings;
}

int last_status(ServiceRequest& service, const Refused& request) {
  int status = 0;
  for (int i = 0; i < request.times; ++i) status = service.ask(request.head, request.body);
  return status;
}

// The first line of the log that has the event.
std::string line_of(const std::string& log, std::string_view event) {
  const std::size_t at = log.find("\"event\":\"" + std::string(event) + '"');
  if (at == log.npos) return {};
  const std::size_t begin = log.rfind('\n', at) + 1;
  return log.substr(begin, log.find('\n', at) - begin);
}

TEST(Pipeline, EachRefusalStandsAndSaysNothingOfObserving) {
  for (const Refused& request : refused()) {
    ServiceRequest service(routes(), settings_of(request));
    EXPECT_EQ(last_status(service, request), request.status) << request.step;
    const std::string log = service.logged();
    EXPECT_NE(line_of(log, request.event), "") << request.step << ": " << log;
    EXPECT_EQ(log.find(observed), log.npos) << request.step << ": " << log;
  }
}

TEST(Pipeline, ObservedEachIsLoggedAndTheHandlerAnswers) {
  for (const Refused& request : refused()) {
    ServiceRequest service(routes(), settings_of(request));
    service.service.rules.observe = true;
    EXPECT_EQ(last_status(service, request), 204) << request.step;
    const std::string log = service.logged();
    const std::string line = line_of(log, request.event);
    EXPECT_NE(line.find(observed), line.npos) << request.step << ": " << log;
    EXPECT_NE(log.find(R"("event":"http_access")"), log.npos) << request.step << ": " << log;
  }
}

// A step that observe mode is to pass over has its request above, and none other has.
TEST(Pipeline, TheRequestsAreThoseOfTheStepsThatArePassedOver) {
  std::set<std::string_view> marked;
  for (const Step& step : request_steps()) {
    if (step.in_observe_mode == InObserveMode::passed_over) marked.insert(step.name);
  }
  std::set<std::string_view> here;
  for (const Refused& request : refused()) here.insert(request.step);
  EXPECT_EQ(marked, here);
}

TEST(Pipeline, WhatOtherStepsRelyOnStandsWhileObserving) {
  struct Case {
    std::string head;
    int status;
  };
  const Case cases[] = {
      {"GET /a/../b HTTP/1.1\r\nHost: notes.example\r\n\r\n", 400},
      {"GET /missing HTTP/1.1\r\nHost: notes.example\r\n\r\n", 404},
      {"PUT / HTTP/1.1\r\nHost: notes.example\r\n\r\n", 405},
  };
  for (const Case& c : cases) {
    ServiceRequest service(routes());
    service.service.rules.observe = true;
    EXPECT_EQ(service.ask(c.head), c.status) << c.head;
    EXPECT_EQ(service.logged().find(observed), std::string::npos) << service.logged();
  }
}

TEST(Pipeline, StagesFollowEachOtherAndNamesAreTheirOwn) {
  std::set<std::string_view> names;
  gate::Stage last = gate::Stage::unlimited;
  for (const Step& step : request_steps()) {
    EXPECT_GE(step.stage, last) << step.name;
    last = step.stage;
    EXPECT_TRUE(names.insert(step.name).second) << step.name;
    EXPECT_FALSE(step.reason.empty()) << step.name;
  }
}

}  // namespace
}  // namespace sallyport::route
