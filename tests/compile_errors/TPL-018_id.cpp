// code: TPL-018
// cases: 2
// A value can not choose an id on its own: it could hide what scripts look up (DOM clobbering).
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p id=\"note-{}-{}\">x</p>">(1, 2); }

#if CASE == 1
auto mistake() { return sp::html<"<p id=\"{}\">x</p>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<p id=\"note{}\">x</p>">("x"); }
#endif
