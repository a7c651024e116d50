// V4 whose object: Takes the owner of a row that anybody may name, and reads all that this owner has. Should happen: does not compile.
// Request: POST /look {"entry":1} as Mallory: notes of Alice?
#include "service.hpp"

struct Entry {
  std::int64_t id;
  sp::Id<sp::User> author;
};
struct Which {
  std::int64_t entry;
};
sp::Task<Reply> add(sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO entries (author) VALUES (?)", me.id);
  co_return Reply{"added"};
}
sp::Task<std::vector<Note>> look(sp::Body<Which> in, sp::SignedIn, const sp::Db& db) {
  const auto entry = co_await db.one<Entry>("SELECT id, author FROM entries WHERE id = ?", in->entry,
                                            sp::every_owner<"the guestbook is public">);
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", entry.author);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE entries (id INTEGER PRIMARY KEY, author BLOB NOT NULL) STRICT"});
  app.post("/entries", sp::signed_in, add);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
