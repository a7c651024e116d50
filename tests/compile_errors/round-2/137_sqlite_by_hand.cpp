// V3 SQL: Opens the file of the database with sqlite3 itself, since the query is complicated. Should happen: cannot be stopped, or is refused.
// Request: GET /raw?q=x%27%20OR%201%3D1-- : all titles?
#include "service.hpp"

#include <sqlite3.h>

struct Search {
  sp::Line<1, 100> q;
};
sp::Response raw(sp::Query<Search> q) {
  sqlite3* db = nullptr;
  std::string out;
  sqlite3_open("data/notes.db", &db);
  const auto add = [](void* to, int, char** values, char**) {
    static_cast<std::string*>(to)->append(values[0]).append("\n");
    return 0;
  };
  sqlite3_exec(db, ("SELECT title FROM notes WHERE title = '" + std::string(q->q.view()) + "'").c_str(), add, &out,
               nullptr);
  sqlite3_close(db);
  return sp::Response::text(out);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/raw", sp::anyone("a public search"), raw);
  return app.run();
}
