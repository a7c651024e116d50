// Std::ranges::for_each with a coroutine, as forEach with an async function: nothing is awaited.
#include "../round-2/service.hpp"

#include <algorithm>

struct Many {
  sp::List<NewNote, 20> notes;
};
sp::Task<Reply> add_many(sp::Body<Many> in, sp::SignedIn me, sp::Db& db) {
  std::ranges::for_each(in->notes, [&](const NewNote& note) -> sp::Task<> {
    co_await db.run("INSERT INTO notes (id, owner, title, body) VALUES (?, ?, ?, ?)", sp::Id<Note>::random(), me.id,
                    note.title, note.body);
  });
  co_return Reply{"added"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/notes/many", sp::signed_in, add_many);
  return app.run();
}
