// code: OWN-004
// cases: 9
// A new row says whose it is.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
struct Item {
  sp::Id<Item> id;
  sp::Id<Note> note;
  std::string text;
};
template <>
struct sp::entity<Item> : sp::table<"items", &Item::id> {};

struct Room {
  sp::Id<Room> id;
  std::string title;
};
template <>
struct sp::entity<Room> : sp::table<"rooms", &Room::id, sp::members<"room_members", "room_id", "user_id">> {};
struct Message {
  sp::Id<Message> id;
  sp::Id<Room> room;
  std::string text;
};
template <>
struct sp::entity<Message> : sp::table<"messages", &Message::id> {};

void handle(sp::Db& db, sp::SignedIn me, sp::Owned<Note> note, sp::Id<Note> other, std::string text,
            sp::Owned<Room> room, sp::Id<Room> any) {
  (void)db.run("INSERT INTO items (id, note, text) SELECT ?, n.id, ? FROM notes AS n WHERE n.id = ? AND n.owner = ?",
               sp::Id<Item>::random(), text, other, me.id);
  (void)db.run("INSERT INTO notes (id, owner, title) SELECT ?, owner, title FROM notes WHERE id = ? AND owner = ?",
               sp::Id<Note>::random(), other, me.id);
  (void)db.run("INSERT INTO room_members (room_id, user_id) VALUES (?, ?)", room.id(), me.id);
  (void)db.one<sp::OwnedId<Room>>("INSERT INTO rooms (id, title) VALUES (?, ?) RETURNING id", sp::Id<Room>::random(),
                                  text);
  (void)db.one<Note>("INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) RETURNING *", sp::Id<Note>::random(), me.id,
                     text);
  (void)db.run("INSERT INTO items (id, note, text) VALUES (?, ?, ?)", sp::Id<Item>::random(), note.id(), text);
#if CASE == 1
  (void)db.one<Note>("INSERT INTO notes (id, title) VALUES (?, ?) RETURNING *", sp::Id<Note>::random(), text);
#elif CASE == 2
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?, ?) RETURNING *", sp::Id<Note>::random(), me.id, text);
#elif CASE == 3
  (void)db.run("INSERT INTO notes (id, owner, title) VALUES (?, ?, ?)", sp::Id<Note>::random(), text, text);
#elif CASE == 4
  (void)db.run("INSERT INTO items (id, note, text) VALUES (?, ?, ?)", sp::Id<Item>::random(), other, text);
#elif CASE == 5
  (void)db.one<Note>(
      "INSERT INTO notes (id, owner, title) SELECT id, owner, title FROM drafts WHERE id = ? RETURNING *", other);
#elif CASE == 6
  (void)db.run("INSERT INTO notes (id, owner) VALUES (?, ?), (?, x'00')", other, me.id, other);
#elif CASE == 7
  (void)db.run("INSERT INTO messages (id, room, text) VALUES (?, ?, ?)", sp::Id<Message>::random(), any, text);
#elif CASE == 8
  (void)db.one<Room>("INSERT INTO room_members (room_id, user_id) VALUES (?, ?) RETURNING room_id AS id, '' AS title",
                     any, me.id);
#elif CASE == 9
  (void)db.run("INSERT INTO items (id, note, text) SELECT ?, o.id, ? FROM others AS o, notes WHERE notes.owner = ?",
               sp::Id<Item>::random(), text, me.id);
#endif
}
