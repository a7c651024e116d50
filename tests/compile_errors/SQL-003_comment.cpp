// code: SQL-003
// cases: 2
// No comment in a query: what follows it would be cut off.
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
  (void)reader.one<Note>("SELECT * FROM notes WHERE id = ? -- AND owner = 1", id);
#elif CASE == 2
  (void)reader.one<Note>("SELECT * FROM notes /* all */ WHERE id = ?", id);
#endif
}
