// My note takes the body of another one, by UPDATE … FROM.
#include "../round-2/service.hpp"

struct Paste {
  sp::Line<22, 22> source;
};
sp::Task<sp::NoContent> paste(sp::Owned<Note> note, sp::Body<Paste> in, sp::SignedIn me, sp::Db& db) {
  const auto source = sp::Id<Note>::parse(in->source);
  if (!source) throw sp::Problem(404, "No such note");
  co_await db.run("UPDATE notes SET body = s.body FROM notes AS s WHERE notes.id = ? AND notes.owner = ? AND s.id = ?",
                  note.id(), me.id, *source);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/notes/:id/paste", sp::owner<Note>, paste);
  return app.run();
}
