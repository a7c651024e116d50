// The caller is looked for among all owners.
#include "../round-2/service.hpp"

sp::Task<Note> show(sp::Path<"name", sp::Line<22, 22>> name, sp::SignedIn me, const sp::Db& db) {
  const auto id = sp::Id<Note>::parse(*name);
  if (!id) throw sp::Problem(404, "No such note");
  co_return co_await db.found<Note>("SELECT * FROM notes WHERE id = ? AND ? IN (SELECT owner FROM notes)", *id, me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show/:name", sp::signed_in, show);
  return app.run();
}
