// Attacks on the notes example over real sockets, each named after what it tries.
#include "support/notes_service.hpp"
#include "support/text.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

std::string login(const std::string& email, const std::string& password) {
  return R"({"email":")" + email + R"(","password":")" + password + R"("})";
}

TEST(Attack, MassAssignmentOfARole) {
  NotesService service;
  Browser browser = service.visitor();
  const auto answer =
      browser.post_json("/api/users", R"({"name":"Eve","email":"eve@example.org","password":"a long walk by the river",
    "role":"admin","is_admin":true,"__proto__":{"role":"admin"}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  for (const char* pointer : {R"({"pointer":"/role","code":"unknown"})", R"({"pointer":"/is_admin","code":"unknown"})",
                              R"({"pointer":"/__proto__","code":"unknown"})"}) {
    EXPECT_TRUE(holds(answer.body, pointer)) << pointer << " in " << answer.body;
  }
  EXPECT_FALSE(holds(answer.body, ":\"admin\"")) << "a value was echoed";
  EXPECT_EQ(browser.post_json("/api/login", login("eve@example.org", NotesService::password)).status, 401)
      << "the account was made";
}

TEST(Attack, MassAssignmentOfAnOwner) {
  NotesService service;
  Browser victim = service.member("victim@example.org");
  Browser eve = service.member("eve@example.org");
  const std::string id = json_text(victim.get("/api/me").body, "id");
  const auto answer = eve.post_json("/api/notes", R"({"title":"x","body":"y","owner":")" + id + R"("})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(holds(answer.body, R"({"pointer":"/owner","code":"unknown"})")) << answer.body;
  EXPECT_EQ(victim.get("/api/notes").body, "[]");
}

TEST(Attack, NoSqlOperatorInsteadOfAPassword) {
  NotesService service;
  Browser victim = service.member("victim@example.org");
  Browser eve = service.visitor();
  for (const char* password : {R"({"$ne":""})", R"({"$gt":""})", R"([""])", "true", "null", "0"}) {
    const auto answer =
        eve.post_json("/api/login", std::string(R"({"email":"victim@example.org","password":)") + password + "}");
    EXPECT_EQ(answer.status, 400) << password;
    EXPECT_TRUE(holds(answer.body, R"({"pointer":"/password","code":"type"})")) << answer.body;
    EXPECT_EQ(eve.cookie(), "");
  }
}

TEST(Attack, SqlInjectionInSearchAndId) {
  NotesService service;
  Browser victim = service.member("victim@example.org");
  EXPECT_EQ(victim.post_json("/api/notes", R"({"title":"secret plan","body":"b"})").status, 201);
  Browser eve = service.member("eve@example.org");
  for (const char* q :
       {"%27%20OR%201%3D1%20--", "%25", "_", "%27%29%20UNION%20SELECT%20*%20FROM%20sallyport_users%20--",
        "%5C%27%20OR%20%27%27%3D%27", "%22%3B%20DROP%20TABLE%20notes%3B"}) {
    const auto answer = eve.get("/api/search?q=" + std::string(q));
    EXPECT_EQ(answer.status, 200) << q;
    EXPECT_EQ(answer.body, "[]") << q;
  }
  EXPECT_EQ(eve.get("/api/notes/1%20OR%201=1").status, 404);
  EXPECT_EQ(eve.get("/api/notes/%27").status, 404);
  EXPECT_TRUE(holds(victim.get("/api/search?q=secret").body, "secret plan"))
      << "the table is still there, and search works";
}

TEST(Attack, LikeWildcardsAreText) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  EXPECT_EQ(browser.post_json("/api/notes", R"({"title":"100%","body":""})").status, 201);
  EXPECT_EQ(browser.post_json("/api/notes", R"({"title":"plain","body":""})").status, 201);
  const auto answer = browser.get("/api/search?q=%25");
  EXPECT_TRUE(holds(answer.body, "100%"));
  EXPECT_FALSE(holds(answer.body, "plain"));
}

TEST(Attack, ScriptInATitleShownOnThePage) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  const auto added = browser.post_form(
      "/notes", "title=%3Cscript%3Ealert(1)%3C%2Fscript%3E&body=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
  EXPECT_EQ(added.status, 303);
  const auto page = browser.get("/notes");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(holds(page.body, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_FALSE(holds(page.body, "<script>alert"));
  EXPECT_FALSE(holds(page.body, "<img"));
  const auto found = browser.get("/notes?q=%22%3E%3Cscript%3E");
  EXPECT_FALSE(holds(found.body, "\"><script>"));
}

struct CrossSite {
  const char* name;
  const char* fields;
};
class CrossSitePost : public ::testing::TestWithParam<CrossSite> {};

TEST_P(CrossSitePost, IsRefusedBeforeTheHandler) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  const auto answer =
      browser.send("POST", "/api/notes", "application/json", R"({"title":"forged","body":""})", GetParam().fields);
  EXPECT_EQ(answer.status, 403) << GetParam().name;
  EXPECT_EQ(browser.get("/api/notes").body, "[]");
  const std::string log = service.log();
  EXPECT_TRUE(holds(log, "malicious_csrf") || holds(log, "malicious_cors"));
}

INSTANTIATE_TEST_SUITE_P(
    All, CrossSitePost,
    ::testing::Values(CrossSite{"cross-site", "Sec-Fetch-Site: cross-site\r\n"},
                      CrossSite{"same-site", "Sec-Fetch-Site: same-site\r\n"},
                      CrossSite{"unknown value", "Sec-Fetch-Site: same-origin-ish\r\n"},
                      CrossSite{"upper case", "Sec-Fetch-Site: SAME-ORIGIN\r\n"},
                      CrossSite{"twice", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n"},
                      CrossSite{"foreign origin", "Origin: https://evil.example\r\n"},
                      CrossSite{"null origin", "Origin: null\r\n"},
                      CrossSite{"two origins", "Origin: http://localhost\r\nOrigin: https://evil.example\r\n"},
                      CrossSite{"site says no, origin lies",
                                "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost\r\n"},
                      CrossSite{"neither", ""}));

TEST(Attack, LoginCsrf) {
  NotesService service;
  static_cast<void>(service.member("eve@example.org"));
  Browser victim = service.visitor();  // has no cookie: the attacker wants to give it one
  const auto answer = victim.send("POST", "/api/login", "application/json",
                                  login("eve@example.org", NotesService::password), "Sec-Fetch-Site: cross-site\r\n");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(victim.cookie(), "");
}

TEST(Attack, FormPostedAsTextPlain) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                           "application/jsonp", ""}) {
    const auto answer = browser.send("POST", "/api/notes", type, R"({"title":"forged","body":""})");
    EXPECT_EQ(answer.status, 415) << type;
  }
  EXPECT_EQ(browser.get("/api/notes").body, "[]");
}

