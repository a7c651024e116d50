// V1 pages: Streams titles as CSV: one that begins with = is a formula in a spreadsheet. Should happen: does not compile or is escaped.
// Request: GET /titles.csv with a note called =HYPERLINK("https://evil.example","x")
#include "service.hpp"

sp::Stream<"text/csv; charset=utf-8"> titles(sp::SignedIn me, const sp::Db& db) {
  for (const Note& note : co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", me.id))
    co_yield note.title + "\r\n";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/titles.csv", sp::signed_in, titles);
  return app.run();
}
