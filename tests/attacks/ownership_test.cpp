// Whose object: careless handlers over tables whose rows have owners, attacked by a neighbour; and the honest handlers beside them.
#include <sallyport/sallyport.hpp>

#include "support/http_client.hpp"
#include "support/notes_service.hpp"
#include "support/test_service.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ownership {

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
struct Item {
  sp::Id<Item> id;
  sp::Id<Note> note;
  std::string text;
};
// Seen by those who are in it.
struct Room {
  sp::Id<Room> id;
  std::string title;
};
struct Message {
  sp::Id<Message> id;
  sp::Id<Room> room;
  std::string text;
};
struct Invited {
  sp::Id<sp::User> user;
};
// The same rows in other words: nothing here says that they have an owner.
struct Card {
  std::string title;
};

struct SignUp {
  sp::Email email;
  sp::NewPassword password;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct NewNote {
  sp::Line<1, 80> title;
};
struct NewItem {
  sp::Line<1, 80> text;
};
struct Rename {
  sp::Line<1, 80> ref;
  sp::Line<1, 80> title;
};
struct Move {
  sp::Id<Note> from;
  sp::Maybe<sp::Id<Note>> to;
};
struct Find {
  sp::Id<Note> note;
};

}  // namespace ownership

template <>
struct sallyport::entity<ownership::Note> : sallyport::table<"notes", &ownership::Note::id, &ownership::Note::owner> {};
template <>
struct sallyport::view<ownership::Note> {
  using show = fields<&ownership::Note::id, &ownership::Note::title>;
  using hidden = fields<&ownership::Note::owner>;
};
template <>
struct sallyport::entity<ownership::Item> : sallyport::table<"items", &ownership::Item::id> {};
template <>
struct sallyport::view<ownership::Item> {
  using show = fields<&ownership::Item::id, &ownership::Item::text>;
  using hidden = fields<&ownership::Item::note>;
};
template <>
struct sallyport::entity<ownership::Room>
    : sallyport::table<"rooms", &ownership::Room::id, sallyport::members<"room_members", "room_id", "user_id">> {};
template <>
struct sallyport::view<ownership::Room> {
  using show = fields<&ownership::Room::id, &ownership::Room::title>;
};
template <>
struct sallyport::entity<ownership::Message> : sallyport::table<"messages", &ownership::Message::id> {};
template <>
struct sallyport::view<ownership::Message> {
  using show = fields<&ownership::Message::id, &ownership::Message::text>;
  using hidden = fields<&ownership::Message::room>;
};
template <>
struct sallyport::view<ownership::Card> {
  using show = fields<&ownership::Card::title>;
};

