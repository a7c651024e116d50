// code: WAIVE-003
// cases: 7
// A waiver without an end.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void waive(sp::App& app) {
#ifndef CASE
  app.waive("CFG-020", "the pilot runs a debug build", "2027-03-31");
#elif CASE == 1
  app.waive("CFG-020", "the pilot runs a debug build", "");
#elif CASE == 2
  app.waive("CFG-020", "the pilot runs a debug build", "2027-02-29");
#elif CASE == 3
  app.waive("CFG-020", "the pilot runs a debug build", "31.03.2027");
#elif CASE == 4
  app.waive("CFG-020", "the pilot runs a debug build", "forever");
#elif CASE == 5
  app.waive("CFG-020", "the pilot runs a debug build", "2027-3-31");
#elif CASE == 6
  app.waive("CFG-020", "the pilot runs a debug build", "2099-12-31");
#elif CASE == 7
  app.waive("CFG-020", "the pilot runs a debug build", "9999-12-31");
#endif
}
