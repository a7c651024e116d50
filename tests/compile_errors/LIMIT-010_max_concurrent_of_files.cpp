// code: LIMIT-010
// cases: 2
// Calls at once, where no handler runs.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.files("/a", sp::anyone("for the test of this rule"), "folder", sp::limit{"files", 30, 1min});
#elif CASE == 1
  app.files("/a", sp::anyone("for the test of this rule"), "folder", sp::max_concurrent{4});
#elif CASE == 2
  app.asset("/a", sp::AssetType::css, "", sp::max_concurrent{4});
#endif
}
