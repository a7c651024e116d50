// V3 SQL: Reads the member that the client names by ->>. Should happen: does not compile.
#include "service.hpp"

struct Get {
  sp::Line<1, 40> name;
};
sp::Task<std::vector<Reply>> read(sp::Query<Get> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT body ->> ? AS text FROM notes WHERE owner = ?", q->name, me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/read", sp::signed_in, read);
  return app.run();
}
