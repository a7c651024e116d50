// M5 sessions and proofs: Takes a key of its own secret type from the address, where logs and histories keep it. Should happen: does not compile.
// Request: GET /feed?key=…
#include "service.hpp"

struct Key {
  using is_secret = void;
  static sp::Parsed<Key> parse(std::string_view) { return Key{}; }
};
struct Feed {
  Key key;
};
sp::Response feed(sp::Query<Feed>) { return sp::Response::text("feed"); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/feed", sp::anyone("the key is in the query"), feed);
  return app.run();
}
