// Who joins says themselves whether they moderate.
#include "../round-2/service.hpp"

struct Join {
  sp::Line<1, 40> nickname;
  bool moderator;
};
sp::Task<sp::NoContent> join(sp::Body<Join> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO members (owner, nickname, moderator) VALUES (?, ?, ?)", me.id, in->nickname,
                  in->moderator);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE members (owner BLOB PRIMARY KEY, nickname TEXT NOT NULL, moderator INTEGER NOT NULL) STRICT"});
  app.post("/members", sp::signed_in, join);
  return app.run();
}
