// code: CSP-006
// cases: 4
// Trusted Types policies that aren't named.
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
  choose(sp::trusted_types{"notes dompurify"});
#elif CASE == 1
  choose(sp::trusted_types{"*"});
#elif CASE == 2
  choose(sp::trusted_types{""});
#elif CASE == 3
  choose(sp::trusted_types{"'none'"});
#elif CASE == 4
  choose(sp::trusted_types{"notes; script-src *"});
#endif
}
