// code: PERM-001
// cases: 10
// A feature that isn't known, or an allow-list that browsers would drop.
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
  choose(sp::permissions{"camera=(self), geolocation=(self \"https://maps.example\")"});
#elif CASE == 1
  choose(sp::permissions{"webcam=(self)"});
#elif CASE == 2
  choose(sp::permissions{"Camera=(self)"});
#elif CASE == 3
  choose(sp::permissions{"camera=self"});
#elif CASE == 4
  choose(sp::permissions{"camera 'self'"});
#elif CASE == 5
  choose(sp::permissions{"camera=('self')"});
#elif CASE == 6
  choose(sp::permissions{"camera=(https://maps.example)"});
#elif CASE == 7
  choose(sp::permissions{"camera=(\"http://maps.example\")"});
#elif CASE == 8
  choose(sp::permissions{"camera=(self), camera=()"});
#elif CASE == 9
  choose(sp::permissions{""});
#elif CASE == 10
  choose(sp::permissions{"camera=(self); usb=(self)"});
#endif
}
