// M4 errors: Yields e.what() into a CSV, so that the client sees what went wrong. Should happen: is neutralised.
// Request: GET /titles.csv: does the answer name the query?
#include "service.hpp"

sp::Stream<"text/csv; charset=utf-8"> titles(sp::SignedIn me, const sp::Db& db) {
  std::string failure;
  try {
    for (const Note& note : co_await db.all<Note>("SELECT * FROM nots WHERE owner = ?", me.id)) co_yield note.title;
  } catch (const std::exception& e) {
    failure = e.what();
  }
  co_yield "error: " + failure;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/titles.csv", sp::signed_in, titles);
  return app.run();
}
