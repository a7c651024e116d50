// Finding people by their e-mail: what is told, to whom, and how often.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace people_attacks {

struct SignUp {
  sallyport::Line<1, 80> name;
  sallyport::Email email;
  sallyport::NewPassword password;
};
struct ByEmail {
  sallyport::Email email;
};
struct Found {
  std::string id, name;
};
struct Kept {
  Kept() = default;  // a class, taken at its word
  mutable std::optional<sallyport::People> people;
};
struct Room {
  sallyport::Id<Room> id;
  std::string title;
};
struct File {
  sallyport::Id<File> id;
  sallyport::Id<Room> room;
  std::string name;
};
struct Page {
  sallyport::Id<Page> id;
  sallyport::Id<File> file;
  std::string text;
};

}  // namespace people_attacks

template <>
struct sallyport::view<people_attacks::Found> {
  using show = fields<&people_attacks::Found::id, &people_attacks::Found::name>;
};
template <>
struct sallyport::view<people_attacks::File> {
  using show = fields<&people_attacks::File::name>;
  using hidden = fields<&people_attacks::File::id, &people_attacks::File::room>;
};
template <>
struct sallyport::view<people_attacks::Page> {
  using show = fields<&people_attacks::Page::text>;
  using hidden = fields<&people_attacks::Page::id, &people_attacks::Page::file>;
};
template <>
struct sallyport::entity<people_attacks::Room>
    : sallyport::table<"rooms", &people_attacks::Room::id, sallyport::members<"room_members", "room_id", "user_id">> {};
template <>
struct sallyport::entity<people_attacks::File> : sallyport::table<"files", &people_attacks::File::id> {};
template <>
struct sallyport::entity<people_attacks::Page> : sallyport::table<"pages", &people_attacks::Page::id> {};

namespace sallyport::testing {
namespace {

namespace types = ::people_attacks;
using namespace std::chrono_literals;
using detail::operator""_own;

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  router.post("/signup", why, attempts{}, [](Body<types::SignUp> in, SignUpAttempt attempt) {
    return attempt.create(in->name, in->email, in->password);
  });
  router.post("/find", signed_in, limit{"find", 5, 1h}.per_account(),
              [](Body<types::ByEmail> in, People people) -> Task<types::Found> {
                const auto who = co_await people.by_email(in->email).or_problem(404, "Nobody has this e-mail");
                co_return types::Found{who.id.text(), who.name};
              });
  router.post("/find-twice", signed_in, limit{"find", 5, 1h}.per_account(),
              [](Body<types::ByEmail> in, People people) -> Task<NoContent> {
                const auto first = co_await people.by_email(in->email);
                const auto second = co_await people.by_email(in->email);
                if (!first || !second) throw Problem(404, "Nobody has this e-mail");
                co_return NoContent{};
              });
  router.post("/keep", signed_in, limit{"keep", 5, 1h}.per_account(), [](People people, State<const types::Kept> kept) {
    kept->people.emplace(people);
    return NoContent{};
  });
  router.post("/use", why, [](Body<types::ByEmail> in, State<const types::Kept> kept) -> Task<NoContent> {
    const auto who = co_await kept->people->by_email(in->email);
    if (!who) throw Problem(404, "Nobody has this e-mail");
    co_return NoContent{};
  });
  router.post("/rooms/:id/members", owner<types::Room>, limit{"invite", 30, 1h}.per_account(),
              [](Owned<types::Room> room, Body<types::ByEmail> in, People people, Db& db) -> Task<NoContent> {
                const auto who = co_await people.by_email(in->email).or_problem(404, "Nobody has this e-mail");
                co_await db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                room.id(), who.id);
                co_return NoContent{};
              });
  router.post("/rooms", signed_in, [](SignedIn me, Db& db) -> Task<types::Found> {
    const auto room = co_await db.transaction([&](Transaction& tx) {
      const auto id = tx.one<OwnedId<types::Room>>("INSERT INTO rooms (id, title) VALUES (?, 'R') RETURNING id",
                                                   Id<types::Room>::random());
      tx.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?)", id, me.id);
      return id;
    });
    co_return types::Found{room.text(), ""};
  });
  router.post("/rooms/:id/files", owner<types::Room>, [](Owned<types::Room> room, Db& db) -> Task<types::Found> {
    const auto file = co_await db.one<OwnedId<types::File>>(
        "INSERT INTO files (id, room, name) VALUES (?, ?, 'plan.pdf') RETURNING id", Id<types::File>::random(),
        room.id());
    co_return types::Found{file.text(), ""};
  });
  router.post("/files/:id/pages", owner<types::File>, [](Owned<types::File> file, Db& db) -> Task<types::Found> {
    const auto page = co_await db.one<OwnedId<types::Page>>(
        "INSERT INTO pages (id, file, text) VALUES (?, ?, 'page') RETURNING id", Id<types::Page>::random(), file.id());
    co_return types::Found{page.text(), ""};
  });
  router.get("/files/:id", owner<types::File>, [](Owned<types::File> file) { return *file; });
  router.get("/pages/:id", owner<types::Page>, [](Owned<types::Page> page) { return *page; });
  router.del("/files/:id", owner<types::File>, [](Owned<types::File> file, Db& db) -> Task<NoContent> {
    co_await db.run("DELETE FROM files WHERE id = ?", file.id()).or_problem(404, "No such file");
    co_return NoContent{};
  });
  return router;
}

