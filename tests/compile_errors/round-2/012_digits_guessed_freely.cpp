// M2 limits: Compares the four digits of a door itself, without attempts. Should happen: does not compile or is limited.
// Request: POST /unlock {"door":1,"digits":"0000"}, then 0001 and so on: does anything slow it down?
#include "service.hpp"

struct Unlock {
  std::int64_t door;
  sp::Line<4, 4> digits;
};
sp::Task<sp::Response> unlock(sp::Body<Unlock> in, const sp::Db& db) {
  const auto right = co_await db.one<std::string>("SELECT digits FROM doors WHERE id = ?", in->door);
  if (in->digits.view() != right) co_return sp::Problem(403, "Wrong digits");
  co_return sp::Response::text("open");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE doors (id INTEGER PRIMARY KEY, digits TEXT NOT NULL) STRICT; INSERT INTO doors VALUES (1, "
       "'4711')"});
  app.post("/unlock", sp::anyone("the panel at the door"), unlock);
  return app.run();
}
