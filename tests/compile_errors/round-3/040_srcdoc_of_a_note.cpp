// A note's body is shown in a frame by srcdoc.
#include "../round-2/service.hpp"

sp::Page show(sp::Owned<Note> note) {
  return {.title = note->title, .body = sp::html<"<iframe sandbox srcdoc=\"{}\"></iframe>">(note->body)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes/:id/page", sp::owner<Note>, show);
  return app.run();
}
