// code: SQL-012
// cases: 9
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
  (void)reader.one<std::string>("SELECT json_set(settings, '$.theme', ?) FROM users", title);
#if CASE == 1
  (void)reader.one<std::string>("SELECT settings ->> ? FROM users", title);
#elif CASE == 2
  (void)reader.one<std::string>("SELECT settings -> ? FROM users", title);
#elif CASE == 3
  (void)reader.one<std::string>("SELECT settings ->> (?) FROM users", title);
#elif CASE == 4
  (void)reader.one<std::string>("SELECT json_extract(settings, ?) FROM users", title);
#elif CASE == 5
  (void)reader.one<std::string>("SELECT json_extract(settings, '$.' || ?) FROM users", title);
#elif CASE == 6
  (void)db.run("UPDATE users SET settings = json_set(settings, ?, ?) WHERE id = ?", title, title, id);
#elif CASE == 7
  (void)db.run("UPDATE users SET settings = json_remove(settings, ?) WHERE id = ?", title, id);
#elif CASE == 8
  (void)reader.all<std::string>("SELECT value FROM users, json_each(settings, ?)", title);
#elif CASE == 9
  (void)reader.one<std::string>("WITH p (path) AS (SELECT ?) SELECT json_extract(settings, path) FROM users, p", title);
#endif
}
