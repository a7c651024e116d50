// M3 body: Uses the fields of a TryForm without asking whether it is valid. Should happen: is neutralised.
// Request: POST /form title= (empty): does the process live?
#include "service.hpp"

struct Form {
  sp::Line<1, 20> title;
};
sp::Response save(sp::TryForm<Form> in) { return sp::Response::text("saved " + std::string(in->title.view())); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/form", sp::anyone("a public form"), save);
  return app.run();
}