namespace sallyport::testing {
namespace {

using namespace ::ownership;
using namespace std::chrono_literals;

constexpr const char* password = "a long walk by the river";

// --- Handlers as a careful developer writes them

Task<Created<Note>> add(Body<NewNote> in, SignedIn me, Db& db) {
  co_return co_await db.one<Note>("INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) RETURNING *",
                                  Id<Note>::random(), me.id, in->title);
}
Task<std::vector<Note>> list(SignedIn me, const Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? ORDER BY title", me.id);
}
Note show(Owned<Note> note) { return *note; }
Task<NoContent> remove_note(Owned<Note> note, Db& db) {
  co_await db.run("DELETE FROM notes WHERE id = ?", note.id());
  co_return {};
}
Task<Created<Item>> add_item(Owned<Note> note, Body<NewItem> in, Db& db) {
  co_return co_await db.one<Item>("INSERT INTO items (id, note, text) VALUES (?, ?, ?) RETURNING *", Id<Item>::random(),
                                  note.id(), in->text);
}
Task<NoContent> remove_item(Owned<Note> note, Path<"item", Id<Item>> item, Db& db) {
  const std::int64_t gone = co_await db.run("DELETE FROM items WHERE id = ? AND note = ?", *item, note.id());
  if (gone == 0) throw Problem(404, "No such item");
  co_return {};
}
Task<NoContent> move_items(Body<Move>, Owned<Note, &Move::from> from, Owned<Note, &Move::to> to, Db& db) {
  const auto target = to.id();
  if (target) co_await db.run("UPDATE items SET note = ? WHERE note = ?", *target, from.id());
  co_return {};
}
Task<std::vector<Item>> find(Query<Find>, Owned<Note, &Find::note> note, const Db& db) {
  co_return co_await db.all<Item>("SELECT * FROM items WHERE note = ?", note.id());
}
Task<std::vector<Card>> wall(const Db& db) {
  co_return co_await db.all<Card>("SELECT title FROM notes WHERE title LIKE 'public%'",
                                  every_owner<"titles that begin with public are for everybody">);
}

// --- Handlers that forget the owner, in ways that no type shows: the database refuses them

Router careless() {
  Router router;
  router.get("/raw/:ref", signed_in, [](Path<"ref", Line<22, 22>> ref, const Db& db) -> Task<Card> {
    const auto id = Id<Note>::parse(ref->view());
    co_return co_await db.one<Card>("SELECT title FROM notes WHERE id = ?", (*id).bytes());
  });
  router.get("/titles", signed_in, [](const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM notes");
  });
  router.get("/for-all", anyone("for the tests of attacks"), [](const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT n.title FROM \"Notes\" AS n WHERE n.owner = n.owner");
  });
  router.get("/row/:n", signed_in, [](Path<"n", Int<1, 9>> n, const Db& db) -> Task<Card> {
    co_return co_await db.one<Card>("SELECT title FROM notes WHERE rowid = ?", *n);
  });
  router.get("/not-mine", signed_in, [](SignedIn me, const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM notes WHERE owner <> ?", me.id);
  });
  router.get("/either", signed_in, [](SignedIn me, const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM notes WHERE owner = ? OR title <> ''", me.id);
  });
  router.get("/view", signed_in, [](const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM titles");
  });
  router.get("/search", signed_in, [](const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM notes_search WHERE notes_search MATCH ?", match_words("secret"));
  });
  router.get("/union", signed_in, [](SignedIn me, const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM notes WHERE owner = ? UNION SELECT title FROM notes", me.id);
  });
  router.get("/item/:n", signed_in, [](Path<"n", Int<1, 9>> n, const Db& db) -> Task<Card> {
    co_return co_await db.one<Card>("SELECT text AS title FROM items WHERE rowid = ?", *n);
  });
  router.get("/nested/:n", signed_in, [](Path<"n", Int<1, 9>> n, const Db& db) -> Task<Card> {
    co_return co_await db.one<Card>("SELECT coalesce((SELECT title FROM notes WHERE rowid = ?), '') AS title", *n);
  });
  router.post("/rename", signed_in, [](Body<Rename> in, Db& db) -> Task<NoContent> {
    co_await db.run("UPDATE notes SET title = ? WHERE title = ?", in->title, in->ref);
    co_return {};
  });
  router.post("/take-over", signed_in, [](Body<Rename> in, SignedIn me, Db& db) -> Task<NoContent> {
    const auto id = Id<Note>::parse(in->ref.view());
    co_await db.run(
        "INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title",
        (*id).bytes(), me.id, in->title);
    co_return {};
  });
  router.post("/adopt", signed_in, [](Body<Rename> in, SignedIn me, Db& db) -> Task<NoContent> {
    co_await db.run("UPDATE notes SET owner = ? WHERE title = ?", me.id, in->ref);
    co_return {};
  });
  router.post("/foist", signed_in, [](Body<Rename> in, Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO notes (id, owner, title) SELECT randomblob(16), owner, ? FROM notes", in->title);
    co_return {};
  });
  router.post("/slip-in", signed_in, [](Body<Rename> in, Db& db) -> Task<NoContent> {
    const auto id = Id<Note>::parse(in->ref.view());
    co_await db.run("INSERT INTO items (id, note, text) VALUES (randomblob(16), ?, ?)", (*id).bytes(), in->title);
    co_return {};
  });
  router.post("/clear", signed_in, [](Body<Rename> in, Db& db) -> Task<NoContent> {
    co_await db.transaction([&](Transaction& tx) { tx.run("DELETE FROM notes WHERE title = ?", in->ref); });
    co_return {};
  });
  return router;
}

// What a careless program keeps.
std::optional<OwnedId<Note>> kept_note;
std::optional<OwnedId<User>> kept_caller;
std::optional<Owned<Note>> kept_object;

Router rooms() {
  Router router;
  router.post("/new", signed_in, [](Body<NewNote> in, SignedIn me, Db& db) -> Task<Created<Room>> {
    co_return co_await db.transaction([&](Transaction& tx) {
      const auto room = tx.one<OwnedId<Room>>("INSERT INTO rooms (id, title) VALUES (?, ?) RETURNING id",
                                              Id<Room>::random(), in->title);
      tx.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?)", room, me.id);
      return tx.one<Room>("SELECT * FROM rooms WHERE id = ?", room);
    });
  });
  router.get("/:id", owner<Room>, [](Owned<Room> room) { return *room; });
  router.post("/:id/messages", owner<Room>, [](Owned<Room> room, Body<NewItem> in, Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO messages (id, room, text) VALUES (?, ?, ?)", Id<Message>::random(), room.id(),
                    in->text);
    co_return NoContent{};
  });
  // Whoever is in a room lets others in.
  router.post("/:id/members", owner<Room>, shared<User>("members invite each other"),
              [](Owned<Room> room, Body<Invited> in, Db& db) -> Task<NoContent> {
                co_await db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?)", room.id(), in->user);
                co_return NoContent{};
              });
  return router;
}

