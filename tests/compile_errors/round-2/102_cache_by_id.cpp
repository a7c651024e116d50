// V4 whose object: Caches notes by their id, and answers from the cache whoever asks. Should happen: does not compile.
// Request: GET /notes/<id> as Alice, then GET /cached?note=<id> as Mallory: the note?
#include "service.hpp"

#include <map>
#include <mutex>

struct Which {
  sp::Id<Note> note;
};
struct Cache {
  std::mutex mutex;
  std::map<std::string, Note> notes;
};
Note show(sp::Owned<Note> note, sp::State<Cache> cache) {
  const std::lock_guard lock(cache->mutex);
  cache->notes.insert_or_assign(note->id.text(), *note);
  return *note;
}
Note look(sp::Query<Which> q, sp::SignedIn, sp::State<Cache> cache) {
  const std::lock_guard lock(cache->mutex);
  const auto found = cache->notes.find(q->note.text());
  if (found == cache->notes.end()) throw sp::Problem(404, "Not found");
  return found->second;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Cache>();
  app.get("/notes/:id", sp::owner<Note>, show);
  app.get("/cached", sp::signed_in, look);
  return app.run();
}
