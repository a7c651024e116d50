// V3 SQL: Chooses the query from an array by a number of the client. Should happen: does not compile.
#include "service.hpp"

const char* const queries[] = {"SELECT * FROM notes WHERE owner = ?",
                               "SELECT * FROM notes WHERE owner = ? ORDER BY title"};
struct Which {
  sp::Int<0, 1> n;
};
sp::Task<std::vector<Note>> find(sp::Query<Which> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>(queries[q->n], me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/find", sp::signed_in, find);
  return app.run();
}
