// code: SQL-011
// cases: 7
// Queries read and change rows; nothing else.
#include <sallyport/db.hpp>
#include <sallyport/migrations.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
#if CASE == 1
  (void)db.run("PRAGMA foreign_keys = OFF");
#elif CASE == 2
  (void)db.run("ATTACH '/tmp/other.db' AS other");
#elif CASE == 3
  (void)db.run("DROP TABLE notes");
#elif CASE == 4
  (void)db.run("VACUUM INTO '/tmp/copy.db'");
#elif CASE == 5
  (void)reader.one<std::string>("SELECT load_extension('x')");
#elif CASE == 6
  (void)reader.one<Note>("");
#elif CASE == 7
  static const sp::Migration step = " ";
  (void)step;
#endif
}
