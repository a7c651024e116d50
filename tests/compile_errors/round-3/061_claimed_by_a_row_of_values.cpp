// Who has the link claims a note, by a SET of two columns at once.
#include "../round-2/service.hpp"

struct Claim {
  sp::Line<22, 22> note;
  sp::Line<1, 200> title;
};
sp::Task<sp::NoContent> claim(sp::Body<Claim> in, sp::SignedIn me, sp::Db& db) {
  const auto id = sp::Id<Note>::parse(in->note);
  if (!id) throw sp::Problem(404, "No such note");
  co_await db.run("UPDATE notes SET (owner, title) = (?, ?) WHERE id = ?", me.id, in->title, *id)
      .or_problem(404, "No such note");
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/claim", sp::signed_in, claim);
  return app.run();
}
