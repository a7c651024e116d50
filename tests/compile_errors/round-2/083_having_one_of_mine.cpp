// V4 whose object: Groups by the text, and keeps groups in which one row is one's own. Should happen: does not compile.
// Request: GET /look as Mallory: are there notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Reply>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT group_concat(title) AS text FROM notes GROUP BY body HAVING max(owner = ?)",
                                   me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
