// A view calls the owner otherwise, and is asked by the note's id.
#include "../round-2/service.hpp"

struct Card {
  std::string title;
};
template <>
struct sp::view<Card> {
  using show = fields<&Card::title>;
};
sp::Task<Card> card(sp::Path<"number", sp::Line<22, 22>> number, sp::SignedIn, const sp::Db& db) {
  const auto id = sp::Id<Note>::parse(*number);
  if (!id) throw sp::Problem(404, "No such card");
  co_return co_await db.found<Card>("SELECT title FROM cards WHERE number = ?", *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIEW cards (number, who, title) AS SELECT id, owner, title FROM notes"});
  app.get("/cards/:number", sp::signed_in, card);
  return app.run();
}
