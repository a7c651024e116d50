// code: SQL-005
// cases: 5
// A read-only database changes nothing.
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
  (void)reader.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
#elif CASE == 2
  (void)reader.all<Note>("DELETE FROM notes WHERE id = ? RETURNING *", id);
#elif CASE == 3
  (void)reader.maybe<Note>("WITH x AS (SELECT 1) UPDATE notes SET title = '' WHERE id = ? RETURNING *", id);
#elif CASE == 4
  reader.run("DELETE FROM notes WHERE id = ?", id);
#elif CASE == 5
  reader.transaction([](sp::Transaction&) {});
#endif
}
