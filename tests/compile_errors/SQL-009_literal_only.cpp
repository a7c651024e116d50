// code: SQL-009
// cases: 11
// The text of a query is a literal, whatever one tries.
#include <sallyport/db.hpp>
#include <sallyport/migrations.hpp>

#include <vector>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

std::vector<sp::Migration> one_step() { return {"CREATE TABLE notes (id INTEGER) STRICT"}; }

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title,
            [[maybe_unused]] const char parameter_array[20]) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
  static const sp::Migration first = "CREATE TABLE notes (id INTEGER) STRICT";
  (void)first;
  (void)one_step().size();
#if CASE == 1
  (void)reader.one<Note>("SELECT * FROM notes WHERE title = '" + title + "'");
#elif CASE == 2
  (void)reader.one<Note>(title);
#elif CASE == 3
  (void)reader.one<Note>(title.c_str());
#elif CASE == 4
  (void)reader.one<Note>(std::string_view("SELECT * FROM notes"));
#elif CASE == 5
  static char buffer[] = "SELECT * FROM notes";
  (void)reader.one<Note>(buffer);
#elif CASE == 6
  (void)reader.one<Note>(parameter_array);
#elif CASE == 7
  std::array<char, 9> text{"SELECT 1"};
  (void)reader.one<Note>(text);
#elif CASE == 8
  (void)reader.one<Note>(id > 0 ? "SELECT * FROM notes" : title.c_str());
#elif CASE == 9
  (void)reader.one<Note>(&"-SELECT * FROM notes"[1]);
#elif CASE == 10
  static const sp::Migration step = title;
  (void)step;
#elif CASE == 11
  const std::vector<sp::Migration> steps{title.c_str()};
  (void)steps;
#endif
}
