// Of many notes that are deleted at once, the first is checked.
#include "../round-2/service.hpp"

struct Bulk {
  sp::List<sp::Line<22, 22>, 50> notes;
};
sp::Task<sp::NoContent> remove_all(sp::Body<Bulk> in, sp::SignedIn me, sp::Db& db) {
  std::vector<sp::Id<Note>> ids;
  for (const auto& text : in->notes) {
    if (const auto id = sp::Id<Note>::parse(text)) ids.push_back(*id);
  }
  if (ids.empty()) co_return {};
  co_await db.transaction([&](sp::Transaction& tx) {
    if (!tx.maybe<Note>("SELECT * FROM notes WHERE id = ? AND owner = ?", ids[0], me.id))
      throw sp::Problem(404, "No such note");
    tx.run("DELETE FROM notes WHERE id IN (?...)", ids);
  });
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/notes/remove", sp::signed_in, remove_all);
  return app.run();
}
