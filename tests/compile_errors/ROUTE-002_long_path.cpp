// code: ROUTE-002
// cases: 1
// A path that is longer than anybody would type.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

#define EIGHTY "/234567890/234567890/234567890/234567890/234567890/234567890/234567890/234567890"
#define FOUR_HUNDRED EIGHTY EIGHTY EIGHTY EIGHTY EIGHTY
#define A_THOUSAND FOUR_HUNDRED FOUR_HUNDRED EIGHTY EIGHTY "/234567890/234567890/234567890/234567890"

void routes(sp::Router& app) {
#ifndef CASE
  app.get(A_THOUSAND "/abcdefghijklmnopqrstuvw", sp::signed_in, [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get(A_THOUSAND "/abcdefghijklmnopqrstuvwx", sp::signed_in, [] { return sp::NoContent{}; });
#endif
}
