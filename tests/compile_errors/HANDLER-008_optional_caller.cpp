// code: HANDLER-008
// cases: 2
// Who may not be signed in is a Maybe.
#include <sallyport/sallyport.hpp>

#include <optional>

namespace sp = sallyport;

sp::Response front(sp::Maybe<sp::SignedIn> me) {
  if (me) return sp::Response::text(std::string(me->name));
  return sp::Response::text("nobody");
}
sp::Response optional_front(std::optional<sp::SignedIn> me) { return sp::Response::text(std::string(me->name)); }

void routes(sp::App& app) {
  app.get("/", sp::anyone("the front page"), front);
#if CASE == 1
  app.get("/a", sp::anyone("the front page"), optional_front);
#elif CASE == 2
  app.get("/a", sp::anyone("the front page"), [](std::optional<sp::SignedIn>) { return sp::NoContent{}; });
#endif
}
