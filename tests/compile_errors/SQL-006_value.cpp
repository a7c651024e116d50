// code: SQL-006
// cases: 6
// A value is of a type that a column holds, and no secret.
#include <sallyport/db.hpp>
#include <sallyport/secret.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};
extern const sp::SecretBytes password;
extern const std::optional<sp::SecretBytes> maybe_password;

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
#if CASE == 1
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", title.c_str(), id);
#elif CASE == 2
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", 'c', id);
#elif CASE == 3
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", Note{}, id);
#elif CASE == 4
  (void)db.run("UPDATE notes SET title = ? WHERE id = ?", nullptr, id);
#elif CASE == 5
  (void)db.run("UPDATE users SET password = ? WHERE id = ?", password, id);
#elif CASE == 6
  (void)db.run("UPDATE users SET password = ? WHERE id = ?", maybe_password, id);
#endif
}
