// code: DATA-003
// cases: 3
// The function of a transaction returns a value, and does not wait.
#include <sallyport/db.hpp>
#include <sallyport/task.hpp>

namespace sp = sallyport;

struct Note {
  std::int64_t id;
  std::string title;
};

void handle(sp::Db& db, const sp::Db& reader, std::int64_t id, const std::string& title) {
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?) RETURNING *", id, title);
  (void)reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", id);
  (void)db.transaction([&](sp::Transaction& tx) { return tx.run("DELETE FROM notes WHERE id = ?", id); });
#if CASE == 1
  (void)db.transaction([](sp::Transaction&) -> sp::Task<bool> { co_return true; });
#elif CASE == 2
  (void)db.transaction([&](sp::Transaction&) { return db.run("DELETE FROM notes WHERE TRUE"); });
#elif CASE == 3
  (void)db.transaction([&](sp::Transaction& tx) -> sp::Transaction& { return tx; });
#endif
}
