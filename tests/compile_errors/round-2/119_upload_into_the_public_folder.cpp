// V1 pages: Writes what users send into the folder that is served, under the name that they choose. Should happen: is neutralised.
// Request: POST /up {"name":"x.html","text":"<script>alert(1)</script>"}, then GET /pub/x.html: does the script run?
#include "service.hpp"

#include <filesystem>
#include <fstream>

struct Up {
  sp::Line<1, 40> name;
  sp::Text<0, 10'000> text;
};
sp::NoContent up(sp::Body<Up> in, sp::SignedIn) {
  std::ofstream("pub/" + std::string(in->name.view())) << in->text.view();
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  std::filesystem::create_directory("pub");
  app.post("/up", sp::signed_in, up);
  app.files("/pub", sp::anyone("what users share"), "pub");
  return app.run();
}
