// A report is opened by the name that the query gives.
#include "../round-2/service.hpp"

#include <fstream>
#include <iterator>

struct Which {
  sp::Line<1, 100> file;
};
sp::Response report(sp::Query<Which> q, sp::SignedIn) {
  std::ifstream file("reports/" + std::string(q->file));
  if (!file) throw sp::Problem(404, "No such report");
  return sp::Response::text(std::string(std::istreambuf_iterator<char>(file), {}));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/reports", sp::signed_in, report);
  return app.run();
}
