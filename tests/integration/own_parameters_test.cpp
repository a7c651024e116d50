// Parameters and policies of the application's own, over a socket.
#include <sallyport/sallyport.hpp>

#include "data/database.hpp"
#include "support/http_client.hpp"
#include "support/run_task.hpp"
#include "support/small_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace own_parameters {

namespace sp = sallyport;

struct SignUp {
  sp::Line<1, 40> name;
  sp::Email email;
  sp::NewPassword password;
};
struct Paging {
  sp::Maybe<sp::Int<1, 100>> page;
};
struct Draft {
  sp::Line<1, 80> title;
};

// How often each was made.
struct Made {
  Made() = default;  // a class, taken at its word
  mutable std::atomic<int> tenants{0};
  mutable std::atomic<int> asked{0};
};

struct Tenant {
  std::string name;
  static sp::Task<sp::OrProblem<Tenant>> from(sp::Path<"tenant", sp::Line<1, 40>> name, sp::State<const Made> made,
                                              const sp::Db& db) {
    ++made->tenants;
    const auto found = co_await db.maybe<std::string>("SELECT name FROM tenants WHERE name = ?", *name);
    if (!found) co_return sp::Problem(404, "No such tenant");
    co_return Tenant{*found};
  }
};
struct Plan {
  std::string name;
  static Plan from(Tenant tenant) { return {tenant.name == "acme" ? "paid" : "free"}; }
};
// Nothing where the plan has no support.
struct Support {
  std::string by;
  static sp::Maybe<Support> from(Plan plan, Tenant tenant) {
    if (plan.name != "paid") return std::nullopt;
    return Support{"people for " + tenant.name};
  }
};
struct Window {
  int first;
  static Window from(sp::Query<Paging> in) {
    const auto page = in->page.value_or(1).value();
    if (page > 50) throw sp::Problem(422, "There are fifty pages");
    return {static_cast<int>(page - 1) * 20};
  }
};
struct Title {
  std::string text;
  static Title from(sp::Body<Draft> in, sp::SignedIn me) {
    return {std::string(in->title.view()) + " by " + std::string(me.name)};
  }
};
// Stays within its request, and is moved, not copied, where one takes it.
struct Once {
  std::unique_ptr<std::string> text;
  static Once from(sp::Log&) { return {std::make_unique<std::string>("once")}; }
};

sp::Task<bool> in_team(sp::SignedIn me, Tenant tenant, sp::State<const Made> made) {
  ++made->asked;
  co_await sp::sleep_for(std::chrono::milliseconds(0));
  co_return me.name == tenant.name;
}
bool is_acme(sp::Path<"tenant", sp::Line<1, 40>> tenant) { return tenant->view() == "acme"; }
bool is_ada(sp::SignedIn me) { return me.name == "Ada"; }
sp::Task<bool> writes_all_the_same(sp::SignedIn, const sp::Db& db) {
  co_await const_cast<sp::Db&>(db).run("INSERT INTO tenants (name) VALUES (?)",
                                       "by a policy");  // NOLINT: what is refused
  co_return true;
}
bool throws(sp::SignedIn) { throw sp::Problem(402, "Pay first"); }

}  // namespace own_parameters

