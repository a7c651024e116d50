// A retry awaits the same task a second time.
#include "../round-2/service.hpp"

sp::Task<std::int64_t> reserve(sp::Db& db, sp::OwnedId<sp::User> who, std::int64_t seat) {
  co_return co_await db.run("INSERT INTO seats (owner, seat) VALUES (?, ?)", who, seat);
}
struct Seat {
  sp::Int<1, 400> seat;
};
sp::Task<Reply> book(sp::Body<Seat> in, sp::SignedIn me, sp::Db& db) {
  auto task = reserve(db, me.id, in->seat.value());
  for (int tries = 0; tries < 3; ++tries) {
    try {
      co_return Reply{std::to_string(co_await std::move(task))};
    } catch (const sp::DatabaseError&) {
      // busy: once more
    }
  }
  throw sp::Problem(409, "The seat is taken");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE seats (owner BLOB NOT NULL, seat INTEGER PRIMARY KEY) STRICT"});
  app.post("/seats", sp::signed_in, book);
  return app.run();
}
