// A client may write any setting by its name, and one of them is a right.
#include "../round-2/service.hpp"

struct Setting {
  sp::Line<1, 40> name;
  sp::Line<0, 200> value;
};
sp::Task<sp::NoContent> set(sp::Body<sp::List<Setting, 20>> in, sp::SignedIn me, sp::Db& db) {
  for (const Setting& setting : *in)
    co_await db.run("INSERT INTO settings (owner, name, value) VALUES (?, ?, ?)", me.id, setting.name, setting.value);
  co_return {};
}
sp::Task<std::vector<Note>> all(sp::SignedIn me, const sp::Db& db) {
  const auto staff = co_await db.one<std::int64_t>(
      "SELECT count(*) FROM settings WHERE owner = ? AND name = 'staff' AND value = 'yes'", me.id);
  if (staff == 0) throw sp::Problem(403, "For the staff only");
  co_return co_await db.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"the staff reads all notes">);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE settings (owner BLOB NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL) STRICT"});
  app.put("/settings", sp::signed_in, set);
  app.get("/staff/notes", sp::signed_in, all);
  return app.run();
}
