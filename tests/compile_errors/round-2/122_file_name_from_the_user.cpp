// V1 pages: Puts a title into Content-Disposition as it is. Should happen: does not compile or is escaped.
// Request: GET /file?name=a%22%3B%20filename%3D%22x.bat: two names in the field?
#include "service.hpp"

struct File {
  sp::Line<1, 100> name;
};
sp::Response file(sp::Query<File> q) {
  return sp::Response::text("hello").header("Content-Disposition",
                                            "attachment; filename=\"" + std::string(q->name.view()) + "\"");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/file", sp::anyone("a public download"), file);
  return app.run();
}
