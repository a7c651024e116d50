// code: CSP-002
// cases: 12
// A directive that can't be chosen, or is none.
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
  choose(sp::csp{"object-src 'none'; img-src 'none'"});
#elif CASE == 1
  choose(sp::csp{"default-src 'self'"});
#elif CASE == 2
  choose(sp::csp{"object-src 'self'"});
#elif CASE == 3
  choose(sp::csp{"base-uri 'self'"});
#elif CASE == 4
  choose(sp::csp{"script-src 'self'"});
#elif CASE == 5
  choose(sp::csp{"script-src-elem 'self'"});
#elif CASE == 6
  choose(sp::csp{"report-uri https://reports.example"});
#elif CASE == 7
  choose(sp::csp{"sandbox allow-scripts"});
#elif CASE == 8
  choose(sp::csp{"upgrade-insecure-requests"});
#elif CASE == 9
  choose(sp::csp{"frame-ancestors https://partner.example"});
#elif CASE == 10
  choose(sp::csp{"trusted-types *"});
#elif CASE == 11
  choose(sp::csp{"image-src 'self'"});
#elif CASE == 12
  choose(sp::insecure_csp{"frame-ancestors https://partner.example", "the charts library sets style attributes"});
#endif
}
