// Reaching for other people's accounts: by SQL on the framework's tables, and as somebody without the role.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace account_attacks {

struct SignUp {
  sallyport::Line<1, 80> name;
  sallyport::Email email;
  sallyport::NewPassword password;
};
struct Credentials {
  sallyport::Email email;
  sallyport::Password password;
};
struct Role {
  sallyport::Line<0, 100> role;
};
struct Kept {
  Kept() = default;  // a class, taken at its word
  mutable sallyport::AccountsAdmin* accounts = nullptr;
  mutable std::optional<sallyport::CurrentSession> session;
};
struct Account {
  sallyport::Id<sallyport::User> id;
  std::string email;
  std::string role;
};
struct Note {
  std::string title;
  std::string author;
};

}  // namespace account_attacks

template <>
struct sallyport::view<account_attacks::Account> {
  using show = fields<&account_attacks::Account::id, &account_attacks::Account::email, &account_attacks::Account::role>;
};
template <>
struct sallyport::view<account_attacks::Note> {
  using show = fields<&account_attacks::Note::title, &account_attacks::Note::author>;
};

namespace sallyport::testing {
namespace {

namespace types = ::account_attacks;
using namespace std::chrono_literals;
using detail::operator""_own;  // past the compiler: what the database itself refuses

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  constexpr attempts limit{};
  router.post("/signup", why, limit, [](Body<types::SignUp> in, SignUpAttempt attempt) {
    return attempt.create(in->name, in->email, in->password);
  });
  router.post("/login", why, limit, [](Body<types::Credentials> in, SignInAttempt attempt) {
    return attempt.password(in->email, in->password);
  });
  router.get("/me", signed_in, [](SignedIn me) { return small::Greeting{std::string(me.role)}; });
  router.post("/notes", signed_in, [](SignedIn me, Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO notes (owner, title) VALUES (?, 'Milk')", me.id);
    co_return NoContent{};
  });
  // Who wrote what: the join that applications want.
  router.get("/authors", why, [](const Db& db) -> Task<std::vector<types::Note>> {
    co_return co_await db.all<types::Note>(
        "SELECT n.title, p.name AS author FROM notes AS n JOIN sallyport_people AS p ON p.id = n.owner",
        every_owner<"everybody may read who wrote what">);
  });
  router.post("/promote-me", signed_in, [](SignedIn me, Db& db) -> Task<NoContent> {
    co_await db.run("UPDATE sallyport_users SET role = 'admin' WHERE id = ?"_own, me.id);
    co_return NoContent{};
  });
  router.post("/promote-me-at-once", signed_in, [](SignedIn me, Db& db) -> Task<NoContent> {
    co_await db.transaction(
        [&](Transaction& tx) { tx.run("UPDATE sallyport_users SET role = 'admin' WHERE id = ?"_own, me.id); });
    co_return NoContent{};
  });
  router.get("/hashes", why, [](const Db& db) -> Task<std::vector<small::Greeting>> {
    co_return co_await db.all<small::Greeting>("SELECT password AS message FROM sallyport_users"_own);
  });
  // Administration.
  router.get("/accounts", role("admin"), [](const AccountsAdmin& accounts) -> Task<std::vector<types::Account>> {
    std::vector<types::Account> shown;
    for (const User& user : co_await accounts.list(2)) shown.push_back({user.id, user.email, user.role});
    co_return shown;
  });
  router.put("/accounts/:id", role("admin"), gives("editor"),
             [](Path<"id", Id<User>> id, Body<types::Role> in, AccountsAdmin& accounts) -> Task<NoContent> {
               const bool set = co_await accounts.set_role(*id, std::string(in->role.view()));
               if (!set) throw Problem(404, "No such account");
               co_return NoContent{};
             });
  router.put("/members/:id", role("editor"),
             [](Path<"id", Id<User>> id, Body<types::Role> in, AccountsAdmin& accounts) -> Task<NoContent> {
               const bool set =
                   co_await accounts.set_role(*id, in->role.view() == "none" ? "" : std::string(in->role.view()));
               if (!set) throw Problem(404, "No such account");
               co_return NoContent{};
             });
  router.post("/accounts/:id/out", role("admin"), gives("editor"),
              [](Path<"id", Id<User>> id, AccountsAdmin& accounts) -> Task<NoContent> {
                co_await accounts.end_sessions(*id);
                co_return NoContent{};
              });
  router.post("/accounts/:id/unlock", role("admin"), gives("editor"),
              [](Path<"id", Id<User>> id, AccountsAdmin& accounts) -> Task<NoContent> {
                if (!co_await accounts.unlock(*id)) throw Problem(404, "No such account");
                co_return NoContent{};
              });
  router.del("/accounts/:id", role("admin"), gives("editor"),
             [](Path<"id", Id<User>> id, AccountsAdmin& accounts) -> Task<NoContent> {
               const bool removed = co_await accounts.remove(*id);
               if (!removed) throw Problem(404, "No such account");
               co_return NoContent{};
             });
  router.post("/members/:id/out", role("editor"),
              [](Path<"id", Id<User>> id, AccountsAdmin& accounts) -> Task<NoContent> {
                co_await accounts.end_sessions(*id);
                co_return NoContent{};
              });
  router.del("/members/:id", role("editor"), [](Path<"id", Id<User>> id, AccountsAdmin& accounts) -> Task<NoContent> {
    const bool removed = co_await accounts.remove(*id);
    if (!removed) throw Problem(404, "No such account");
    co_return NoContent{};
  });
  // What an administrator's request leaves for everybody's.
  router.post("/keep", role("admin"), [](AccountsAdmin& accounts, State<const types::Kept> kept) {
    kept->accounts = &accounts;
    return NoContent{};
  });
  router.post("/keep-session", signed_in, [](CurrentSession session, State<const types::Kept> kept) {
    kept->session.emplace(session);
    return NoContent{};
  });
  router.post("/use", signed_in, [](SignedIn me, State<const types::Kept> kept) -> Task<NoContent> {
    static_cast<void>(co_await kept->accounts->set_role(me.id, "admin"));
    co_return NoContent{};
  });
  router.get("/use-list", why, [](State<const types::Kept> kept) -> Task<std::vector<types::Account>> {
    static_cast<void>(co_await kept->accounts->list());
    co_return std::vector<types::Account>{};
  });
  router.post("/use-session", why, [](State<const types::Kept> kept) { return kept->session->delete_account(); });
  router.post("/out", signed_in, [](CurrentSession session) { return session.sign_out_everywhere(); });
  router.post("/leave", signed_in, [](CurrentSession session) { return session.delete_account(); });
  return router;
}

class AccountAttacks : public ::testing::Test {
 protected:
  Browser member(const std::string& name) {
    Browser browser(service.port(), service.authority());
    const auto made = browser.post_json(
        "/signup", R"({"name":"A Name","email":")" + name + R"(@example.org","password":"a long walk by the river"})");
    EXPECT_EQ(made.status, 201);
    ids[name] = json_text(made.body, "id");
    return browser;
  }
  Browser sign_in(const std::string& name) {
    Browser browser(service.port(), service.authority());
    EXPECT_EQ(
        browser.post_json("/login", R"({"email":")" + name + R"(@example.org","password":"a long walk by the river"})")
            .status,
        200);
    return browser;
  }
  Browser administrator() {
    Browser browser = member("root");
    service.database().run_blocking([](Transaction& tx) {
      tx.run("UPDATE sallyport_users SET role = 'admin' WHERE email = 'root@example.org'"_own);
    });
    return browser;
  }
  std::int64_t notes() {
    return service.database().run_blocking(
        [](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes"_own); });
  }

  TestService service{
      routes(),
      {"CREATE TABLE notes (id INTEGER PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id) ON "
       "DELETE CASCADE, title TEXT NOT NULL) STRICT"},
      {},
      {{&detail::state_key<types::Kept>, std::make_shared<types::Kept>()}}};
  std::map<std::string, std::string> ids;
};

TEST_F(AccountAttacks, SqlReachesNoAccount) {
  Browser mallory = member("mallory");
  EXPECT_EQ(mallory.post_json("/promote-me", "{}").status, 500);
  EXPECT_EQ(mallory.post_json("/promote-me-at-once", "{}").status, 500);
  const auto hashes = mallory.get("/hashes");
  EXPECT_EQ(hashes.status, 500);
  EXPECT_EQ(hashes.body.find("argon2"), std::string::npos);
  EXPECT_EQ(json_text(mallory.get("/me").body, "message"), "");
  EXPECT_NE(service.log().find("read sallyport_people"), std::string::npos) << "the log says what to do instead";
}

TEST_F(AccountAttacks, AuthorsAreJoined) {
  Browser ada = member("ada");
  EXPECT_EQ(ada.send("POST", "/notes", "", "").status, 204);
  EXPECT_EQ(ada.get("/authors").body, R"([{"title":"Milk","author":"A Name"}])");
}

TEST_F(AccountAttacks, OnlyTheRoleAdministers) {
  Browser mallory = member("mallory");
  Browser root = administrator();
  for (const char* path : {"/accounts", "/accounts/"}) EXPECT_NE(mallory.get(path).status, 200) << path;
  EXPECT_EQ(mallory.put_json("/accounts/" + ids["mallory"], R"({"role":"admin"})").status, 403);
  EXPECT_EQ(mallory.del("/accounts/" + ids["root"]).status, 403);
  EXPECT_EQ(root.get("/accounts").status, 200);
}

TEST_F(AccountAttacks, WhatAnAdministratorsRequestLeavesIsOfNoUse) {
  Browser root = administrator();
  Browser mallory = member("mallory");
  EXPECT_EQ(root.send("POST", "/keep", "", "").status, 204);
  EXPECT_EQ(mallory.send("POST", "/use", "", "").status, 500);
  EXPECT_EQ(mallory.get("/use-list").status, 500);
  EXPECT_EQ(json_text(mallory.get("/me").body, "message"), "");
  EXPECT_EQ(root.send("POST", "/keep-session", "", "").status, 204);
  EXPECT_EQ(mallory.send("POST", "/use-session", "", "").status, 500);
  EXPECT_EQ(root.get("/me").status, 200);
  EXPECT_EQ(mallory.get("/me").status, 200);
}

TEST_F(AccountAttacks, AdministratorsUnlockAccountsInTheirReach) {
  Browser root = administrator();
  Browser ada = member("ada");
  const auto guess = [&](const std::string& password) {
    Browser stranger(service.port(), service.authority());
    return stranger.post_json("/login", R"({"email":"ada@example.org","password":")" + password + R"("})").status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess("a wrong one"), 401);
  EXPECT_EQ(guess("a long walk by the river"), 429);
  EXPECT_EQ(ada.post_json("/accounts/" + ids["ada"] + "/unlock", "{}").status, 403);
  EXPECT_EQ(root.post_json("/accounts/00000000-0000-4000-8000-000000000000/unlock", "{}").status, 404);
  EXPECT_EQ(root.post_json("/accounts/" + ids["ada"] + "/unlock", "{}").status, 204);
  EXPECT_EQ(guess("a long walk by the river"), 200);
  EXPECT_NE(service.log().find("\"authn_login_unlock\""), std::string::npos);
}

TEST_F(AccountAttacks, AdministratorsDoWhatSqlWasUsedFor) {
  Browser root = administrator();
  Browser ada = member("ada");
  Browser bob = member("bob");
  EXPECT_EQ(ada.send("POST", "/notes", "", "").status, 204);
  const auto page = root.get("/accounts").body;
  EXPECT_NE(page.find("ada@example.org"), page.npos);
  EXPECT_NE(page.find("bob@example.org"), page.npos);
  EXPECT_EQ(page.find("root@example.org"), page.npos) << "two were asked for";

  EXPECT_EQ(root.put_json("/accounts/" + ids["ada"], R"({"role":"editor"})").status, 204);
  EXPECT_EQ(json_text(ada.get("/me").body, "message"), "editor");
  EXPECT_EQ(root.put_json("/accounts/" + ids["ada"], "{\"role\":\"" + std::string(65, 'a') + "\"}").status, 400);

  EXPECT_EQ(root.post_json("/accounts/" + ids["ada"] + "/out", "{}").status, 204);
  EXPECT_EQ(ada.get("/me").status, 401);
  EXPECT_EQ(bob.get("/me").status, 200);

  EXPECT_EQ(notes(), 1);
  EXPECT_EQ(root.del("/accounts/" + ids["ada"]).status, 204);
  EXPECT_EQ(root.del("/accounts/" + ids["ada"]).status, 404);
  EXPECT_EQ(notes(), 0) << "ON DELETE CASCADE";
  const std::string log = service.log();
  for (const char* event : {"privilege_permissions_changed", "authn_token_revoked", "user_deleted"}) {
    const auto line = log.substr(std::min(log.find(event), log.size()));
    EXPECT_EQ(json_text(line.substr(0, line.find('\n')), "whose"), ids["ada"]) << event;
    EXPECT_EQ(json_text(line.substr(0, line.find('\n')), "user"), ids["root"]) << event;
  }
}

TEST_F(AccountAttacks, NobodyGivesARoleAboveTheirOwn) {
  Browser root = administrator();
  Browser ada = member("ada");
  Browser bob = member("bob");
  EXPECT_EQ(root.put_json("/accounts/" + ids["ada"], R"({"role":"editor"})").status, 204) << "the route names it";
  EXPECT_EQ(root.put_json("/accounts/" + ids["ada"], R"({"role":"auditor"})").status, 403) << "and not this one";
  for (const char* who : {"bob", "ada"})
    EXPECT_EQ(ada.put_json("/members/" + ids[who], R"({"role":"admin"})").status, 403) << who;
  EXPECT_EQ(ada.put_json("/members/" + ids["root"], R"({"role":"editor"})").status, 403) << "nor takes one";
  EXPECT_EQ(ada.put_json("/members/" + ids["root"], R"({"role":"none"})").status, 403);
  EXPECT_EQ(json_text(root.get("/me").body, "message"), "admin");
  EXPECT_EQ(ada.put_json("/members/" + ids["bob"], R"({"role":"editor"})").status, 204) << "the one that she holds";
  EXPECT_EQ(json_text(bob.get("/me").body, "message"), "editor");
  EXPECT_EQ(bob.put_json("/members/" + ids["ada"], R"({"role":"none"})").status, 204);
  EXPECT_EQ(ada.put_json("/members/" + ids["bob"], R"({"role":"editor"})").status, 403) << "she holds none any more";
}

TEST_F(AccountAttacks, NobodyEndsOrDeletesAnAccountAboveTheirOwn) {
  Browser root = administrator();
  Browser ada = member("ada");
  Browser bob = member("bob");
  EXPECT_EQ(root.put_json("/accounts/" + ids["ada"], R"({"role":"editor"})").status, 204);
  EXPECT_EQ(ada.send("POST", "/members/" + ids["root"] + "/out", "", "").status, 403);
  EXPECT_EQ(ada.del("/members/" + ids["root"]).status, 403);
  EXPECT_EQ(root.get("/me").status, 200);
  EXPECT_EQ(ada.send("POST", "/members/" + ids["bob"] + "/out", "", "").status, 204);
  EXPECT_EQ(bob.get("/me").status, 401);
  EXPECT_EQ(ada.del("/members/" + ids["bob"]).status, 204);
  EXPECT_EQ(ada.del("/members/" + ids["bob"]).status, 404);
}

TEST_F(AccountAttacks, EverybodyHasTheirOwnAccount) {
  Browser ada = member("ada");
  Browser phone = sign_in("ada");
  Browser bob = member("bob");
  EXPECT_EQ(ada.send("POST", "/out", "", "").status, 204);
  EXPECT_EQ(phone.get("/me").status, 401) << "everywhere";
  EXPECT_EQ(bob.get("/me").status, 200);
  Browser again = sign_in("ada");
  EXPECT_EQ(again.send("POST", "/notes", "", "").status, 204);
  EXPECT_EQ(again.send("POST", "/leave", "", "").status, 204);
  EXPECT_EQ(again.get("/me").status, 401);
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(bob.get("/me").status, 200);
  Browser nobody(service.port(), service.authority());
  EXPECT_EQ(nobody.post_json("/login", R"({"email":"ada@example.org","password":"a long walk by the river"})").status,
            401);
}

}  // namespace
}  // namespace sallyport::testing
