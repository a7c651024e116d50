// Cookies for the configured origins, and the operator configures a star.
#include "../round-2/service.hpp"

sp::Task<std::vector<Note>> list(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", me.id);
}

int main(int argc, char** argv) {
  setenv("SALLYPORT_CORS_ORIGINS", "[\"*\"]", 0);
  sp::App app{argc, argv};
  begin(app);
  app.with(sp::configured_cors.with_credentials());
  app.get("/notes", sp::signed_in, list);
  return app.run();
}