class PeopleAttacks : public ::testing::Test {
 protected:
  Browser member(const std::string& name) {
    Browser browser(service.port(), service.authority());
    const auto made = browser.post_json("/signup", R"({"name":")" + name + R"(","email":")" + name +
                                                       R"(@example.org","password":"a long walk by the river"})");
    EXPECT_EQ(made.status, 201);
    ids[name] = json_text(made.body, "id");
    return browser;
  }
  static std::string email(const std::string& name) { return R"({"email":")" + name + R"(@example.org"})"; }

  TestService service{
      routes(),
      {"CREATE TABLE rooms (id BLOB PRIMARY KEY, title TEXT NOT NULL) STRICT;"
       "CREATE TABLE room_members (room_id BLOB NOT NULL REFERENCES rooms (id),"
       "  user_id BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE, PRIMARY KEY (room_id, user_id)) "
       "STRICT;"
       "CREATE TABLE files (id BLOB PRIMARY KEY, room BLOB NOT NULL REFERENCES rooms (id), name TEXT NOT NULL) STRICT;"
       "CREATE TABLE pages (id BLOB PRIMARY KEY, file BLOB NOT NULL REFERENCES files (id), text TEXT NOT NULL) STRICT"},
      {},
      {{&detail::state_key<types::Kept>, std::make_shared<types::Kept>()}}};
  std::map<std::string, std::string> ids;
};

TEST_F(PeopleAttacks, AreFoundByAnySpellingOfTheirAddress) {
  Browser ada = member("ada");
  Browser bob = member("bob");
  const auto found = ada.post_json("/find", R"({"email":"Bob@EXAMPLE.org"})");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(json_text(found.body, "id"), ids["bob"]);
  EXPECT_EQ(json_text(found.body, "name"), "bob");
  EXPECT_EQ(found.body.find("example"), std::string::npos) << "who knows one spelling learns no other";
  EXPECT_EQ(ada.post_json("/find", email("nobody")).status, 404);
  service.database().run_blocking(
      [](Transaction& tx) { tx.run("UPDATE sallyport_users SET disabled_at = 1 WHERE name = 'bob'"_own); });
  EXPECT_EQ(ada.post_json("/find", email("bob")).status, 404);
}

TEST_F(PeopleAttacks, NobodyAsksForAWholeList) {
  Browser ada = member("ada");
  EXPECT_EQ(ada.post_json("/find-twice", email("ada")).status, 500);
  EXPECT_NE(service.log().find("one request asks for one person"), std::string::npos);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ada.post_json("/find", email("nobody")).status, 404);
  EXPECT_EQ(ada.post_json("/find", email("nobody")).status, 429);
  Browser visitor(service.port(), service.authority());
  EXPECT_EQ(visitor.post_json("/find", email("ada")).status, 401);
}

TEST_F(PeopleAttacks, AKeptOneIsOfNoUse) {
  Browser ada = member("ada");
  EXPECT_EQ(ada.send("POST", "/keep", "", "").status, 204);
  Browser visitor(service.port(), service.authority());
  EXPECT_EQ(visitor.post_json("/use", email("ada")).status, 500);
}

TEST_F(PeopleAttacks, WhoIsInvitedReachesWhatHangsOnTheRoom) {
  Browser ada = member("ada");
  Browser bob = member("bob");
  const std::string room = json_text(ada.send("POST", "/rooms", "", "").body, "id");
  const std::string file = json_text(ada.send("POST", "/rooms/" + room + "/files", "", "").body, "id");
  const std::string page = json_text(ada.send("POST", "/files/" + file + "/pages", "", "").body, "id");
  EXPECT_EQ(bob.post_json("/rooms/" + room + "/members", email("bob")).status, 404) << "only who is in it invites";
  for (const std::string& path : {"/files/" + file, "/pages/" + page}) {
    EXPECT_EQ(ada.get(path).status, 200) << path;
    EXPECT_EQ(bob.get(path).status, 404) << path;
  }
  EXPECT_EQ(bob.del("/files/" + file).status, 404);
  EXPECT_EQ(ada.post_json("/rooms/" + room + "/members", email("bob")).status, 204);
  EXPECT_EQ(bob.get("/files/" + file).body, R"({"name":"plan.pdf"})");
  EXPECT_EQ(bob.get("/pages/" + page).body, R"({"text":"page"})");
}

}  // namespace
}  // namespace sallyport::testing
