// code: SQL-016
// cases: 7
// The framework's tables are not an application's.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& role) {
  (void)reader.all<std::string>("SELECT p.name FROM notes AS n JOIN sallyport_people AS p ON p.id = n.writer");
#if CASE == 1
  (void)reader.all<std::string>("SELECT password FROM sallyport_users WHERE id = ?", id);
#elif CASE == 2
  (void)db.run("UPDATE sallyport_users SET role = ? WHERE id = ?", role, id);
#elif CASE == 3
  (void)db.run("DELETE FROM \"Sallyport_Sessions\" WHERE account = ?", id);
#elif CASE == 4
  (void)reader.all<std::string>("SELECT email FROM notes, main.[SALLYPORT_USERS]");
#elif CASE == 5
  (void)reader.all<std::string>("WITH u AS (SELECT * FROM `sallyport_users`) SELECT email FROM u");
#elif CASE == 6
  (void)reader.one<bool>("SELECT EXISTS (SELECT 1 FROM sallyport_users WHERE email = ?)", role);
#elif CASE == 7
  (void)db.run("INSERT INTO sallyport_sessions (id) VALUES (?)", id);
#endif
}
