// V2 CSRF: Confirms by a link in a mail: UPDATE … RETURNING through const Db&. Should happen: does not compile.
#include "service.hpp"

sp::Task<Note> confirm(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.one<Note>("UPDATE notes SET body = '' WHERE owner = ? RETURNING *", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/confirm", sp::signed_in, confirm);
  return app.run();
}