Router routes() {
  Router router;
  constexpr anyone why("for the tests of attacks");
  constexpr attempts limit{.max = 5, .per = 15min};
  router.post("/signup", why, limit, [](Body<SignUp> in, SignUpAttempt attempt) {
    return attempt.create("Some One", in->email, in->password);
  });
  router.post("/signin", why, limit,
              [](Body<SignIn> in, SignInAttempt attempt) { return attempt.password(in->email, in->password); });
  router.post("/notes", signed_in, add);
  router.get("/notes", signed_in, list);
  router.get("/notes/:id", owner<Note>, show);
  router.del("/notes/:id", owner<Note>, remove_note);
  router.post("/notes/:id/items", owner<Note>, add_item);
  router.del("/notes/:id/items/:item", owner<Note>, remove_item);
  router.post("/move", signed_in, move_items);
  router.get("/find", signed_in, find);
  router.get("/wall", why, wall);
  router.use("/careless", careless());
  // Proofs that outlive their request.
  router.post("/notes/:id/keep", owner<Note>, [](Owned<Note> note, SignedIn me) {
    kept_note.emplace(note.id());
    kept_caller.emplace(me.id);
    kept_object.emplace(note);
    return NoContent{};
  });
  router.post("/kept-note", signed_in, [](Db& db) -> Task<NoContent> {
    co_await db.run("UPDATE notes SET title = 'Bea was here' WHERE id = ?", *kept_note);
    co_return NoContent{};
  });
  router.post("/kept-note-in-a-transaction", signed_in, [](Db& db) -> Task<NoContent> {
    co_await db.transaction([](Transaction& tx) { tx.run("DELETE FROM notes WHERE id = ?", *kept_note); });
    co_return NoContent{};
  });
  router.post("/kept-object", signed_in, [](Db& db) -> Task<NoContent> {
    co_await db.run("DELETE FROM notes WHERE id = ?", kept_object->id());
    co_return NoContent{};
  });
  router.get("/kept-caller", signed_in, [](const Db& db) -> Task<std::vector<Card>> {
    co_return co_await db.all<Card>("SELECT title FROM notes WHERE owner = ?", *kept_caller);
  });
  // A note and its item at once: the first statement proves whose the second one is.
  router.post("/both", signed_in, [](SignedIn me, Db& db) -> Task<NoContent> {
    co_await db.transaction([&](Transaction& tx) {
      const auto made = tx.one<OwnedId<Note>>("INSERT INTO notes (id, owner, title) VALUES (?, ?, 'new') RETURNING id",
                                              Id<Note>::random(), me.id);
      tx.run("INSERT INTO items (id, note, text) VALUES (?, ?, 'its item')", Id<Item>::random(), made);
      tx.run(
          "INSERT INTO items (id, note, text) SELECT ?, n.id, n.title FROM notes AS n WHERE n.id = ? AND n.owner = ?",
          Id<Item>::random(), made, me.id);
    });
    co_return NoContent{};
  });
  router.use("/rooms", rooms());
  router.get("/messages", signed_in, [](SignedIn me, const Db& db) -> Task<std::vector<Message>> {
    co_return co_await db.all<Message>(
        "SELECT * FROM messages WHERE EXISTS (SELECT 1 FROM room_members WHERE room_id = messages.room AND user_id = "
        "?)",
        me.id);
  });
  return router;
}

