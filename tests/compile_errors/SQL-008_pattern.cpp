// code: SQL-008
// cases: 10
// A user's text is no pattern until it is escaped.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
  (void)reader.all<Note>("SELECT * FROM notes WHERE title LIKE ? ESCAPE '\\'", sp::contains(title));
  (void)reader.all<Note>("SELECT * FROM words WHERE words MATCH ?", sp::match_words(title));
#if CASE == 1
  (void)reader.all<Note>("SELECT * FROM notes WHERE title LIKE ?", title);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM notes WHERE title LIKE ? ESCAPE '\\'", title);
#elif CASE == 3
  (void)reader.all<Note>("SELECT * FROM notes WHERE title LIKE ?", sp::contains(title));
#elif CASE == 4
  (void)reader.all<Note>("SELECT * FROM notes WHERE title LIKE '%' || ? || '%'", title);
#elif CASE == 5
  (void)reader.all<Note>("SELECT * FROM notes WHERE title = ?", sp::contains(title));
#elif CASE == 6
  (void)reader.all<Note>("SELECT * FROM notes WHERE title GLOB ?", title);
#elif CASE == 7
  (void)reader.all<Note>("SELECT * FROM words WHERE words MATCH ?", title);
#elif CASE == 8
  (void)reader.all<Note>("SELECT * FROM words WHERE words MATCH 'title:' || ?", title);
#elif CASE == 9
  (void)reader.all<Note>("SELECT * FROM words(?)", title);
#elif CASE == 10
  (void)reader.all<Note>("SELECT * FROM words WHERE title = ?", sp::match_words(title));
#endif
}
