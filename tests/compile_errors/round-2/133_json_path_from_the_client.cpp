// V3 SQL: Sets the member that the client names by a concatenated path. Should happen: does not compile.
#include "service.hpp"

struct Set {
  sp::Line<1, 40> name;
  sp::Line<0, 40> value;
};
sp::Task<sp::NoContent> save(sp::Body<Set> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("UPDATE notes SET body = json_set(body, '$.' || ?, ?) WHERE owner = ?", in->name, in->value, me.id);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/set", sp::signed_in, save);
  return app.run();
}
