// code: HDR-003
// cases: 10
// Who may frame a page, not named exactly.
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
  choose(sp::embeddable{"https://partner.example https://other.example:8443"});
  choose(sp::embeddable::by_self);
#elif CASE == 1
  choose(sp::embeddable{"http://partner.example"});
#elif CASE == 2
  choose(sp::embeddable{"https://partner.example/"});
#elif CASE == 3
  choose(sp::embeddable{"https://partner.example:443"});
#elif CASE == 4
  choose(sp::embeddable{"https://*.example"});
#elif CASE == 5
  choose(sp::embeddable{"partner.example"});
#elif CASE == 6
  choose(sp::embeddable{"*"});
#elif CASE == 7
  choose(sp::embeddable{"'self'"});
#elif CASE == 8
  choose(sp::embeddable{""});
#elif CASE == 9
  choose(sp::embeddable{"https://a.example, https://b.example"});
#elif CASE == 10
  choose(sp::embeddable{"https://Partner.example"});
#endif
}