namespace sallyport::testing {
namespace {

namespace own = ::own_parameters;
using namespace std::chrono_literals;

small::Greeting say(std::string text) { return {std::move(text)}; }

Router routes() {
  Router router;
  constexpr anyone why("for the tests of parameters");
  router.post("/signup", why, attempts{.max = 5, .per = 15min},
              [](Body<own::SignUp> in, SignUpAttempt attempt) -> Task<Response> {
                co_return co_await attempt.create(in->name, in->email, in->password);
              });
  router.get("/t/:tenant/plan", why, [](own::Plan plan) { return say(plan.name); });
  router.get("/t/:tenant/all", why, [](own::Support support, own::Plan plan, own::Tenant tenant) {
    return say(support.by + ", " + plan.name + ", " + tenant.name);
  });
  router.get("/window", why, [](own::Window window, Query<own::Paging> in) {
    return say(std::to_string(window.first) + (in->page ? " asked" : " first"));
  });
  router.post("/titles", signed_in, [](own::Title title) { return say(title.text); });
  router.get("/once", why, [](own::Once once) { return say(*once.text); });
  router.get(
      "/stream/:tenant", why, [](own::Plan plan, own::Tenant tenant) -> Stream<"text/plain; charset=utf-8"> {
        co_yield "of ";
        co_await sleep_for(0ms);
        co_yield tenant.name + ", " + plan.name;
      });

  router.get("/t/:tenant/team", when<own::in_team>, [](SignedIn me) { return say(std::string(me.name)); });
  router.post("/t/:tenant/team", when<own::in_team>,
              [](SignedIn, Body<own::Draft> in) { return say(std::string(in->title.view())); });
  router.get("/t/:tenant/hidden", when<own::in_team>.hidden(), [](SignedIn) { return say("hidden"); });
  router.get("/t/:tenant/open", when<own::is_acme>, [] { return say("acme"); });
  router.get("/t/:tenant/either", any_of(role("admin", "editor"), when<own::in_team>), [] { return say("either"); });
  router.get("/t/:tenant/both", all_of(when<own::in_team>, when<own::is_acme>), [] { return say("both"); });
  router.post("/writes", when<own::writes_all_the_same>, [] { return say("wrote"); });
  router.get("/throws", when<own::throws>, [] { return say("not reached"); });

  Router admin{role("admin", "auditor")};
  admin.get("/list", why, [] { return say("list"); });
  admin.asset("/admin.js", AssetType::javascript, "1\n");
  router.use("/admin", admin);
  Router ada;
  ada.get("/own", signed_in, [](SignedIn) { return say("own"); });
  ada.get("/editors", role("editor"), [] { return say("editors"); });
  router.use("/ada", ada, when<own::is_ada>);
  return router;
}

class OwnParameters : public ::testing::Test {
 protected:
  Browser browser() { return Browser(service.port(), service.authority()); }
  Browser signed_in_as(const std::string& name) {
    Browser browser = this->browser();
    EXPECT_EQ(browser
                  .post_json("/signup", R"({"name":")" + name + R"(","email":")" + name +
                                            R"(@example.org","password":"a long walk by the river"})")
                  .status,
              201);
    return browser;
  }
  void give_role(const std::string& name, const std::string& role) {
    using detail::operator""_own;
    test::run_blocking([](Db& db, std::string who, std::string what) -> Task<void> {
      co_await db.run("UPDATE sallyport_users SET role = ? WHERE name = ?"_own, what, who).or_none();
    }(service.database().own(), name, role));
  }

  std::shared_ptr<own::Made> made = std::make_shared<own::Made>();
  TestService service{
      routes(),
      {"CREATE TABLE tenants (name TEXT PRIMARY KEY) STRICT; INSERT INTO tenants VALUES ('acme'), ('ada')"},
      {},
      {{&detail::state_key<own::Made>, made}}};
};

TEST_F(OwnParameters, IsMadeOfOthersOncePerRequest) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/t/acme/plan").body, R"({"message":"paid"})");
  EXPECT_EQ(made->tenants, 1);
  EXPECT_EQ(visitor.get("/t/acme/all").body, R"({"message":"people for acme, paid, acme"})");
  EXPECT_EQ(made->tenants, 2) << "three need it, and it was made once";
  EXPECT_EQ(visitor.get("/once").body, R"({"message":"once"})");
}

TEST_F(OwnParameters, AnswersInsteadOfTheHandler) {
  Browser visitor = browser();
  const HttpResponse missing = visitor.get("/t/nobody/plan");
  EXPECT_EQ(missing.status, 404);
  EXPECT_NE(missing.body.find("No such tenant"), std::string::npos);
  EXPECT_EQ(visitor.get("/t/ada/all").status, 404) << "an empty Maybe";
  EXPECT_EQ(visitor.get("/window?page=51").status, 422) << "thrown";
}

TEST_F(OwnParameters, SharesAnInputWithTheHandler) {
  Browser visitor = browser();
  EXPECT_EQ(visitor.get("/window?page=3").body, R"({"message":"40 asked"})");
  EXPECT_EQ(visitor.get("/window").body, R"({"message":"0 first"})");
  EXPECT_EQ(visitor.get("/window?page=0").status, 400);
}

TEST_F(OwnParameters, ItsNeedsAreThoseOfTheRoute) {
  Browser ada = signed_in_as("ada");
  EXPECT_EQ(ada.post_json("/titles", R"({"title":"Milk"})").body, R"({"message":"Milk by ada"})");
  EXPECT_EQ(ada.post_json("/titles", R"({"title":""})").status, 400);
  EXPECT_EQ(ada.post_form("/titles", "title=Milk").status, 415);
  EXPECT_EQ(browser().post_json("/titles", R"({"title":"Milk"})").status, 401);
}

