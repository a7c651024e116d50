// streams and files: Opens the file that the path names. Should happen: is neutralised.
// Request: GET /file/..%2f..%2fetc%2fpasswd and /file/%2e%2e
#include "service.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

sp::Response file(sp::Path<"name", sp::Line<1, 200>> name) {
  std::ifstream in("pub/" + std::string(name->view()));
  return sp::Response::text(std::string(name->view()) + ":" + std::string(std::istreambuf_iterator<char>(in), {}));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  std::filesystem::create_directory("pub");
  app.get("/file/:name", sp::anyone("a public download"), file);
  return app.run();
}
