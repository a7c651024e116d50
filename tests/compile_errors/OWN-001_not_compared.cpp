// code: OWN-001
// cases: 28
// Rows that have owners are compared with one.
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

// A second struct for the same rows.
struct Line {
  sp::Id<sp::User> author;
  std::string text;
};

// What a handler calls with me.id.
[[maybe_unused]] static void list(const sp::Db& reader, sp::OwnedId<sp::User> owner) {
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ?", owner);
}

void handle(sp::Db& db, const sp::Db& reader, sp::SignedIn me, sp::Owned<Note> note, sp::Id<Note> id, sp::Id<Item> item,
            std::string text, sp::Owned<Room> room, sp::Id<Room> any) {
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ? AND (title = ? OR title = '')", me.id, text);
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", text, note.id());
  (void)db.run("DELETE FROM notes WHERE id = ? AND owner = ?", id, me.id);
  (void)db.run("DELETE FROM items WHERE id = ? AND note = ?", item, note.id());
  (void)reader.all<Item>("SELECT i.* FROM items AS i JOIN notes AS n ON n.id = i.note WHERE n.owner = ?", me.id);
  (void)reader.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"the guestbook is public">);
  (void)reader.all<Line>("SELECT author, text FROM lines WHERE author = ?", me.id);
  (void)reader.all<Message>("SELECT * FROM messages WHERE room = ?", room.id());
  (void)reader.all<Message>(
      "SELECT m.* FROM messages AS m JOIN room_members AS p ON p.room_id = m.room WHERE p.user_id = ?", me.id);
  (void)reader.all<Message>(
      "SELECT * FROM messages WHERE EXISTS (SELECT 1 FROM room_members WHERE room_id = messages.room AND user_id = ?)",
      me.id);
  (void)reader.all<Room>("SELECT * FROM rooms WHERE id IN (SELECT room_id FROM room_members WHERE user_id = ?)", me.id);
#if CASE == 1
  (void)reader.one<Note>("SELECT * FROM notes WHERE id = ?", id);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY title LIMIT 100");
#elif CASE == 3
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", text, id);
#elif CASE == 4
  (void)db.run("DELETE FROM notes WHERE id = ?", note->id);
#elif CASE == 5
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ? OR title = ?", me.id, text);
#elif CASE == 6
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner <> ?", me.id);
#elif CASE == 7
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = owner AND id = ?", id);
#elif CASE == 8
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ?", text);
#elif CASE == 9
  (void)db.run("DELETE FROM items WHERE id = ?", item);
#elif CASE == 10
  (void)reader.all<Item>("SELECT * FROM items WHERE note = ?", id);
#elif CASE == 11
  (void)reader.all<Line>("SELECT author, text FROM lines WHERE text LIKE ? ESCAPE '\\'", sp::contains(text));
#elif CASE == 12
  (void)reader.one<std::string>("SELECT title FROM main.\"Notes\" WHERE id = ?", id);
#elif CASE == 13
  (void)reader.all<Note>("WITH n AS (SELECT * FROM notes) SELECT * FROM n WHERE owner = ?", me.id);
#elif CASE == 14
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ? UNION SELECT * FROM notes WHERE title = ?", me.id, text);
#elif CASE == 15
  (void)db.transaction([&](sp::Transaction& tx) { return tx.run("DELETE FROM notes WHERE id = ?", id); });
#elif CASE == 16
  (void)reader.one<Note>("SELECT * FROM archived_notes WHERE id = ?", id);
#elif CASE == 17
  const auto owner = sp::Id<sp::User>::parse(text);
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ?", *owner);
#elif CASE == 18
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ?", note->owner);
#elif CASE == 19
  const sp::User friend_of_mine{};
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ?", friend_of_mine.id);
#elif CASE == 20
  const sp::Id<sp::User> owner = me.id;
  (void)reader.all<Note>("SELECT * FROM notes WHERE owner = ?", owner);
#elif CASE == 21
  (void)reader.all<Room>("SELECT * FROM rooms");
#elif CASE == 22
  (void)reader.all<Message>("SELECT * FROM messages WHERE room = ?", any);
#elif CASE == 23
  (void)reader.all<Room>(
      "SELECT * FROM rooms WHERE EXISTS (SELECT 1 FROM room_members AS p WHERE p.room_id = rooms.id)");
#elif CASE == 24
  (void)reader.all<Room>(
      "SELECT * FROM rooms WHERE id IN (SELECT p.room_id FROM room_members AS p WHERE p.room_id = rooms.id)");
#elif CASE == 25
  (void)reader.all<Room>(
      "SELECT * FROM rooms WHERE NOT EXISTS (SELECT 1 FROM room_members AS p WHERE p.room_id = rooms.id AND p.user_id "
      "= ?)",
      me.id);
#elif CASE == 26
  (void)reader.all<Message>("SELECT * FROM messages WHERE EXISTS (SELECT 1 FROM room_members WHERE user_id = ?)",
                            me.id);
#elif CASE == 27
  (void)reader.all<Message>("SELECT m.* FROM messages AS m JOIN room_members AS p ON p.room_id = m.room");
#elif CASE == 28
  (void)reader.all<Message>(
      "SELECT * FROM messages WHERE EXISTS (SELECT 1 FROM room_members WHERE room_id = messages.room AND user_id = ?) "
      "OR "
      "text = ?",
      me.id, text);
#endif
}
