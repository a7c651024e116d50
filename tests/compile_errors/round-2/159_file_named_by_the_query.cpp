// streams and files: Opens the file that the query names. Should happen: cannot be stopped, or is refused.
// Request: GET /file?name=../../../../etc/passwd
#include "service.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

struct File {
  sp::Line<1, 200> name;
};
sp::Response file(sp::Query<File> q) {
  std::ifstream in("pub/" + std::string(q->name.view()));
  return sp::Response::text(std::string(std::istreambuf_iterator<char>(in), {}));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  std::filesystem::create_directory("pub");
  app.get("/file", sp::anyone("a public download"), file);
  return app.run();
}
