// V3 SQL: Makes an sp::Order of a text by bit_cast, since order() knows only two columns. Should happen: does not compile.
// Request: GET /find?by=title%3B%20DROP: what reaches SQLite?
#include "service.hpp"

#include <bit>

struct By {
  sp::Line<1, 100> by;
};
sp::Task<std::vector<Note>> find(sp::Query<By> q, sp::SignedIn me, const sp::Db& db) {
  const std::string_view text = q->by.view();
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? ORDER BY {}", me.id,
                                  std::bit_cast<decltype(sp::order<"title", "body">(text))>(text));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/find", sp::signed_in, find);
  return app.run();
}
