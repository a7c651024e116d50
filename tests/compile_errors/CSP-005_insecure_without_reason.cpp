// code: CSP-005
// cases: 2
// An unsafe policy that doesn't say why.
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
  choose(sp::insecure_csp{"style-src 'self' 'unsafe-inline'", "the charts library sets style attributes"});
#elif CASE == 1
  choose(sp::insecure_csp{"style-src 'self' 'unsafe-inline'"});
#elif CASE == 2
  choose(sp::insecure_csp("img-src *"));
#endif
}
