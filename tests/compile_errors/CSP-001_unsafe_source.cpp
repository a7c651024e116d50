// code: CSP-001
// cases: 13
// A source that lets in what the policy is there to keep out.
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
  choose(sp::csp{"img-src 'self' data: https://tiles.example; connect-src wss://live.example"});
  choose(sp::insecure_csp{"style-src 'self' 'unsafe-inline'", "the charts library sets style attributes"});
#elif CASE == 1
  choose(sp::csp{"style-src 'unsafe-inline'"});
#elif CASE == 2
  choose(sp::csp{"img-src 'unsafe-eval'"});
#elif CASE == 3
  choose(sp::csp{"style-src 'unsafe-hashes'"});
#elif CASE == 4
  choose(sp::csp{"img-src *"});
#elif CASE == 5
  choose(sp::csp{"img-src https://*.example"});
#elif CASE == 6
  choose(sp::csp{"img-src https:"});
#elif CASE == 7
  choose(sp::csp{"img-src http://cdn.example"});
#elif CASE == 8
  choose(sp::csp{"connect-src ws://live.example"});
#elif CASE == 9
  choose(sp::csp{"worker-src blob:"});
#elif CASE == 10
  choose(sp::csp{"style-src data:"});
#elif CASE == 11
  choose(sp::csp{"style-src 'nonce-AAAAAAAAAAAAAAAAAAAAAA=='"});
#elif CASE == 12
  choose(sp::csp_report_only{"style-src 'unsafe-inline'"});
#elif CASE == 13
  choose(sp::insecure_csp{"style-src 'nonce-AAAAAAAAAAAAAAAAAAAAAA=='", "the charts library sets style attributes"});
#endif
}
