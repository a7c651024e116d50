// V4 whose object: Finds the id of the user whose e-mail the body names, and reads their notes. Should happen: does not compile.
// Request: POST /look {"email":"alice@x.example"} as Mallory: notes of Alice?
#include "service.hpp"

struct In {
  sp::Email email;
};
sp::Task<std::vector<Note>> look(sp::Body<In> in, sp::SignedIn, const sp::Db& db) {
  const auto who =
      co_await db.one<sp::Id<sp::User>>("SELECT id FROM sallyport_people WHERE email = ?", in->email.key());
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", who);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
