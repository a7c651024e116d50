// code: LIMIT-007
// cases: 3
// A limit per account where nobody has to be signed in.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
  const auto answer = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::signed_in, sp::limit{"export", 30, 1min}.per_account(), answer);
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"export", 30, 1min}.per_account(), answer);
#elif CASE == 2
  app.files("/a", sp::anyone("for the test of this rule"), "folder", sp::limit{"export", 30, 1min}.per_account());
#elif CASE == 3
  app.asset("/a", sp::AssetType::css, "", sp::limit{"export", 30, 1min}.per_account());
#endif
}
