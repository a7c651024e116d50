// A user's title becomes the file name of a download, quotes and all.
#include "../round-2/service.hpp"

sp::Response download(sp::Owned<Note> note) {
  return sp::Response::text(note->body)
      .header("Content-Disposition", "attachment; filename=\"" + note->title + ".txt\"");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes/:id/file", sp::owner<Note>, download);
  return app.run();
}
