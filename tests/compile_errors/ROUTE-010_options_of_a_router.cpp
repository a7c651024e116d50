// code: ROUTE-010
// cases: 4
// What can't be said for all routes of a router.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.with(sp::limit{"all", 300, 1min}, sp::coep::credentialless);
#elif CASE == 1
  app.with(sp::attempts{.max = 5, .per = 15min});
#elif CASE == 2
  app.with(sp::signed_in);
#elif CASE == 3
  app.with(sp::limit{"all", 300, 1min}.per_account());
#elif CASE == 4
  app.with(sp::cors_any);
#endif
}
