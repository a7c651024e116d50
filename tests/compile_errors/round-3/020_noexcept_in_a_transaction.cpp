// The function of a transaction is noexcept and finds no row.
#include "../round-2/service.hpp"

struct Move {
  sp::Line<1, 200> from;
  sp::Line<1, 200> to;
};
sp::Task<sp::NoContent> rename_note(sp::Body<Move> in, sp::SignedIn me, sp::Db& db) {
  co_await db.transaction([&](sp::Transaction& tx) noexcept {
    const Note note = tx.found<Note>("SELECT * FROM notes WHERE owner = ? AND title = ?", me.id, in->from);
    tx.run("UPDATE notes SET title = ? WHERE id = ? AND owner = ?", in->to, note.id, me.id);
  });
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/rename", sp::signed_in, rename_note);
  return app.run();
}
