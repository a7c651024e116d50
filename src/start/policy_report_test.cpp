// The route report: every facet of a route, and what two lock files are compared by.
#include "start/policy_report.hpp"

#include <sallyport/sallyport.hpp>

#include "route/service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace reported {

enum class Colour { red, green };
struct Tag {
  sallyport::Text<1, 20> name;
  sallyport::Maybe<Colour> colour;
};
struct Everything {
  sallyport::Line<1, 80> title;
  sallyport::Int<1, 9> count;
  sallyport::AnyInt any;
  bool done;
  sallyport::Maybe<sallyport::Email> email;
  sallyport::List<Tag, 5> tags;
  std::vector<std::uint8_t> numbers;
};
struct Shown {
  std::string a;
  std::string hidden;
};

struct Entry {
  sallyport::Id<Entry> id;
  sallyport::Id<sallyport::User> author;
};
struct Comment {
  sallyport::Id<Entry> entry;
};
struct Room {
  sallyport::Id<Room> id;
  std::string name;
};
struct Vacancy {
  sallyport::Line<1, 40> role;
  sallyport::Line<1, 20> coupon_code;
  sallyport::Line<1, 40> title;
};
struct Vacancies {
  sallyport::List<Vacancy, 5> all;
};
struct Login {
  sallyport::Email email;
  sallyport::Password password;
};

// A parameter and a policy of the application's own.
struct Plan {
  bool paid;
  static Plan from(sallyport::Maybe<sallyport::SignedIn> me) { return {me && me->role == "customer"}; }
};
static bool is_ada(sallyport::SignedIn me) { return me.name == "Ada"; }

}  // namespace reported

template <>
struct sallyport::entity<reported::Entry>
    : sallyport::table<"entries", &reported::Entry::id, &reported::Entry::author> {};
template <>
struct sallyport::entity<reported::Room>
    : sallyport::table<"rooms", &reported::Room::id, sallyport::members<"room_members", "room_id", "user_id">> {};
template <>
struct sallyport::view<reported::Room> {
  using show = fields<&reported::Room::id, &reported::Room::name>;
};
template <>
struct sallyport::client_may_set<reported::Vacancy>
    : sallyport::because<"the job that is offered", &reported::Vacancy::role> {};
template <>
struct sallyport::not_secret<reported::Vacancy>
    : sallyport::because<"printed on every flyer", &reported::Vacancy::coupon_code> {};
template <>
struct sallyport::view<reported::Entry> {
  using show = fields<&reported::Entry::id>;
  using hidden = fields<&reported::Entry::author>;
};
template <>
struct sallyport::view<reported::Shown> {
  using show = fields<&reported::Shown::a>;
  using hidden = fields<&reported::Shown::hidden>;
};

