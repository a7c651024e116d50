// code: SQL-001
// cases: 5
// As many values as placeholders.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
#if CASE == 1
  (void)reader.one<Note>("SELECT * FROM notes WHERE id = ?");
#elif CASE == 2
  (void)reader.one<Note>("SELECT * FROM notes WHERE id = ?", id, title);
#elif CASE == 3
  (void)reader.one<Note>("SELECT * FROM notes WHERE title = '?'", title);
#elif CASE == 4
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", title);
#elif CASE == 5
  (void)db.transaction([&](sp::Transaction& tx) { return tx.run("DELETE FROM notes WHERE id = ?"); });
#endif
}
