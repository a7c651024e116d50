// lifetimes: Makes a task with a temporary string, and awaits it in the next line. Should happen: does not compile.
// Request: GET /say as Alice: the text, or what lies there now?
#include "service.hpp"

sp::Task<Reply> repeat(const std::string& text) { co_return Reply{text + text}; }
sp::Task<Reply> say(sp::SignedIn me) {
  auto task = repeat("a long text that is on the heap, of " + std::string(me.name));
  co_return co_await task;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/say", sp::signed_in, say);
  return app.run();
}
