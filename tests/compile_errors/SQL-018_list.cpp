// code: SQL-018
// cases: 5
// Several values stand in parentheses.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(const sp::Db& reader, std::int64_t id, const std::vector<std::int64_t>& ids) {
  (void)reader.all<Note>("SELECT * FROM notes WHERE id IN (?...) AND writer = ?", ids, id);
  (void)reader.all<Note>("SELECT * FROM notes WHERE id NOT IN (?...)", std::span(ids));
#if CASE == 1
  (void)reader.all<Note>("SELECT * FROM notes WHERE id IN (?)", ids);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM notes WHERE id IN (?...)", id);
#elif CASE == 3
  (void)reader.all<Note>("SELECT * FROM notes WHERE id = ?...", ids);
#elif CASE == 4
  (void)reader.all<Note>("SELECT * FROM notes WHERE id IN (1, ?...)", ids);
#elif CASE == 5
  (void)reader.all<Note>("SELECT * FROM notes WHERE id IN (?...) AND writer IN (?...)", ids, ids);
#endif
}
