// code: WAIVE-002
// cases: 7
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
#elif CASE == 3
  app.waive("CFG-020", "                         ", "2027-03-31");
#elif CASE == 4
  app.waive("CFG-020", "------------------------------", "2027-03-31");
#elif CASE == 5
  app.waive("CFG-020", "aaaaaaaaaaaa aaaaaaaaaaaaaaa", "2027-03-31");
#elif CASE == 6
  app.waive("CFG-020", "todo todo todo todo todo", "2027-03-31");
#elif CASE == 7
  app.waive("CFG-020", "12345678901234567890", "2027-03-31");
#endif
}
