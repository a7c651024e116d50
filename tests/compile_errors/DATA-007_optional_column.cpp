// code: DATA-007
// cases: 3
// A column that may be NULL, in a type whose blind use ends the process.
#include <sallyport/db.hpp>

namespace sp = sallyport;

struct Person {
  std::int64_t id;
  sp::Maybe<std::string> nickname;
};
struct Careless {
  std::int64_t id;
  std::optional<std::string> nickname;
};

void handle(sp::Db& db, const sp::Db& reader) {
  (void)reader.maybe<Person>("SELECT id, nickname FROM people LIMIT 1").await_resume();
  (void)db.run("UPDATE people SET nickname = ? WHERE id = 1", std::optional<std::string>());
#if CASE == 1
  (void)reader.maybe<Careless>("SELECT id, nickname FROM people LIMIT 1").await_resume();
#elif CASE == 2
  (void)reader.all<Careless>("SELECT id, nickname FROM people").await_resume();
#elif CASE == 3
  (void)reader.one<std::optional<std::int64_t>>("SELECT max(id) FROM people").await_resume();
#endif
}
