// code: SQL-013
// cases: 2
// Rows are asked of what has rows.
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
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?)", id, title);
#elif CASE == 2
  (void)db.run("SELECT * FROM notes");
#endif
}
