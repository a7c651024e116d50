// code: HANDLER-010
// cases: 2
// A handler's name that stands for several functions.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static sp::NoContent drop(sp::SignedIn) { return {}; }
#ifdef CASE
[[maybe_unused]] static sp::NoContent drop() { return {}; }
#endif
template <class T>
sp::NoContent listen_to(T) {
  return {};
}

void routes(sp::Router& app) {
#ifndef CASE
  app.del("/a", sp::signed_in, drop);
  app.post("/a", sp::signed_in, listen_to<sp::SignedIn>);
#elif CASE == 1
  app.del("/a", sp::signed_in, drop);
#elif CASE == 2
  app.post("/a", sp::signed_in, listen_to);
#endif
}
