// code: CSP-004
// cases: 3
// A directive named twice: browsers take the first.
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
  choose(sp::csp{"img-src 'self'; font-src 'self'"});
#elif CASE == 1
  choose(sp::csp{"img-src 'self'; font-src 'self'; img-src 'none'"});
#elif CASE == 2
  choose(sp::insecure_csp{"style-src 'self'; style-src 'unsafe-inline'", "the charts library sets style attributes"});
#elif CASE == 3
  choose(sp::csp_report_only{"img-src 'self'; img-src 'none'"});
#endif
}
