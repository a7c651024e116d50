// code: ROUTE-013
// cases: 1
// A refusal to start that looks like success to whoever starts the process.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

int serve(sp::App& app) {
#ifndef CASE
  return app.run();
#elif CASE == 1
  app.run();
  return 0;
#endif
}
