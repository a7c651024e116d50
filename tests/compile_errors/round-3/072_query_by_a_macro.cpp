// A macro loads any table's row by its id.
#include "../round-2/service.hpp"

#define LOAD(db, Type, table, id) (co_await (db).found<Type>("SELECT * FROM " table " WHERE id = ?", (id)))
sp::Task<Note> show(sp::Path<"name", sp::Line<22, 22>> name, sp::SignedIn, const sp::Db& db) {
  const auto id = sp::Id<Note>::parse(*name);
  if (!id) throw sp::Problem(404, "No such note");
  co_return LOAD(db, Note, "notes", *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show/:name", sp::signed_in, show);
  return app.run();
}
