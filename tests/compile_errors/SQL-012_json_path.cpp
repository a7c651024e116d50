// code: SQL-012
// cases: 2
// A JSON path is a literal.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
  (void)reader.one<std::string>("SELECT settings ->> 'theme' FROM users");
#if CASE == 1
  (void)reader.one<std::string>("SELECT settings ->> ? FROM users", title);
#elif CASE == 2
  (void)reader.one<std::string>("SELECT settings -> ? FROM users", title);
#endif
}
