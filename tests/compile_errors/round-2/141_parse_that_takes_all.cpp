// M7 NoSQL and JSON types: Writes a type whose parse accepts every text, to get the text unchecked. Should happen: does not compile.
// Request: POST /save {"raw":"\u0000<script>"}: what arrives?
#include "service.hpp"

struct Raw {
  std::string text;
  static sp::Parsed<Raw> parse(std::string_view text) { return Raw{std::string(text)}; }
};
struct In {
  Raw raw;
};
sp::Response save(sp::Body<In> in) { return sp::Response::text(in->raw.text); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::anyone("a public form"), save);
  return app.run();
}
