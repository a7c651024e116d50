// code: CSP-003
// cases: 13
// What a browser would read otherwise than it was meant.
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
  choose(sp::csp{"img-src 'self' https://cdn.example/Pictures/; font-src 'none'"});
#elif CASE == 1
  choose(sp::csp{"img-src 'Self'"});
#elif CASE == 2
  choose(sp::csp{"Img-src 'self'"});
#elif CASE == 3
  choose(sp::csp{"img-src self"});
#elif CASE == 4
  choose(sp::csp{"style-src unsafe-inline"});
#elif CASE == 5
  choose(sp::csp{"img-src 'none' 'self'"});
#elif CASE == 6
  choose(sp::csp{"img-src"});
#elif CASE == 7
  choose(sp::csp{""});
#elif CASE == 8
  choose(sp::csp{"img-src 'self';; font-src 'self'"});
#elif CASE == 9
  choose(sp::csp{"img-src 'self', img-src *"});
#elif CASE == 10
  choose(sp::csp{"img-src 'self'\r\nset-cookie: a=b"});
#elif CASE == 11
  choose(sp::csp{"img-src cdn.example"});
#elif CASE == 12
  choose(sp::csp{"img-src https://CDN.example"});
#elif CASE == 13
  choose(sp::insecure_csp{"style-src 'Unsafe-Inline'", "the charts library sets style attributes"});
#endif
}