TEST(Attack, CrossSiteEmbedding) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  EXPECT_EQ(
      browser.get("/api/notes", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n")
          .status,
      403);
  EXPECT_EQ(
      browser.get("/notes", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n")
          .status,
      403);
  EXPECT_EQ(
      browser.get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n").status,
      303)
      << "links work";
}

TEST(Attack, BruteForcePastFive) {
  NotesService service;
  static_cast<void>(service.member("victim@example.org"));
  static_cast<void>(service.member("other@example.org"));
  Browser eve = service.visitor();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(eve.post_json("/api/login", login("victim@example.org", "wrong password " + std::to_string(i))).status,
              401)
        << i;
  }
  const auto wrong = eve.post_json("/api/login", login("victim@example.org", "wrong password 6"));
  const auto right = eve.post_json("/api/login", login("victim@example.org", NotesService::password));
  EXPECT_EQ(wrong.status, 429);
  EXPECT_EQ(right.status, 429) << "the right password during the block";
  EXPECT_EQ(json_text(wrong.body, "title"), json_text(right.body, "title")) << "the answer tells";
  EXPECT_EQ(wrong.body.size(), right.body.size());
  EXPECT_FALSE(right.field("retry-after").empty());
  EXPECT_EQ(eve.cookie(), "");
  // In another spelling, by the form, and with the address in upper case: one account.
  EXPECT_EQ(eve.post_json("/api/login", login("VICTIM@EXAMPLE.ORG", NotesService::password)).status, 429);
  // Another account is not blocked by it.
  EXPECT_EQ(eve.post_json("/api/login", login("other@example.org", NotesService::password)).status, 200);
  service.advance(15min + 1s);
  EXPECT_EQ(eve.post_json("/api/login", login("victim@example.org", NotesService::password)).status, 200);
}

