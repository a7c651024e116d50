// code: HANDLER-009
// cases: 3
// A handler may throw: noexcept would make that the end of the process.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

sp::Response front() { return sp::Response::text("hello"); }
sp::Response silent() noexcept { return sp::Response::text("hello"); }
struct Handlers {
  static sp::Response silent() noexcept { return sp::Response::text("hello"); }
};

void routes(sp::App& app) {
  app.get("/", sp::anyone("the front page"), front);
#if CASE == 1
  app.get("/a", sp::anyone("the front page"), silent);
#elif CASE == 2
  app.get("/a", sp::anyone("the front page"), []() noexcept { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("the front page"), &Handlers::silent);
#endif
}
