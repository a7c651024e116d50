// code: PERM-002
// cases: 3
// A feature for everybody.
#include <sallyport/header_options.hpp>
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

template <class... Options>
void choose(Options... options) {
  sp::detail::HeaderOptions choice;
  (options.apply(choice), ...);
}

void options() {
#ifndef CASE
  choose(sp::permissions{"camera=(self)"});
#elif CASE == 1
  choose(sp::permissions{"camera=*"});
#elif CASE == 2
  choose(sp::permissions{"camera=(self *)"});
#elif CASE == 3
  choose(sp::permissions{"camera=(\"https://*.example\")"});
#endif
}
