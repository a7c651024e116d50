// V4 whose object: The same for anyone, since the address of the page is known to the user only. Should happen: does not compile.
// Request: GET /users/<id of Alice>/notes without a session: notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Note>> look(sp::Path<"user", sp::Id<sp::User>> user, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", *user);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/users/:user/notes", sp::anyone("a page of the user"), look);
  return app.run();
}
