// M3 body: Uses an optional member of the body without asking whether it is there. Should happen: is neutralised.
// Request: POST /nick {}: does the process live?
#include "service.hpp"

struct Nick {
  std::optional<sp::Line<1, 20>> nick;
};
sp::Response save(sp::Body<Nick> in) { return sp::Response::text(std::string(in->nick->view())); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/nick", sp::anyone("a public form"), save);
  return app.run();
}
