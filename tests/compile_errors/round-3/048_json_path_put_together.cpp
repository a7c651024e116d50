// The client names the member of a JSON column, put together in the query.
#include "../round-2/service.hpp"

struct Which {
  sp::Line<1, 40> member;
};
sp::Task<Reply> setting(sp::Query<Which> q, const sp::Db& db) {
  const auto value = co_await db.maybe<std::string>(
      "SELECT doc ->> ('$.public.' || ?) AS value FROM settings WHERE id = 1", q->member);
  co_return Reply{value.value_or("")};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE settings (id INTEGER PRIMARY KEY, doc TEXT NOT NULL) STRICT"});
  app.get("/settings", sp::anyone("the public settings"), setting);
  return app.run();
}
