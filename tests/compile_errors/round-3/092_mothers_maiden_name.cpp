// The answer to a security question is a text like any other.
#include "../round-2/service.hpp"

struct Forgot {
  sp::Line<1, 80> nickname;
  sp::Line<1, 80> mothers_maiden_name;
};
sp::Task<Reply> hint(sp::Body<Forgot> in, const sp::Db& db) {
  const auto kept = co_await db.maybe<std::string>("SELECT hint FROM hints WHERE nickname = ? AND maiden_name = ?",
                                                   in->nickname, in->mothers_maiden_name);
  co_return Reply{kept.or_problem(403, "That is not the answer")};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE hints (nickname TEXT PRIMARY KEY, maiden_name TEXT NOT NULL, hint TEXT NOT NULL) STRICT"});
  app.post("/forgot", sp::anyone("who has forgotten the password"), hint);
  return app.run();
}
