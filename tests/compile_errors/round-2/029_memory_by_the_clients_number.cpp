// M3 body: Makes as many characters as the client asks for. Should happen: is neutralised.
// Request: GET /dashes?count=2000000000 ten times at once
#include "service.hpp"

struct Dashes {
  int count;
};
sp::Response dashes(sp::Query<Dashes> q) {
  return sp::Response::text(std::string(static_cast<std::size_t>(q->count), '-'));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/dashes", sp::anyone("a public toy"), dashes);
  return app.run();
}
