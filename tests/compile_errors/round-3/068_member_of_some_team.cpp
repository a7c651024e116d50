// A document is shown to members of a team, and nobody asks of which.
#include "../round-2/service.hpp"

struct Document {
  std::int64_t number;
  std::string text;
};
template <>
struct sp::view<Document> {
  using show = fields<&Document::number, &Document::text>;
};
struct Team {
  sp::Line<1, 40> team;
};
sp::Task<sp::NoContent> join(sp::Body<Team> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO members (team, user_id) VALUES (?, ?)", in->team, me.id);
  co_return {};
}
sp::Task<Document> show(sp::Path<"number", sp::Int<1, 1'000'000>> number, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.found<Document>(
      "SELECT d.number, d.text FROM documents AS d JOIN members AS m ON m.user_id = ? WHERE d.number = ? LIMIT 1",
      me.id, number->value());
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE teams (name TEXT PRIMARY KEY) STRICT",
       "CREATE TABLE members (team TEXT NOT NULL, user_id BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE "
       "CASCADE) STRICT",
       "CREATE TABLE documents (number INTEGER PRIMARY KEY, team TEXT NOT NULL REFERENCES teams (name), "
       "text TEXT NOT NULL) STRICT",
       "INSERT INTO teams (name) VALUES ('red'), ('blue')",
       "INSERT INTO documents (team, text) VALUES ('red', 'the plan of the reds')"});
  app.post("/members", sp::signed_in, join);
  app.get("/documents/:number", sp::signed_in, show);
  return app.run();
}
