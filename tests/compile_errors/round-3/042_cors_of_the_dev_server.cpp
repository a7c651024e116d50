// The origin of the development server is allowed, with cookies.
#include "../round-2/service.hpp"

sp::Task<std::vector<Note>> list(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes", sp::signed_in, sp::cors<"http://localhost:5173">.with_credentials(), list);
  return app.run();
}
