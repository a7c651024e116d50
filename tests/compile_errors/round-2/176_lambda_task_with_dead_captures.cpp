// lifetimes: Makes a task by a lambda with captures that is gone before the task runs. Should happen: does not compile.
// Request: GET /say as Alice
#include "service.hpp"

sp::Task<Reply> say(sp::SignedIn me) {
  const std::string name(me.name);
  auto task = [name]() -> sp::Task<Reply> { co_return Reply{"a long text that is on the heap, of " + name}; }();
  co_return co_await task;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/say", sp::signed_in, say);
  return app.run();
}
