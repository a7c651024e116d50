// The test kit as a developer uses it.
#include <sallyport/testing.hpp>

#include <sallyport/outbound.hpp>
#include <sallyport/sallyport.hpp>

#include "ops/finding.hpp"
#include "start/start_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace kit_routes {

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Thing {
  sp::Id<Thing> id;
  sp::Id<sp::User> owner;
  std::string name;
  std::int64_t made_at;
};
struct NewThing {
  sp::Line<1, 20> name;
};
struct Said {
  std::string what;
};
struct Visits {
  int count = 0;
};
struct Keys {
  sp::SecretBytes api_key;
};

}  // namespace kit_routes

template <>
struct sallyport::view<kit_routes::Thing> {
  using show = fields<&kit_routes::Thing::id, &kit_routes::Thing::name, &kit_routes::Thing::made_at>;
  using hidden = fields<&kit_routes::Thing::owner>;
};
template <>
struct sallyport::entity<kit_routes::Thing>
    : sallyport::table<"things", &kit_routes::Thing::id, &kit_routes::Thing::owner> {};
template <>
struct sallyport::view<kit_routes::Said> {
  using show = fields<&kit_routes::Said::what>;
};

namespace kit_routes {
namespace {

sp::Task<sp::Created<Thing>> add(sp::Body<NewThing> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.one<Thing>(
      "INSERT INTO things (id, owner, name, made_at) VALUES (?, ?, ?, unixepoch()) RETURNING *",
      sp::Id<Thing>::random(), me.id, in->name);
}
sp::Task<sp::Rows<Thing>> list(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Thing>("SELECT * FROM things WHERE owner = ? ORDER BY made_at", me.id);
}
Said admin() { return {"you may"}; }
sp::Task<Said> slow() {
  co_await sp::sleep_for(3s);
  co_return Said{"at last"};
}
sp::Task<Said> too_slow() {
  co_await sp::sleep_for(1h);
  co_return Said{"never"};
}
sp::EventStream ticks() {
  for (int n = 1; n <= 5; ++n) {
    co_yield sp::Event(std::to_string(n), "tick", std::to_string(n));
    co_await sp::sleep_for(1s);
  }
}
sp::EventStream later() {
  co_await sp::sleep_for(20s);
  co_yield sp::Event("two\nlines");
}
Said broken() { throw std::runtime_error("the lamp is out"); }
Said visit(sp::State<sp::Locked<Visits>> visits) {
  return {std::to_string(visits->with([](Visits& all) { return ++all.count; }))};
}
Said key_size(sp::State<const Keys> keys) {
  std::size_t size = 0;
  keys->api_key.expose([&](std::string_view key) { size = key.size(); });
  return {std::to_string(size)};
}
struct Upload {
  sp::Line<1, 50> text;
};
Said keep(sp::Body<Upload> in, sp::Folder<"kept">& kept) {
  static_cast<void>(kept.write_new("one.txt", in->text.view()));
  return {"kept"};
}
sp::Page page() { return {.title = "A page", .body = sp::html<"<h1>{}</h1><p>for <b>you</b></p>">("Tea & <milk>")}; }
sp::Response away() { return sp::Response::see_other("/page"); }

struct Receipt {
  sp::Line<1, 40> number;
};
sp::Task<Said> pay(sp::Outbound<"https://api.bank.example"> bank) {
  const sp::OutboundAnswer answer = co_await bank.post(sp::LocalPath("/v1/charges")).json(Said{"500"});
  co_return Said{std::string(answer.json<Receipt>().number.view())};
}

void routes(sp::App& app) {
  app.post("/pay", sp::anyone("for the tests of the kit"), sp::limit{"pay", 10, 1min}, pay);
  app.migrate(
      {"CREATE TABLE things (id BLOB PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id) ON "
       "DELETE CASCADE, name TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT"});
  app.provide<sp::Locked<Visits>>();
  app.provide<Keys>(Keys{app.secret<"api_key">()});
  app.folder<"kept">("/var/lib/nowhere/kept");
  app.post("/things", sp::signed_in, add);
  app.get("/things", sp::signed_in, list);
  app.get("/admin", sp::role("admin"), admin);
  app.get("/slow", sp::anyone("for the tests of the kit"), slow);
  app.get("/too-slow", sp::anyone("for the tests of the kit"), too_slow);
  app.get("/ticks", sp::anyone("for the tests of the kit"), ticks);
  app.get("/later", sp::anyone("for the tests of the kit"), later);
  app.get("/broken", sp::anyone("for the tests of the kit"), broken);
  app.get("/visit", sp::anyone("for the tests of the kit"), visit);
  app.get("/key", sp::anyone("for the tests of the kit"), key_size);
  app.post("/kept", sp::anyone("for the tests of the kit"), keep);
  app.get("/page", sp::anyone("for the tests of the kit"), page);
  app.get("/away", sp::anyone("for the tests of the kit"), away);
}

}  // namespace
}  // namespace kit_routes