TEST(Attack, SuccessesAreNotCounted) {
  NotesService service;
  static_cast<void>(service.member("a@example.org"));
  Browser browser = service.visitor();
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(browser.post_json("/api/login", login("a@example.org", NotesService::password)).status, 200) << i;
}

TEST(Attack, ParallelGuesses) {
  NotesService service([](ops::Settings& settings) { settings.limits.hash_queue = 64; });
  static_cast<void>(service.member("victim@example.org"));
  std::atomic<int> looked_at{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> guesses;
  for (int i = 0; i < 12; ++i) {
    guesses.emplace_back([&, i] {
      Browser eve = service.visitor();
      const int status =
          eve.post_json("/api/login", login("victim@example.org", "guess number " + std::to_string(i))).status;
      ++(status == 401 ? looked_at : refused);
    });
  }
  for (auto& guess : guesses) guess.join();
  EXPECT_EQ(looked_at, 5);
  EXPECT_EQ(refused, 7);
}

TEST(Attack, ManyAccountsFromOneSource) {
  NotesService service;
  Browser eve = service.visitor();
  int last = 0;
  for (int i = 0; i < 21; ++i)
    last = eve.post_json("/api/login", login("user" + std::to_string(i) + "@example.org", "Password12345678")).status;
  EXPECT_EQ(last, 429);
}

TEST(Attack, AccountsCanNotBeTold) {
  NotesService service;
  static_cast<void>(service.member("known@example.org"));
  Browser eve = service.visitor();
  const auto known = eve.post_json("/api/login", login("known@example.org", "wrong password"));
  const auto unknown = eve.post_json("/api/login", login("unknown@example.org", "wrong password"));
  EXPECT_EQ(known.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(known.fields.size(), unknown.fields.size());
  EXPECT_EQ(json_text(known.body, "title"), json_text(unknown.body, "title"));
  EXPECT_EQ(known.body.size(), unknown.body.size());
}

TEST(Attack, AnotherUsersNoteById) {
  NotesService service;
  Browser victim = service.member("victim@example.org");
  Browser eve = service.member("eve@example.org");
  const std::string id = json_text(victim.post_json("/api/notes", R"({"title":"mine","body":"only"})").body, "id");
  ASSERT_EQ(id.size(), 22U);
  const std::string absent(22, 'A');
  const auto others = eve.get("/api/notes/" + id);
  const auto nobodys = eve.get("/api/notes/" + absent);
  EXPECT_EQ(others.status, 404);
  EXPECT_EQ(nobodys.status, 404);
  EXPECT_EQ(others.body.size(), nobodys.body.size());
  EXPECT_EQ(json_text(others.body, "title"), json_text(nobodys.body, "title"));
  EXPECT_EQ(eve.put_json("/api/notes/" + id, R"({"title":"taken","body":""})").status, 404);
  EXPECT_EQ(eve.del("/api/notes/" + id).status, 404);
  EXPECT_EQ(eve.get("/notes/" + id + "/edit").status, 404);
  EXPECT_EQ(eve.post_form("/notes/" + id, "title=taken&body=").status, 404);
  EXPECT_EQ(eve.post_form("/notes/" + id + "/delete", "").status, 404);
  EXPECT_TRUE(holds(victim.get("/api/notes/" + id).body, "\"mine\""));
  Browser stranger = service.visitor();
  EXPECT_EQ(stranger.get("/api/notes/" + id).status, 401);
}

TEST(Attack, PasswordsThatGuessersTryFirst) {
  NotesService service;
  Browser browser = service.visitor();
  const auto sign_up = [&](const std::string& password) {
    return browser
        .post_json("/api/users",
                   R"({"name":"Grace Hopper","email":"grace.hopper@example.org","password":")" + password + "\"}")
        .status;
  };
  EXPECT_EQ(sign_up("short"), 400);
  EXPECT_EQ(sign_up("passwordpassword"), 400);
  EXPECT_EQ(sign_up("123456789012345678"), 400);
  EXPECT_EQ(sign_up("grace.hopper@example.org"), 400);
  EXPECT_EQ(sign_up(NotesService::password), 201);
}

TEST(Attack, SessionFixation) {
  NotesService service;
  static_cast<void>(service.member("victim@example.org"));
  Browser victim = service.visitor();
  const std::string planted = "__Host-Http-session=" + std::string(43, 'A');
  victim.set_cookie(planted);
  EXPECT_EQ(victim.get("/api/me").status, 401);
  EXPECT_EQ(victim.post_json("/api/login", login("victim@example.org", NotesService::password)).status, 200);
  EXPECT_NE(victim.cookie(), planted);
  Browser eve = service.visitor();
  eve.set_cookie(planted);
  EXPECT_EQ(eve.get("/api/me").status, 401);
}

TEST(Attack, StolenCookieAfterSignOut) {
  NotesService service;
  Browser victim = service.member("victim@example.org");
  Browser thief = service.visitor();
  thief.set_cookie(victim.cookie());
  EXPECT_EQ(thief.get("/api/me").status, 200);
  const auto out = victim.send("POST", "/api/logout", "", "");
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.field("clear-site-data"), "\"cache\", \"storage\"");
  EXPECT_EQ(thief.get("/api/me").status, 401);
}

