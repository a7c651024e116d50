// A route of administrators is also mounted, by another router, for everybody.
#include "../round-2/service.hpp"

sp::Task<std::vector<Note>> all(const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"administrators read all notes">);
}
Reply health(sp::Path<"what", sp::Line<1, 20>> what) { return {std::string(*what) + " is well"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  sp::Router open;
  open.get("/:what", sp::anyone("the monitoring asks"), health);
  open.get("/notes", sp::anyone("used by the old app"), all);
  sp::Router closed;
  closed.get("/notes", sp::role("admin"), all);
  app.use("/admin", open);
  app.use("/admin", closed);
  return app.run();
}
