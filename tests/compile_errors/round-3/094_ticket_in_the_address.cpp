// A link with a ticket in its query signs a newsletter off, or whatever the ticket is for.
#include "../round-2/service.hpp"

struct Link {
  sp::Line<22, 22> ticket;
};
sp::Task<sp::Page> links(sp::SignedIn me, sp::Db& db) {
  const std::string ticket = sp::Id<Note>::random().text();
  co_await db.run("INSERT INTO tickets (owner, ticket) VALUES (?, ?)", me.id, ticket);
  co_return sp::Page{
      .title = "Your link",
      .body = sp::html<"<a href=\"{}\">your private feed</a>">(sp::local_url<"/feed?ticket={}">(ticket))};
}
struct Title {
  std::string title;
};
template <>
struct sp::view<Title> {
  using show = fields<&Title::title>;
};
sp::Task<std::vector<Title>> feed(sp::Query<Link> q, const sp::Db& db) {
  co_return co_await db.all<Title>(
      "SELECT n.title FROM tickets AS t JOIN notes AS n ON n.owner = t.owner WHERE t.ticket = ?", q->ticket);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE tickets (owner BLOB NOT NULL, ticket TEXT PRIMARY KEY) STRICT"});
  app.post("/link", sp::signed_in, links);
  app.get("/feed", sp::anyone("the ticket proves it"), feed);
  return app.run();
}
