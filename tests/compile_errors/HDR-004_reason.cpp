// code: HDR-004
// cases: 8
// A weaker set of headers whose reason is no sentence.
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
  choose(sp::helmet{"moving over from Express"});
  choose(sp::insecure_no_trusted_types{"the editor writes innerHTML"});
#elif CASE == 1
  choose(sp::helmet{"migration"});
#elif CASE == 2
  choose(sp::helmet{""});
#elif CASE == 3
  choose(sp::insecure_no_trusted_types{"legacy"});
#elif CASE == 4
  choose(sp::insecure_csp{"img-src *", "pictures"});
#elif CASE == 5
  choose(sp::insecure_csp{"img-src *", ""});
#elif CASE == 6
  choose(sp::helmet{"                        "});
#elif CASE == 7
  choose(sp::insecure_csp{"img-src *", "........................."});
#elif CASE == 8
  choose(sp::insecure_no_trusted_types{"todo todo todo todo todo todo"});
#endif
}
