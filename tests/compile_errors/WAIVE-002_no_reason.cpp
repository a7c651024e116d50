// code: WAIVE-002
// cases: 2
// A waiver that does not say why.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void waive(sp::App& app) {
#ifndef CASE
  app.waive("CFG-020", "the pilot runs a debug build", "2027-03-31");
#elif CASE == 1
  app.waive("CFG-020", "", "2027-03-31");
#elif CASE == 2
  app.waive("CFG-020", "nineteen characters", "2027-03-31");
#endif
}
