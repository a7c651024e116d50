// code: WAIVE-001
// cases: 3
// A refusal that can't be waived, or that does not exist.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void waive(sp::App& app) {
#ifndef CASE
  app.waive("CFG-020", "the pilot runs a debug build", "2027-03-31");
#elif CASE == 1
  app.waive("CFG-001", "a key would be too much trouble", "2027-03-31");
#elif CASE == 2
  app.waive("CFG-999", "the pilot runs a debug build", "2027-03-31");
#elif CASE == 3
  app.waive("", "the pilot runs a debug build", "2027-03-31");
#endif
}
