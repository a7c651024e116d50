// V4 whose object: Lists the notes of the user that the path names, as /users/:id/notes in Express. Should happen: does not compile.
// Request: GET /users/<id of Alice>/notes as Mallory: notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Note>> look(sp::Path<"user", sp::Id<sp::User>> user, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", *user);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/users/:user/notes", sp::signed_in, look);
  return app.run();
}
