// code: SQL-004
// cases: 5
// Quotes and parentheses are closed, and no character hides.
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
  (void)reader.one<Note>("SELECT * FROM notes WHERE title = 'a");
#elif CASE == 2
  (void)reader.one<Note>("SELECT \"id FROM notes");
#elif CASE == 3
  (void)reader.one<Note>("SELECT * FROM notes WHERE id IN (?", id);
#elif CASE == 4
  (void)reader.one<Note>("SELECT * FROM notes\0 WHERE id = 1");
#elif CASE == 5
  (void)reader.one<Note>("SELECT\u00a0* FROM notes");
#endif
}
