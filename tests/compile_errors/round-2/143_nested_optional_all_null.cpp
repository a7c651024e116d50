// M7 NoSQL and JSON types: Deletes by optional filters: all of them absent means everything. Should happen: is neutralised.
// Request: POST /purge {} as Alice: all of her notes gone?
#include "service.hpp"

struct Purge {
  std::optional<sp::Line<1, 40>> title;
};
sp::Task<Reply> purge(sp::Body<Purge> in, sp::SignedIn me, sp::Db& db) {
  co_return Reply{std::to_string(
      co_await db.run("DELETE FROM notes WHERE owner = ? AND title = coalesce(?, title)", me.id, in->title))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/purge", sp::signed_in, purge);
  return app.run();
}
