// code: SQL-007
// cases: 6
// A change says which rows it means.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
  (void)db.run("DELETE FROM notes WHERE TRUE");
#if CASE == 1
  (void)db.run("DELETE FROM notes");
#elif CASE == 2
  (void)db.run("UPDATE notes SET title = ?", title);
#elif CASE == 3
  (void)db.run("UPDATE notes SET title = (SELECT name FROM users WHERE id = ?)", id);
#elif CASE == 4
  (void)db.run("DELETE FROM notes WHERE 1");
#elif CASE == 5
  (void)db.run("UPDATE notes SET title = ? WHERE 1 = 1 AND NOT 0", title);
#elif CASE == 6
  (void)db.one<Note>("DELETE FROM notes WHERE 'x' RETURNING *");
#endif
}
