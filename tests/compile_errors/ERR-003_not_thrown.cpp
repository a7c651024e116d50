// code: ERR-003
// cases: 2
// A problem that is made and not given to anybody.

// accepted by: g++-13 (it does not look at what a consteval constructor has made)
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

sp::Response admin(sp::SignedIn me) {
#ifndef CASE
  if (me.role != "admin") throw sp::Problem(403, "For administrators only");
#elif CASE == 1
  if (me.role != "admin") sp::Problem(403, "For administrators only");
#elif CASE == 2
  if (me.role != "admin") sp::Problem(403, "For administrators only", "Ask one of them.");
#endif
  return sp::Response::text("the administration");
}
