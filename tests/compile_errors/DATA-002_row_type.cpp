// code: DATA-002
// cases: 6
// A row becomes a plain struct of values that own what they hold.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};
struct View {
  std::string_view title;
};
struct Constructed {
  explicit Constructed(std::string text);
  std::string title;
};
struct Empty {};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
#if CASE == 1
  (void)reader.one<std::string_view>("SELECT title FROM notes").await_resume();
#elif CASE == 2
  (void)reader.one<const char*>("SELECT title FROM notes").await_resume();
#elif CASE == 3
  (void)reader.one<View>("SELECT title FROM notes").await_resume();
#elif CASE == 4
  (void)reader.one<Constructed>("SELECT title FROM notes").await_resume();
#elif CASE == 5
  (void)reader.one<Empty>("SELECT title FROM notes").await_resume();
#elif CASE == 6
  (void)reader.one<std::vector<std::string>>("SELECT title FROM notes").await_resume();
#endif
}