namespace sallyport::start {
namespace {

using detail::AnswerFacts;
using reported::Everything;
using reported::Shown;

TEST(AnswerFacts, OfEveryKindOfAnswer) {
  using Kind = AnswerFacts::Kind;
  const auto is = [](const AnswerFacts& facts, Kind kind, int status, std::string_view type, bool list) {
    EXPECT_EQ(static_cast<int>(facts.kind), static_cast<int>(kind)) << type;
    EXPECT_EQ(facts.status, status) << type;
    EXPECT_EQ(facts.type_name, type);
    EXPECT_EQ(facts.list, list) << type;
  };
  is(detail::answer_facts<Shown>, Kind::json, 200, "Shown", false);
  is(detail::answer_facts<Ok<Shown>>, Kind::json, 200, "Shown", false);
  is(detail::answer_facts<Created<std::vector<Shown>>>, Kind::json, 201, "Shown", true);
  is(detail::answer_facts<std::optional<Shown>>, Kind::json, 200, "Shown", false);
  is(detail::answer_facts<Response>, Kind::response, 0, "", false);
  is(detail::answer_facts<Page>, Kind::page, 0, "", false);
  is(detail::answer_facts<Problem>, Kind::problem, 0, "", false);
  is(detail::answer_facts<NoContent>, Kind::nothing, 204, "", false);
  is(detail::answer_facts<EventStream>, Kind::events, 200, "text/event-stream", false);
  ASSERT_EQ(detail::answer_facts<Shown>.members.size(), 1U) << "what the view hides is not shown";
  EXPECT_EQ(detail::answer_facts<Shown>.members[0], "a");
}

PolicyReport report_of(const Router& router, const ops::Settings& settings = {}) {
  const base::SystemClock clock;
  const detail::AppDefinition definition;
  ops::Findings findings;
  const route::Service service(settings, router, definition, clock, findings);
  EXPECT_TRUE(findings.empty());
  return policy_report(service.table, service.settings, {});
}

const RouteReport& only(const PolicyReport& report, std::string_view path) {
  const auto found = std::find_if(report.routes.begin(), report.routes.end(),
                                  [&](const RouteReport& route) { return route.path == path; });
  if (found == report.routes.end()) throw std::out_of_range("no such route");
  return *found;
}

constexpr anyone everybody("for the tests of the report");
constexpr auto nothing = [] { return NoContent{}; };

TEST(PolicyReport, InputsWithTheirConstraints) {
  Router router;
  router.post("/things/:id", everybody, [](Path<"id", Text<1, 9>>, Body<Everything>) { return NoContent{}; });
  const auto report = report_of(router);
  std::string lines;
  for (const auto& input : only(report, "/things/:id").inputs)
    lines.append(input.place).append(" ").append(input.name).append(": ").append(input.type).append("\n");
  EXPECT_EQ(lines,
            "path id: text 1..9\n"
            "json title: text 1..80\n"
            "json count: integer 1..9\n"
            "json any: integer\n"
            "json done: boolean\n"
            "json email: optional email\n"
            "json tags: up to 5 of object\n"
            "json tags[].name: text 1..20\n"
            "json tags[].colour: optional one of red|green\n"
            "json numbers: up to 1000 of integer 0..255\n");
  EXPECT_EQ(only(report, "/things/:id").body_bytes, 262'144U);
}

TEST(PolicyReport, SortedByPathThenMethod) {
  Router router;
  router.post("/b", everybody, nothing).get("/b", everybody, nothing).get("/a", signed_in, nothing);
  const std::string lock = policy_lock(report_of(router));
  const auto a = lock.find("route GET /a signed_in | out 204 nothing\n");
  const auto b = lock.find("route GET /b anyone: for the tests of the report | out 204 nothing\nroute POST /b ");
  ASSERT_NE(a, lock.npos) << lock;
  ASSERT_NE(b, lock.npos) << lock;
  EXPECT_LT(a, b);
}

TEST(PolicyReport, PoliciesOfOnesOwnAndOfRouters) {
  Router router;
  router.get("/plan", everybody, [](reported::Plan) { return NoContent{}; });
  router.get("/a", when<reported::is_ada>.hidden(), nothing);
  router.get("/b", any_of(role("admin", "editor"), when<reported::is_ada>), nothing);
  Router inner{role("admin")};
  inner.get("/list", everybody, nothing);
  router.use("/inner", inner, when<reported::is_ada>);
  const PolicyReport report = report_of(router);
  const std::string lock = policy_lock(report);
  for (const char* line : {"route GET /plan anyone: for the tests of the report | takes Plan | out 204 nothing\n",
                           "route GET /a when is_ada, hidden | out 204 nothing\n",
                           "route GET /b any_of (role admin or editor, when is_ada) | out 204 nothing\n",
                           "route GET /inner/list anyone: for the tests of the report, behind when is_ada, behind role "
                           "admin | out 204 nothing\n"}) {
    EXPECT_NE(lock.find(line), lock.npos) << line << "in\n" << lock;
  }
  EXPECT_NE(policy_table(report).find("        takes Plan\n"), std::string::npos);
  EXPECT_NE(policy_json(report).find(R"("behind":["when is_ada","role admin"])"), std::string::npos);

  // A lock file notices where a policy of the application's own begins to admit.
  Router weaker;
  weaker.get("/a", signed_in, nothing);
  const std::string before = policy_lock(report_of(weaker));
  Router other;
  other.get("/a", when<reported::is_ada>, nothing);
  EXPECT_EQ(compare_lock(before, policy_lock(report_of(other))).public_routes,
            std::vector<std::string>{"+ GET /a when is_ada"});
}

TEST(PolicyReport, SaysUnderWhichSignatureAWebhookComes) {
  using Pushes = GithubWebhook<"hub">;
  using Payments = StripeWebhook<"stripe">;
  Router router;
  router.post("/github", signed_by<Pushes>, [](Signed<Pushes, reported::Tag>) { return NoContent{}; });
  router.post("/stripe", signed_by<Payments>, [](Signed<Payments>) { return NoContent{}; });
  ops::Findings findings;
  const route::RouteTable table(router, {}, findings);
  const std::string lock = policy_lock(policy_report(table, ops::Settings{}, {}));
  EXPECT_NE(
      lock.find("route POST /github signed_by X-Hub-Signature-256 under the secret hub, without a time of sending | "
                "in json (262144 bytes) name text 1..20"),
      lock.npos)
      << lock;
  EXPECT_NE(
      lock.find("route POST /stripe signed_by Stripe-Signature under the secret stripe, sent within 5 min | in bytes "
                "(262144 bytes)"),
      lock.npos)
      << lock;
  EXPECT_EQ(compare_lock("", lock).public_routes.size(), 3U) << "callers without an account, as those who report";
}

TEST(PolicyReport, LimitsInWords) {
  using namespace std::chrono_literals;
  RouteReport route;
  route.add_limit(limit{"search", 30, 1min}.facts());
  route.add_limit(limit{"export", 100, 24h}.per_account().costs(10).facts());
  route.add_limit(limit{"all", 5, 90s}.for_everybody().in_windows().of_failures().facts());
  EXPECT_EQ(route.limits, (std::vector<std::string>{"search: 30 calls in 1 min per client",
                                                    "export: 100 calls in 24 h per account, each costs 10",
                                                    "all: 5 failures in 90 s for everybody together, in windows"}));
}

TEST(PolicyReport, CorsAndHeaderOptionsAreRelaxations) {
  Router router;
  router.get("/a", everybody, cors<"https://app.example">.with_credentials().expose_headers<"X-Total">(),
             coep::credentialless, max_concurrent{4}, nothing);
  const auto report = report_of(router);
  const RouteReport& route = only(report, "/a");
  std::string all;
  for (const auto& each : route.relaxations) all += each.text() + "\n";
  EXPECT_EQ(all,
            "coep credentialless\n"
            "cors https://app.example, with credentials, takes content-type, shows x-total\n");
  EXPECT_EQ(route.limits, std::vector<std::string>{"4 at once"});
}

TEST(PolicyReport, RoutesThatFindPeopleSaySo) {
  Router router;
  router.post("/find", signed_in, limit{"find", 30, std::chrono::hours(1)}.per_account(),
              [](People) { return NoContent{}; });
  const auto report = report_of(router);
  const RouteReport& route = only(report, "/find");
  ASSERT_EQ(route.relaxations.size(), 1U);
  EXPECT_EQ(route.relaxations.front().text(), "people tells who has an account with an e-mail");
}

TEST(PolicyReport, RelaxationsAreToldOnceWithTheirRoutes) {
  PolicyReport report;
  const Relaxation weak{"insecure_csp", "script-src 'unsafe-inline'", "an old page that goes away", true};
  for (const char* path : {"/a", "/b", "/c"}) {
    RouteReport& route = report.routes.emplace_back();
    route.method = "GET";
    route.path = path;
    route.relaxations.push_back(weak);
  }
  report.settings.push_back({"cors.origins", "https://app.example", {}, false});
  EXPECT_EQ(relaxation_lines(report),
            (std::vector<std::string>{
                "relaxation: insecure_csp script-src 'unsafe-inline': an old page that goes away (GET /a and 2 more)",
                "relaxation: cors.origins https://app.example (settings)"}));
  EXPECT_NE(policy_lock(report).find("relaxation GET /b insecure_csp script-src 'unsafe-inline': an old page that"),
            std::string::npos);
}

TEST(PolicyReport, SettingsThatRelax) {
  Router router;
  ops::Settings settings;
  EXPECT_TRUE(report_of(router, settings).settings.empty());
  settings.cors.origins = {"https://app.example", "https://b.example"};
  settings.headers.hsts_subdomains = false;
  settings.headers.hsts_seconds = 31'536'000;
  settings.limits.allow = {*base::IpRange::parse("10.0.0.0/8")};
  std::string all;
  for (const auto& each : report_of(router, settings).settings) all += each.text() + "\n";
  EXPECT_EQ(all,
            "cors.origins https://app.example, https://b.example\n"
            "headers.hsts_seconds 31536000\n"
            "headers.hsts_subdomains false\n"
            "limits.allow 10.0.0.0/8\n");
}

// What an input may hold though it is called so, what is several people's, and what is taken out of secrets.
TEST(PolicyReport, ListsExcusesMembersAndExposedSecrets) {
  Router router;
  router.post("/jobs", signed_in, [](Body<reported::Vacancies>) { return NoContent{}; });
  router.get("/rooms/:id", owner<reported::Room>, [](Owned<reported::Room> room) { return reported::Room{*room}; });
  router.post("/login", anyone("the sign-in form"), attempts{.max = 5, .per = std::chrono::minutes(15)},
              [](Body<reported::Login> in, SignInAttempt attempt) {
                in->password.expose<"the directory server verifies it">([](auto) {});
                return attempt.password(in->email, in->password);
              });
  const PolicyReport report = report_of(router);
  const std::string table = policy_table(report);
  EXPECT_NE(table.find("relax client_may_set all[].role: the job that is offered\n"), std::string::npos) << table;
  EXPECT_NE(table.find("relax not_secret all[].coupon_code: printed on every flyer\n"), std::string::npos) << table;
  EXPECT_NE(table.find("  members Room by room_members (user_id, room_id)\n"), std::string::npos) << table;
  EXPECT_NE(table.find("\nSecrets taken out:\n  expose: the directory server verifies it\n"), std::string::npos)
      << table;
  const std::string lock = policy_lock(report);
  EXPECT_NE(lock.find("relaxation POST /jobs client_may_set all[].role: the job that is offered\n"), std::string::npos);
  EXPECT_NE(lock.find("relaxation queries members Room by room_members (user_id, room_id)\n"), std::string::npos);
  EXPECT_NE(lock.find("relaxation secrets expose: the directory server verifies it\n"), std::string::npos) << lock;
  EXPECT_NE(policy_json(report).find(R"("secrets":[{"name":"expose")"), std::string::npos);
}

// What reaches things of others has a reason, which a reviewer reads: of routes, of queries and of tables.
TEST(PolicyReport, ListsWhatIsSharedAndWhy) {
  Router router;
  router.post("/comments", signed_in, shared<reported::Entry>("readers may comment"),
              [](Body<reported::Comment>) { return NoContent{}; });
  router.get("/entries", signed_in, [](const Db& db) -> Task<std::vector<reported::Entry>> {
    co_return co_await db.all<reported::Entry>("SELECT * FROM entries", every_owner<"the guestbook is public">);
  });
  router.files("/manuals", signed_in, SALLYPORT_SOURCE_DIR "/docs/decisions",
               same_for_everyone("the manuals that customers get"));
  const PolicyReport report = report_of(router);
  const std::string table = policy_table(report);
  EXPECT_NE(table.find("relax shared Entry: readers may comment"), std::string::npos) << table;
  EXPECT_NE(table.find("\nRows of every owner, and of members:\n"), std::string::npos) << table;
  EXPECT_NE(table.find("relax shared every file: the manuals that customers get"), std::string::npos) << table;
  EXPECT_NE(table.find("  every_owner Entry: the guestbook is public\n"), std::string::npos) << table;
  const std::string lock = policy_lock(report);
  EXPECT_NE(lock.find("relaxation POST /comments shared Entry: readers may comment\n"), std::string::npos) << lock;
  EXPECT_NE(lock.find("relaxation queries every_owner Entry: the guestbook is public\n"), std::string::npos) << lock;
  EXPECT_NE(policy_json(report).find(R"("queries":[{"name":"every_owner")"), std::string::npos);
}

TEST(CompareLock, PublicRoutesAndRelaxationsOnly) {
  const std::string_view before =
      "# a comment\n"
      "route GET / anyone: the landing page | out page\n"
      "route GET /old anyone: the old page | out page\n"
      "route GET /me signed_in | out page\n"
      "relaxation GET / coep credentialless\n";
  const std::string_view after =
      "route GET / anyone: the landing page | in query q text 0..9 | out page\n"
      "route GET /new anyone: the new page | out page\n"
      "relaxation GET / coep credentialless\n"
      "waiver CFG-020 until 2027-03-31: why it is so\n";
  EXPECT_TRUE(compare_lock(before, before).public_routes.empty());
  EXPECT_TRUE(compare_lock(before, before).relaxations.empty());
  const LockDifference difference = compare_lock(before, after);
  EXPECT_EQ(difference.public_routes,
            (std::vector<std::string>{"+ GET /new anyone: the new page", "- GET /old anyone: the old page"}));
  EXPECT_EQ(difference.relaxations, (std::vector<std::string>{"+ waiver CFG-020 until 2027-03-31: why it is so"}));
}

TEST(PolicyReport, WritesNothingToTheTerminalButText) {
  PolicyReport report;
  report.waivers.push_back({.code = "CFG-020", .reason = "a\x1b[2J reason\nroute GET /x", .until = {}});
  for (const std::string& text : {policy_table(report), policy_lock(report), policy_json(report)}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("\nroute GET /x"), std::string::npos);
  }
}

}  // namespace
}  // namespace sallyport::start
