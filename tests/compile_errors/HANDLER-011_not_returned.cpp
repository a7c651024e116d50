// code: HANDLER-011
// cases: 2
// An answer that is made and not returned.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

sp::Response inside(sp::Maybe<sp::SignedIn> me) {
#ifndef CASE
  if (!me) return sp::Response::see_other("/signin");
#elif CASE == 1
  if (!me) sp::Response::see_other("/signin");
#elif CASE == 2
  if (!me) sp::Response::text("sign in first", 401);
#endif
  return sp::Response::text("what is inside");
}
