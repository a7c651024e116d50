// A link deletes from a list that the application keeps in its memory.
#include "../round-2/service.hpp"

#include <algorithm>
#include <mutex>

struct Board {
  std::mutex lock;
  std::vector<std::string> entries{"first", "second"};
};
struct Which {
  sp::Line<1, 40> entry;
};
sp::Response remove_entry(sp::Query<Which> q, sp::SignedIn, sp::State<Board> board) {
  const std::lock_guard guard(board->lock);
  std::erase(board->entries, q->entry.view());
  return sp::Response::see_other("/");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Board>();
  app.get("/entries/remove", sp::signed_in, remove_entry);
  return app.run();
}