std::vector<Migration> tables() {
  return {
      "CREATE TABLE notes (id BLOB PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id), title TEXT NOT "
      "NULL) STRICT;"
      "CREATE TABLE items (id BLOB PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id) ON DELETE CASCADE, text TEXT "
      "NOT "
      "NULL) STRICT;"
      "CREATE TABLE rooms (id BLOB PRIMARY KEY, title TEXT NOT NULL) STRICT;"
      "CREATE TABLE room_members (room_id BLOB NOT NULL REFERENCES rooms (id), user_id BLOB NOT NULL REFERENCES "
      "sallyport_users (id), PRIMARY KEY (room_id, user_id)) STRICT;"
      "CREATE TABLE messages (id BLOB PRIMARY KEY, room BLOB NOT NULL REFERENCES rooms (id), text TEXT NOT NULL) "
      "STRICT;"
      "CREATE VIEW titles AS SELECT title FROM notes;"
      "CREATE VIRTUAL TABLE notes_search USING fts5(title, content = 'notes');"};
}

class Ownership : public ::testing::Test {
 protected:
  Browser member(const std::string& email) {
    Browser browser(service.port(), service.authority());
    const std::string json = R"({"email":")" + email + R"(","password":")" + password + R"("})";
    browser.post_json("/signup", json);
    browser.post_json("/signin", json);
    return browser;
  }
  std::string id_of(const std::string& email) {
    using detail::operator""_own;
    return service.database()
        .run_blocking([&](Transaction& tx) {
          return tx.one<Id<User>>("SELECT id FROM sallyport_users WHERE email = ?"_own, email);
        })
        .text();
  }
  std::string new_note(Browser& browser, const std::string& title) {
    return json_text(browser.post_json("/notes", R"({"title":")" + title + R"("})").body, "id");
  }

  TestService service{routes(), tables(), [](ops::Settings& settings) {
                        settings.limits.general_per_second = 1000;
                        settings.limits.general_burst = 1000;
                      }};
  Browser ada = member("ada@example.org");
  Browser bea = member("bea@example.org");
  std::string note = new_note(ada, "secret of Ada");
  std::string item = json_text(ada.post_json("/notes/" + note + "/items", R"({"text":"a secret item"})").body, "id");
};

TEST_F(Ownership, ForgottenOwnersAreRefused) {
  ASSERT_EQ(item.size(), 22U);
  const std::string body = R"({"ref":")" + note + R"(","title":"Bea was here"})";
  const std::string by_title = R"({"ref":"secret of Ada","title":"Bea was here"})";
  for (const std::string& path :
       {"raw/" + note, std::string("titles"), std::string("for-all"), std::string("row/1"), std::string("not-mine"),
        std::string("either"), std::string("view"), std::string("search"), std::string("union"), std::string("item/1"),
        std::string("nested/1")}) {
    const HttpResponse answer = bea.get("/careless/" + path);
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(answer.body.find("secret"), std::string::npos) << path << ": " << answer.body;
    EXPECT_EQ(answer.body.find("notes"), std::string::npos) << "the client learns no table: " << answer.body;
  }
  for (const char* path : {"rename", "adopt", "clear", "foist"})
    EXPECT_EQ(bea.post_json(std::string("/careless/") + path, by_title).status, 500) << path;
  for (const char* path : {"take-over", "slip-in"})
    EXPECT_EQ(bea.post_json(std::string("/careless/") + path, body).status, 500) << path;

  EXPECT_EQ(ada.get("/notes/" + note).body, R"({"id":")" + note + R"(","title":"secret of Ada"})");
  EXPECT_EQ(ada.get("/find?note=" + note).body, R"([{"id":")" + item + R"(","text":"a secret item"}])");
  EXPECT_EQ(bea.get("/notes").body, "[]");
  const std::string log = service.log();
  for (const char* code : {"OWN-001", "OWN-002", "OWN-003", "OWN-004", "OWN-005"})
    EXPECT_NE(log.find(code), std::string::npos) << code;
  EXPECT_NE(log.find("(table notes)"), std::string::npos) << "the developer does";
}

TEST_F(Ownership, AnObjectOfAnotherIsMissing) {
  EXPECT_EQ(bea.get("/notes/" + note).status, 404);
  EXPECT_EQ(bea.del("/notes/" + note).status, 404);
  EXPECT_EQ(bea.post_json("/notes/" + note + "/items", R"({"text":"x"})").status, 404);
  EXPECT_EQ(bea.del("/notes/" + note + "/items/" + item).status, 404);
  // An item of Ada's under a note of one's own.
  const std::string own = new_note(bea, "of Bea");
  EXPECT_EQ(bea.del("/notes/" + own + "/items/" + item).status, 404);
  EXPECT_EQ(ada.del("/notes/" + note + "/items/" + item).status, 204);
}

