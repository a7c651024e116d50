// code: ROUTE-011
// cases: 4
// Two options of a kind: one of them would silently do nothing.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
  const auto answer = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::signed_in, sp::limit{"a", 30, 1min}, sp::limit{"b", 30, 1min}, sp::coep::credentialless, answer);
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::coep::credentialless, sp::coep::unsafe_none, answer);
#elif CASE == 2
  app.get("/a", sp::signed_in, sp::max_concurrent{1}, sp::max_concurrent{2}, answer);
#elif CASE == 3
  app.get("/a", sp::signed_in, sp::csp{"img-src 'self'"}, sp::csp{"font-src 'self'"}, answer);
#elif CASE == 4
  app.asset("/a", sp::AssetType::css, "", sp::corp::cross_origin, sp::corp::same_site);
#endif
}
