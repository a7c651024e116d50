// A note is duplicated by INSERT … SELECT, from whoever's it is.
#include "../round-2/service.hpp"

struct Copy {
  sp::Line<22, 22> from;
};
sp::Task<sp::Created<Note>> copy(sp::Body<Copy> in, sp::SignedIn me, sp::Db& db) {
  const auto from = sp::Id<Note>::parse(in->from);
  if (!from) throw sp::Problem(404, "No such note");
  co_return co_await db
      .maybe<Note>(
          "INSERT INTO notes (id, owner, title, body) SELECT ?, ?, title, body FROM notes WHERE id = ? RETURNING *",
          sp::Id<Note>::random(), me.id, *from)
      .or_problem(404, "No such note");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/notes/copy", sp::signed_in, copy);
  return app.run();
}