namespace sallyport::test {
namespace {

using kit_routes::routes;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;
using namespace std::chrono_literals;

TEST(Kit, AServiceKeepsWhatIsPosted) {
  Service service{routes};
  auto ada = service.sign_in("ada@example.org");
  const auto made = ada.post("/things", R"({"name":"lamp"})").expect(201).json<kit_routes::Thing>();
  EXPECT_EQ(made.name, "lamp");
  EXPECT_EQ(ada.get("/things").expect(200).json("/0/id"), made.id.text());
  EXPECT_EQ(service.sign_in("eve@example.org").get("/things").expect(200).json().size(), 0u);
  service.visitor().get("/things").expect(401);
}

TEST(Kit, SqlHasTheTimeOfTheClock) {
  Service service{routes};
  auto ada = service.sign_in("ada@example.org");
  const auto first = ada.post("/things", R"({"name":"a"})").expect(201).json("/made_at").integer();
  service.clock.advance(25min);
  EXPECT_EQ(ada.post("/things", R"({"name":"b"})").expect(201).json("/made_at"), first + 1500);
  EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(service.clock.now()).time_since_epoch().count(), first + 1500);
}

TEST(Kit, ASessionEndsWithTheTimeThatPasses) {
  Service service{routes};
  auto ada = service.sign_in("ada@example.org");
  service.clock.advance(29min);
  ada.get("/things").expect(200);
  service.clock.advance(31min);
  ada.get("/things").expect(401);
}

TEST(Kit, SomebodyMayHaveARoleAndANameAndComeAgain) {
  Service service{routes};
  service.sign_in("ada@example.org", {.role = "admin"}).get("/admin").expect(200);
  service.sign_in("ada@example.org").get("/admin").expect(200);
  service.sign_in("eve@example.org").get("/admin").expect(403);
  const auto names = service.in_database([](Db& db) -> Task<std::int64_t> {
    co_return co_await db.one<std::int64_t>("SELECT count(*) FROM sallyport_people WHERE name IN ('ada', 'eve')");
  });
  EXPECT_EQ(names, 2);
}

TEST(Kit, AWrongStatusSaysWhatWasAskedWhatCameAndWhatWasLogged) {
  Service service{routes};
  auto ada = service.sign_in("ada@example.org");
  EXPECT_THAT([&] { ada.get("/broken").expect(200); },
              ThrowsMessage<Failure>(AllOf(
                  HasSubstr("service_test.cpp:"), HasSubstr("GET /broken was to be answered 200, and 500 came"),
                  HasSubstr("asked by ada@example.org"), HasSubstr("GET /broken HTTP/1.1"),
                  HasSubstr("application/problem+json"), HasSubstr("\"status\":500"), HasSubstr("the lamp is out"))));
  EXPECT_THAT([&] { ada.post("/things", R"({"name":""})").expect(201); },
              ThrowsMessage<Failure>(AllOf(HasSubstr(R"({"name":""})"), HasSubstr("\"pointer\":\"/name\""),
                                           Not(HasSubstr(ada.cookie("__Host-Http-session"))))));
}

TEST(Kit, AHandlerThatSleepsTakesNoTimeOfTheMachine) {
  Service service{routes};
  const auto before = service.clock.now();
  EXPECT_EQ(service.visitor().get("/slow").expect(200).json("/what"), "at last");
  const auto passed = service.clock.now() - before;
  EXPECT_GE(passed, 3s);
  EXPECT_LT(passed, 4s);
}

TEST(Kit, AHandlerThatIsTooSlowIsEndedAsInProduction) {
  Service service{routes};
  service.visitor().get("/too-slow").expect(503);
  EXPECT_TRUE(service.logged("sys_overload"));
}

TEST(Kit, EventsComeOneByOneAsTimePasses) {
  Service service{routes};
  auto stream = service.visitor().events("/ticks");
  const Event first = stream.next();
  EXPECT_EQ(first.name, "tick");
  EXPECT_EQ(first.data, "1");
  EXPECT_EQ(first.id, "1");
  EXPECT_FALSE(stream.try_next());
  EXPECT_THAT([&] { stream.next(); }, ThrowsMessage<Failure>(HasSubstr("move the clock")));
  service.clock.advance(1250ms);
  EXPECT_EQ(stream.next().data, "2");
  service.clock.advance(1min);  // what falls due on the way happens on the way
  EXPECT_EQ(stream.next().data, "3");
  EXPECT_EQ(stream.next().data, "4");
  EXPECT_EQ(stream.next().data, "5");
  EXPECT_TRUE(stream.ended());
  EXPECT_THAT([&] { stream.next(); }, ThrowsMessage<Failure>(HasSubstr("has ended")));
}

TEST(Kit, AStreamBeginsWithoutAnEvent) {
  Service service{routes};
  auto stream = service.visitor().events("/later");
  EXPECT_EQ(stream.answer().status(), 200);
  EXPECT_FALSE(stream.try_next());
  service.clock.advance(10s);
  EXPECT_EQ(stream.next().data, "two\nlines");
}

TEST(Kit, WhatIsNoStreamSaysSo) {
  Service service{routes};
  EXPECT_THAT([&] { static_cast<void>(service.visitor().events("/page")); },
              ThrowsMessage<Failure>(HasSubstr("was to be a stream of events")));
}

TEST(Kit, APageIsReadAsAPersonReadsIt) {
  Service service{routes};
  auto visitor = service.visitor();
  const Answer page = visitor.follow(visitor.page("/away").expect(303)).expect(200);
  page.expect_page("Tea & <milk> for you");
  EXPECT_FALSE(page.page_has("h1"));
  EXPECT_THAT([&] { page.expect_page("coffee"); },
              ThrowsMessage<Failure>(AllOf(HasSubstr("GET /page"), HasSubstr("Tea & <milk> for you"))));
  EXPECT_THAT([&] { static_cast<void>(visitor.follow(page)); }, ThrowsMessage<Failure>(HasSubstr("no redirect")));
}

TEST(Kit, TheGateIsTheRealOne) {
  Service service{routes};
  auto ada = service.sign_in("ada@example.org");
  ada.from("https://evil.example").post("/things", R"({"name":"x"})").expect(403);
  EXPECT_TRUE(service.logged("malicious_cors"));
  ada.send({.method = "POST", .target = "/things", .fields = {{"Sec-Fetch-Site", ""}, {"Origin", ""}}, .content = "{}"})
      .expect(403);
  EXPECT_TRUE(service.logged("malicious_csrf"));
  ada.send({.target = "/things", .fields = {{"Host", "evil.example"}}}).expect(421);
  ada.send({.target = "/a b"}).expect(400);
  ada.send({.method = "TRACE", .target = "/page"}).expect(405);
  ada.get("/../etc/passwd").expect(400);
  ada.post("/things", Content("text/plain", "{}")).expect(415);
  const Answer head = ada.head("/things").expect(200);
  EXPECT_EQ(head.text(), "");
  EXPECT_TRUE(head.has_field("content-security-policy"));
}

TEST(Kit, EachClientHasItsOwnShareOfTheLimits) {
  Service service{routes, {.settings = {{"limits.general_burst", "2"}, {"limits.general_per_second", "1"}}}};
  auto one = service.visitor();
  one.get("/page").expect(200);
  one.get("/page").expect(200);
  EXPECT_EQ(one.get("/page").expect(429).field("retry-after"), "1");
  service.visitor().get("/page").expect(200);
  service.clock.advance(1s);
  one.get("/page").expect(200);
}

TEST(Kit, StateSecretsAndFoldersAreThere) {
  Service service{routes, {.secrets = {{"api_key", "12345"}}}};
  auto visitor = service.visitor();
  EXPECT_EQ(visitor.get("/visit").expect(200).json("/what"), "1");
  EXPECT_EQ(visitor.get("/visit").expect(200).json("/what"), "2");
  EXPECT_EQ(service.state<Locked<kit_routes::Visits>>().with([](kit_routes::Visits& all) { return all.count; }), 2);
  EXPECT_EQ(visitor.get("/key").expect(200).json("/what"), "5");
  visitor.post("/kept", R"({"text":"some bytes"})").expect(200);
  EXPECT_THAT(service.folder<"kept">().names(), ElementsAre("one.txt"));
  EXPECT_FALSE(std::filesystem::exists("/var/lib/nowhere"));
  EXPECT_THROW(static_cast<void>(service.state<int>()), Failure);
}

TEST(Kit, ARefusedStartHasAllThatItFound) {
  const auto wrong = [](App& app) {
    app.get("/visit", anyone("for the tests of the kit"), kit_routes::visit);
    app.get("/visit", anyone("for the tests of the kit"), kit_routes::visit);
    app.sign_in_page("/nowhere");
  };
  try {
    const Service service{wrong, {.settings = {{"sessions.idle_minutes", "0"}}}};
    FAIL() << "it starts";
  } catch (const StartRefused& refused) {
    EXPECT_THAT(refused.what(), AllOf(HasSubstr("CFG-030"), HasSubstr("CFG-034")));
    EXPECT_THAT(refused.codes(), testing::Contains("CFG-034"));
  }
  EXPECT_THAT(
      [] {
        const Service service(routes, {.settings = {{"no.such", "1"}}});
      },
      ThrowsMessage<StartRefused>(HasSubstr("no.such")));
  EXPECT_THAT(
      [] {
        const Service service(routes, {.settings = {{"database.path", "x"}}});
      },
      ThrowsMessage<StartRefused>(HasSubstr("the kit chooses it")));
  EXPECT_THAT([] { const Service service([](App& app) { app.migrate({"CREATE TABLE"}); }); },
              ThrowsMessage<StartRefused>(HasSubstr("CFG-061")));
}

TEST(Kit, AProgramWithoutADatabaseNeedsNone) {
  Service service{[](App& app) { app.get("/page", anyone("for the tests of the kit"), kit_routes::page); }};
  service.visitor().page("/page").expect(200);
  EXPECT_THROW(static_cast<void>(service.sign_in("ada@example.org")), Failure);
}

TEST(Kit, OverTlsTheAnswersSaySo) {
  Service service{routes, {.settings = {{"tls.enabled", "true"}}}};
  EXPECT_TRUE(service.visitor().get("/page").expect(200).has_field("strict-transport-security"));
}

TEST(Kit, ServicesAreApartFromEachOther) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([] {
      Service one{routes};
      Service other{routes};
      auto ada = one.sign_in("ada@example.org");
      for (int n = 0; n < 5; ++n) ada.post("/things", R"({"name":"lamp"})").expect(201);
      EXPECT_EQ(ada.get("/things").expect(200).json().size(), 5u);
      EXPECT_EQ(other.sign_in("ada@example.org").get("/things").expect(200).json().size(), 0u);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Kit, WhatOutlivesItsServiceSaysSo) {
  auto service = std::make_unique<Service>(routes);
  auto visitor = service->visitor();
  auto stream = visitor.events("/ticks");
  service.reset();
  EXPECT_THAT([&] { static_cast<void>(visitor.get("/page")); }, ThrowsMessage<Failure>(HasSubstr("is gone")));
  stream.close();
}

TEST(Kit, AProgramThatHoldsItIsNoneForProduction) {
  ops::Findings findings;
  start::check_test_kit(findings);
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_EQ(findings.list()[0].code, "CFG-020");
}

TEST(Kit, AnotherServiceAnswersWhatTheTestSays) {
  Service service{routes};
  auto visitor = service.visitor();
  auto bank = service.outbound("https://api.bank.example");
  bank.answers(200, R"({"number":"17"})").answers_once(200, R"({"number":"16"})");
  EXPECT_EQ(visitor.post("/pay").expect(200).json("/what"), "16");
  EXPECT_EQ(visitor.post("/pay").expect(200).json("/what"), "17");
  ASSERT_EQ(bank.calls().size(), 2u);
  EXPECT_EQ(bank.calls()[0].method, "POST");
  EXPECT_EQ(bank.calls()[0].target, "/v1/charges");
  EXPECT_EQ(bank.calls()[0].json("/what"), "500");
  EXPECT_NE(bank.calls()[0].field("Traceparent"), "");
  bank.fails(OutboundFailure::timed_out);
  visitor.post("/pay").expect(504);
}

TEST(Kit, ACallThatTheTestKnowsNothingOfLeavesItNot) {
  Service service{routes};
  EXPECT_THAT([&] { static_cast<void>(service.visitor().post("/pay")); },
              ThrowsMessage<Failure>(HasSubstr("POST https://api.bank.example/v1/charges")));
}

TEST(Kit, LogLinesAreThereToLookAt) {
  Service service{routes};
  static_cast<void>(service.visitor().get("/broken"));
  ASSERT_EQ(service.events("http_error").size(), 1u);
  EXPECT_EQ(service.events("http_error")[0].at("/reason"), "the lamp is out");
  EXPECT_FALSE(service.logged("http_err"));
}

}  // namespace
}  // namespace sallyport::test