TEST_F(Ownership, ABodyNamesOnesOwnOnly) {
  const std::string own = new_note(bea, "of Bea");
  const std::string nobodys = "AAAAAAAAAAAAAAAAAAAAAA";
  const auto move = [&](Browser& who, const std::string& from, const std::string& to) {
    return who.post_json("/move", R"({"from":")" + from + (to.empty() ? R"("})" : R"(","to":")" + to + R"("})"));
  };
  const auto without_id = [](HttpResponse answer) {
    const std::size_t at = answer.body.find("urn:uuid:");
    return answer.body.substr(0, at) + answer.body.substr(at + 45);
  };
  const HttpResponse foreign = move(bea, note, "");
  EXPECT_EQ(foreign.status, 422);
  EXPECT_NE(foreign.body.find(R"("errors":[{"pointer":"/from","code":"not_allowed"}])"), std::string::npos)
      << foreign.body;
  EXPECT_EQ(without_id(move(bea, nobodys, "")), without_id(foreign)) << "what is not there answers the same";
  const HttpResponse into = move(bea, own, note);
  EXPECT_EQ(into.status, 422);
  EXPECT_NE(into.body.find(R"("pointer":"/to")"), std::string::npos) << into.body;
  EXPECT_EQ(move(bea, "not an id", "").status, 400);
  EXPECT_EQ(move(bea, own, "").status, 204);

  const std::string second = new_note(ada, "another of Ada");
  EXPECT_EQ(move(ada, note, second).status, 204);
  EXPECT_EQ(ada.get("/find?note=" + second).body, R"([{"id":")" + item + R"(","text":"a secret item"}])");
  EXPECT_EQ(bea.get("/find?note=" + second).status, 422);
  EXPECT_EQ(bea.get("/find?note=" + nobodys).status, 422);
}

TEST_F(Ownership, AProofEndsWithItsRequest) {
  EXPECT_EQ(ada.post_json("/notes/" + note + "/keep", "{}").status, 204);
  EXPECT_EQ(bea.post_json("/kept-note", "{}").status, 500);
  EXPECT_EQ(bea.post_json("/kept-note-in-a-transaction", "{}").status, 500);
  EXPECT_EQ(bea.post_json("/kept-object", "{}").status, 500);
  EXPECT_EQ(bea.get("/kept-caller").status, 500);
  EXPECT_EQ(ada.post_json("/kept-note", "{}").status, 500) << "her own later request has proofs of its own";
  EXPECT_EQ(json_text(ada.get("/notes/" + note).body, "title"), "secret of Ada");
  EXPECT_NE(service.log().find("an OwnedId proves nothing in another request"), std::string::npos);
}

TEST_F(Ownership, WhatWasInsertedIsAProof) {
  EXPECT_EQ(bea.post_json("/both", "{}").status, 204);
  const std::string made = json_text(bea.get("/notes").body, "id");
  const std::string items = bea.get("/find?note=" + made).body;
  EXPECT_NE(items.find("its item"), std::string::npos) << items;
  EXPECT_NE(items.find(R"("text":"new")"), std::string::npos) << items;
}

TEST_F(Ownership, MembersSeeWhatIsInTheirRooms) {
  const std::string room = json_text(ada.post_json("/rooms/new", R"({"title":"Tea"})").body, "id");
  ASSERT_EQ(room.size(), 22U);
  EXPECT_EQ(ada.post_json("/rooms/" + room + "/messages", R"({"text":"hello"})").status, 204);
  EXPECT_EQ(bea.get("/rooms/" + room).status, 404);
  EXPECT_EQ(bea.post_json("/rooms/" + room + "/messages", R"({"text":"me too"})").status, 404);
  EXPECT_EQ(bea.post_json("/rooms/" + room + "/members", R"({"user":")" + id_of("bea@example.org") + R"("})").status,
            404)
      << "nobody lets themselves in";
  EXPECT_EQ(bea.get("/messages").body, "[]");
  EXPECT_EQ(ada.post_json("/rooms/" + room + "/members", R"({"user":")" + id_of("bea@example.org") + R"("})").status,
            204);
  EXPECT_EQ(json_text(bea.get("/rooms/" + room).body, "title"), "Tea");
  EXPECT_NE(bea.get("/messages").body.find(R"("text":"hello")"), std::string::npos);
  EXPECT_EQ(bea.post_json("/rooms/" + room + "/messages", R"({"text":"me too"})").status, 204);
}

TEST_F(Ownership, AReasonReachesRowsOfAll) {
  new_note(ada, "public: a party");
  EXPECT_EQ(bea.get("/wall").body, R"([{"title":"public: a party"}])");
}

}  // namespace
}  // namespace sallyport::testing
