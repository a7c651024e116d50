// M5 sessions and proofs: Makes its own session: a ticket in the body, kept as it is in a table of its own. Should happen: does not compile.
// Request: POST /ticket signed in, then POST /by_ticket {"ticket":"…"} without a cookie, from any site: a session without cookie rules, end or sign-out
#include "service.hpp"

#include <cstdlib>

struct ByTicket {
  sp::Line<1, 64> ticket;
};
struct Ticket {
  sp::Id<sp::User> owner;
  std::string ticket;
};
sp::Task<sp::Response> give(sp::SignedIn me, sp::Db& db) {
  const std::string ticket = std::to_string(std::rand());
  co_await db.run("INSERT INTO tickets (ticket, owner) VALUES (?, ?)", ticket, me.id);
  co_return sp::Response::text(ticket);
}
sp::Task<std::vector<Note>> by_ticket(sp::Body<ByTicket> in, const sp::Db& db) {
  const auto found = co_await db.one<Ticket>("SELECT owner, ticket FROM tickets WHERE ticket = ?", in->ticket,
                                             sp::every_owner<"a ticket names its owner">);
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", found.owner);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE tickets (ticket TEXT PRIMARY KEY, owner BLOB NOT NULL) STRICT"});
  app.post("/ticket", sp::signed_in, give);
  app.post("/by_ticket", sp::anyone("the mobile client"), by_ticket);
  return app.run();
}
