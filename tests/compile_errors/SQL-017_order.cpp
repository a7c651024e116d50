// code: SQL-017
// cases: 7
// Rows are ordered by a column, which a client may choose among those named.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(const sp::Db& reader, const std::string& sort, bool down) {
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY {}, id LIMIT ?",
                         sp::order<"title", "notes.updated_at">(sort, down), 10);
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY CASE ? WHEN 'id' THEN id ELSE title END", sort);
#if CASE == 1
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY ?", sort);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY title, (?) DESC LIMIT 5", sort);
#elif CASE == 3
  (void)reader.all<Note>("SELECT * FROM notes GROUP BY ?", sort);
#elif CASE == 4
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY lower(?)", sort);
#elif CASE == 5
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY {}", sort);
#elif CASE == 6
  (void)reader.all<Note>("SELECT * FROM notes ORDER BY {}", sp::order<"title", "id; DROP TABLE notes">(sort));
#elif CASE == 7
  (void)reader.all<Note>("SELECT * FROM {}", sp::order<"title", "notes">(sort));
#endif
}
