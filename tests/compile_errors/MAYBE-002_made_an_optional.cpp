// code: MAYBE-002
// cases: 3
// A Maybe stays one: as a std::optional it could be used blindly.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

sp::Task<sp::Maybe<Note>> find(const sp::Db& db, std::int64_t id) {
  co_return co_await db.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
}

sp::Task<std::string> mistake(const sp::Db& db, std::int64_t id) {
#if CASE == 1
  std::optional<Note> note = co_await db.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
  co_return note->title;
#elif CASE == 2
  const auto note = co_await [](const sp::Db& from, std::int64_t of) -> sp::Task<std::optional<Note>> {
    co_return co_await from.maybe<Note>("SELECT * FROM notes WHERE id = ?", of);
  }(db, id);
  co_return note->title;
#elif CASE == 3
  const std::optional<Note> note{co_await find(db, id)};
  co_return note->title;
#endif
  co_return (co_await find(db, id).or_problem(404, "No such note")).title;
}
