// A trigger copies titles into a table of activity that knows no owners.
#include "../round-2/service.hpp"

struct Activity {
  std::string what;
};
template <>
struct sp::view<Activity> {
  using show = fields<&Activity::what>;
};
sp::Task<std::vector<Activity>> activity(sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Activity>("SELECT what FROM activity ORDER BY rowid DESC LIMIT 20");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE activity (what TEXT NOT NULL) STRICT",
               "CREATE TRIGGER note_added AFTER INSERT ON notes BEGIN "
               "INSERT INTO activity (what) VALUES ('new note: ' || new.title || ': ' || new.body); END"});
  app.get("/activity", sp::signed_in, activity);
  return app.run();
}