TEST(Attack, SignInRotatesTheSession) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  const std::string before = browser.cookie();
  EXPECT_EQ(browser.post_json("/api/login", login("a@example.org", NotesService::password)).status, 200);
  EXPECT_NE(browser.cookie(), before);
  Browser old = service.visitor();
  old.set_cookie(before);
  EXPECT_EQ(old.get("/api/me").status, 401);
}

TEST(Attack, IdleAndOldSessionsEnd) {
  NotesService service;
  Browser browser = service.member("a@example.org");
  service.advance(29min);
  EXPECT_EQ(browser.get("/api/me").status, 200);
  service.advance(31min);
  EXPECT_EQ(browser.get("/api/me").status, 401) << "idle for 30 minutes";
  EXPECT_EQ(browser.get("/api/me").status, 401) << "and gone";
  browser = service.visitor();
  EXPECT_EQ(browser.post_json("/api/login", login("a@example.org", NotesService::password)).status, 200);
  for (int i = 0; i < 23; ++i) {
    service.advance(20min);
    EXPECT_EQ(browser.get("/api/me").status, 200) << i;
  }
  service.advance(21min);
  EXPECT_EQ(browser.get("/api/me").status, 401) << "eight hours old";
  EXPECT_EQ(occurrences(service.log(), "\"session_expired\""), 2U) << "once for each session";
}

TEST(Attack, NewAccountsAreLogged) {
  NotesService service;
  static_cast<void>(service.member("a@example.org"));
  static_cast<void>(service.member("b@example.org"));
  const auto again = service.visitor().post_json("/api/users", R"({"name":"A","email":"a@example.org","password":")" +
                                                                   std::string(NotesService::password) + R"("})");
  EXPECT_EQ(again.status, 201) << "as if it were new";
  EXPECT_EQ(occurrences(service.log(), "\"user_created\""), 2U);
}

TEST(Attack, SecretsInTheLog) {
  NotesService service;
  Browser browser = service.member("canary@example.org");
  static_cast<void>(browser.get("/api/search?q=canary-query"));
  static_cast<void>(browser.get("/canary-path/x"));
  const std::string log = service.log();
  EXPECT_FALSE(log.empty());
  EXPECT_FALSE(holds(log, NotesService::password));
  EXPECT_FALSE(holds(log, browser.cookie().substr(browser.cookie().find('=') + 1)));
  EXPECT_FALSE(holds(log, "canary-query"));
  EXPECT_FALSE(holds(log, "canary-path"));
}

}  // namespace
}  // namespace sallyport::testing
