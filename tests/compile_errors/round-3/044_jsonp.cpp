// Other sites read the user's notes by a script with a callback.
#include "../round-2/service.hpp"

struct Callback {
  sp::Line<1, 40> callback;
};
sp::Stream<"application/javascript"> notes_script(sp::Query<Callback> q, sp::SignedIn me, const sp::Db& db) {
  co_yield std::string(q->callback) + "(";
  const auto notes = co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", me.id);
  std::string json;
  sp::to_json(json, notes);
  co_yield json;
  co_yield ");";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes.js", sp::signed_in, notes_script);
  return app.run();
}
