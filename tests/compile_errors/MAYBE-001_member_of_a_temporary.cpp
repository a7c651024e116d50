// code: MAYBE-001
// cases: 3
// A Maybe that is gone at the end of the line is not asked for a member.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

sp::Task<std::string> title_of(const sp::Db& db, std::int64_t id) {
  if (const auto note = co_await db.maybe<Note>("SELECT * FROM notes WHERE id = ?", id)) co_return note->title;
  co_return (co_await db.maybe<Note>("SELECT * FROM notes WHERE id = ?", id).or_problem(404, "No such note")).title;
}

sp::Task<std::string> mistake(const sp::Db& db, std::int64_t id) {
#if CASE == 1
  co_return (co_await db.maybe<Note>("SELECT * FROM notes WHERE id = ?", id))->title;
#elif CASE == 2
  const std::string& title = (co_await db.maybe<Note>("SELECT * FROM notes WHERE id = ?", id))->title;
  co_return title;
#elif CASE == 3
  co_return co_await db.transaction(
      [&](sp::Transaction& tx) { return tx.maybe<Note>("SELECT * FROM notes WHERE id = ?", id)->title; });
#endif
  co_return co_await title_of(db, id);
}