TEST_F(OwnParameters, GoIntoTheFrameOfAStream) {
  EXPECT_EQ(browser().get("/stream/acme").body, "of acme, paid");
  EXPECT_EQ(browser().get("/stream/nobody").status, 404);
}

TEST_F(OwnParameters, APolicyOfOnesOwnSaysYesOrNo) {
  Browser ada = signed_in_as("ada");
  Browser eve = signed_in_as("eve");
  EXPECT_EQ(ada.get("/t/ada/team").body, R"({"message":"ada"})");
  EXPECT_EQ(eve.get("/t/ada/team").status, 403);
  EXPECT_EQ(browser().get("/t/ada/team").status, 401);
  EXPECT_EQ(ada.get("/t/nobody/team").status, 404) << "what the policy takes answers";
  EXPECT_EQ(ada.get("/t/ada/hidden").status, 200);
  EXPECT_EQ(eve.get("/t/ada/hidden").status, 404);
  EXPECT_EQ(eve.get("/t/ada/hidden").body.find("policy"), std::string::npos);
  EXPECT_EQ(browser().get("/t/acme/open").status, 200);
  EXPECT_EQ(browser().get("/t/ada/open").status, 403);
  EXPECT_NE(service.log().find("\"the policy said no\""), std::string::npos);
}

TEST_F(OwnParameters, APolicyRunsBeforeTheBodyIsRead) {
  Browser eve = signed_in_as("eve");
  EXPECT_EQ(eve.send("POST", "/t/ada/team", "text/csv", std::string(2'000'000, 'x')).status, 403)
      << "neither its type nor its size was looked at";
  EXPECT_EQ(eve.post_json("/t/ada/team", "{").status, 403);
}

TEST_F(OwnParameters, PoliciesArePutTogether) {
  Browser ada = signed_in_as("ada");
  Browser editor = signed_in_as("editor");
  give_role("editor", "editor");
  EXPECT_EQ(ada.get("/t/ada/either").status, 200);
  EXPECT_EQ(editor.get("/t/ada/either").status, 200) << "by the second name of the role";
  const int asked = made->asked;
  EXPECT_EQ(editor.get("/t/nobody/either").status, 200) << "the role is enough";
  EXPECT_EQ(made->asked, asked) << "and nobody else was asked";
  EXPECT_EQ(ada.get("/t/acme/either").status, 403);
  EXPECT_EQ(ada.get("/t/nobody/either").status, 403) << "what one part can't have is its no";
  EXPECT_EQ(browser().get("/t/ada/either").status, 401);
  EXPECT_EQ(ada.get("/t/ada/both").status, 403) << "not acme";
  EXPECT_EQ(browser().get("/t/acme/both").status, 401);
  Browser acme = signed_in_as("acme");
  EXPECT_EQ(acme.get("/t/acme/both").status, 200);
}

TEST_F(OwnParameters, APolicyCantWriteWhateverTheMethod) {
  Browser ada = signed_in_as("ada");
  EXPECT_EQ(ada.post_json("/writes", "{}").status, 500);
  EXPECT_EQ(ada.get("/throws").status, 402);
}

TEST_F(OwnParameters, TheRouterAdmitsFirst) {
  Browser auditor = signed_in_as("auditor");
  EXPECT_EQ(auditor.get("/admin/list").status, 403) << "anyone, but of those whom the router admits";
  EXPECT_EQ(browser().get("/admin/list").status, 401);
  EXPECT_EQ(browser().get("/admin/admin.js").status, 401) << "assets too";
  give_role("auditor", "auditor");
  EXPECT_EQ(auditor.get("/admin/list").status, 200);
  EXPECT_EQ(auditor.get("/admin/admin.js").status, 200);

  Browser ada = signed_in_as("Ada");
  EXPECT_EQ(ada.get("/ada/own").status, 200);
  EXPECT_EQ(ada.get("/ada/editors").status, 403) << "the route is stricter";
  EXPECT_EQ(auditor.get("/ada/own").status, 403);
  EXPECT_EQ(browser().get("/ada/own").status, 401);
}

}  // namespace
}  // namespace sallyport::testing
