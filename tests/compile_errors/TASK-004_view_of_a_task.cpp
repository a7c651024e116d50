// code: TASK-004
// cases: 5
// A task answers with a value: what it looked at is gone with it.
#include <sallyport/sallyport.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sp = sallyport;

struct Note {
  std::string title;
};

sp::Task<sp::Maybe<Note>> find(const sp::Db& db) {
  co_return co_await db.maybe<Note>("SELECT title FROM words LIMIT 1");
}

#if CASE == 1
sp::Task<const Note*> pointer(const sp::Db& db) {
  const auto note = co_await find(db);
  co_return note ? &*note : nullptr;
}
#elif CASE == 2
sp::Task<std::string_view> view(const sp::Db& db) {
  const Note note = co_await find(db).or_problem(404, "No note");
  co_return note.title;
}
#elif CASE == 3
sp::Task<std::optional<std::string_view>> perhaps(const sp::Db& db) {
  const auto note = co_await find(db);
  if (!note) co_return std::nullopt;
  co_return note->title;
}
#elif CASE == 4
sp::Task<std::span<const char>> bytes(const sp::Db& db) {
  const Note note = co_await find(db).or_problem(404, "No note");
  co_return std::span(note.title);
}
#elif CASE == 5
sp::Task<const std::string&> reference(const sp::Db& db) {
  const Note note = co_await find(db).or_problem(404, "No note");
  co_return note.title;
}
#endif
