// A passphrase of its own is kept as std::hash of it and compared.
#include "../round-2/service.hpp"

#include <functional>

struct Door {
  sp::Line<1, 40> name;
  sp::Line<8, 100> passphrase;
};
sp::Task<Reply> enter(sp::Body<Door> in, sp::Db& db) {
  const auto hash = static_cast<std::int64_t>(std::hash<std::string_view>{}(in->passphrase.view()) >> 1);
  const auto kept = co_await db.maybe<std::int64_t>("SELECT hash FROM doors WHERE name = ?", in->name);
  if (!kept || *kept != hash) throw sp::Problem(403, "Wrong passphrase");
  co_return Reply{"open"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE doors (name TEXT PRIMARY KEY, hash INTEGER NOT NULL) STRICT"});
  app.post("/doors", sp::anyone("the passphrase opens it"), sp::limit{"doors", 10, 1min}, enter);
  return app.run();
}
