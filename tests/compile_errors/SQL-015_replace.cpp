// code: SQL-015
// cases: 3
// A row in the way is not deleted unseen.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, std::int64_t id, const std::string& title) {
  (void)db.run("INSERT INTO notes (id, title) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title", id,
               title);
  (void)db.run("UPDATE notes SET title = replace(title, 'a', ?) WHERE id = ?", title, id);
#if CASE == 1
  (void)db.run("INSERT OR REPLACE INTO notes (id, title) VALUES (?, ?)", id, title);
#elif CASE == 2
  (void)db.run("REPLACE INTO notes (id, title) VALUES (?, ?)", id, title);
#elif CASE == 3
  (void)db.run("update or replace notes set id = ? where title = ?", id, title);
#endif
}
