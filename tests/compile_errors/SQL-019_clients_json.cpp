// code: SQL-019
// cases: 12
// A client's JSON does not become a column's as a whole: any member would get in.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};

void handle(sp::Db& db, const sp::Db& reader, sp::SignedIn me, std::string text) {
  (void)db.run("UPDATE settings SET data = json_set(data, '$.theme', ?) WHERE owner = ?", text, me.id);
  (void)db.run("INSERT INTO tags (word) VALUES (json_object('text', ?))", text);
  (void)reader.one<std::string>("SELECT json_patch(data, defaults) FROM settings WHERE owner = ?", me.id);
  (void)db.run("UPDATE settings SET theme = ? ->> '$.theme' WHERE owner = ?", text, me.id);
#if CASE == 1
  (void)db.run("UPDATE settings SET data = json_patch(data, ?) WHERE owner = ?", text, me.id);
#elif CASE == 2
  (void)db.run("UPDATE settings SET data = json_patch(data, coalesce(?, '{}')) WHERE owner = ?", text, me.id);
#elif CASE == 3
  (void)db.run("UPDATE settings SET data = json_set(data, '$.more', json(?)) WHERE owner = ?", text, me.id);
#elif CASE == 4
  (void)db.run("UPDATE settings SET data = json(?) WHERE owner = ?", text, me.id);
#elif CASE == 5
  (void)db.run("INSERT INTO settings (owner, data) VALUES (?, json_set(?, '$.plan', 'free'))", me.id, text);
#elif CASE == 6
  (void)db.run("INSERT INTO settings (owner, data) VALUES (?, json_remove(?, '$.plan'))", me.id, text);
#elif CASE == 7
  (void)db.run(
      "INSERT INTO settings (owner, data) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET data = json_patch(data, "
      "excluded.data)",
      me.id, text);
#elif CASE == 8
  (void)reader.one<std::string>("SELECT \"JSON_patch\"(data, (SELECT ?)) FROM settings WHERE owner = ?", text, me.id);
#elif CASE == 9
  (void)db.run("UPDATE settings SET data = jsonb_insert(?, '$.plan', 'free') WHERE owner = ?", text, me.id);
#elif CASE == 10
  (void)db.run("UPDATE settings SET data = (SELECT json_group_object(key, value) FROM json_each(?)) WHERE owner = ?",
               text, me.id);
#elif CASE == 11
  (void)db.run("UPDATE settings SET data = ? -> '$' WHERE owner = ?", text, me.id);
#elif CASE == 12
  (void)db.run("UPDATE settings SET data = json_extract(?, '$') WHERE owner = ?", text, me.id);
#endif
}
