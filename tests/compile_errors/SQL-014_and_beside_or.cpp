// code: SQL-014
// cases: 4
// AND and OR side by side have parentheses.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)reader.all<Note>("SELECT * FROM notes WHERE writer = ? AND (title = ? OR title = '')", id, title);
  (void)reader.all<Note>("SELECT * FROM notes WHERE id BETWEEN ? AND 9 OR title = ?", id, title);
#if CASE == 1
  (void)reader.all<Note>("SELECT * FROM notes WHERE writer = ? AND title = ? OR title = ''", id, title);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM notes WHERE title = '' OR title = ? AND writer = ?", title, id);
#elif CASE == 3
  (void)db.run("DELETE FROM notes WHERE writer = ? AND done or old", id);
#elif CASE == 4
  (void)reader.all<Note>("SELECT n.* FROM notes n JOIN tags t ON t.note = n.id AND t.a = ? OR t.b WHERE n.id = 1", id);
#endif
}
