// streams and files: Opens the file that the rest of the path names. Should happen: is neutralised.
// Request: GET /file/../../etc/passwd, /file/a/..%2f..%2fetc%2fpasswd, /file/%2fetc%2fpasswd
#include "service.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

sp::Response file(sp::Path<"rest", sp::Line<1, 200>> name) {
  std::ifstream in("pub/" + std::string(name->view()));
  return sp::Response::text(std::string(name->view()) + ":" + std::string(std::istreambuf_iterator<char>(in), {}));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  std::filesystem::create_directory("pub");
  app.get("/file/*rest", sp::anyone("a public download"), file);
  return app.run();
}
