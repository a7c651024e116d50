// code: TPL-001
// cases: 6
// Names of elements and attributes are lower-case literals: there is one way to spell each.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p class=\"{}\">x</p>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<SCRIPT>{}</SCRIPT>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<a HREF=\"{}\">x</a>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p ONCLICK=\"{}\">x</p>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<{}>x</p>">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<p {}>x</p>">("x"); }
#elif CASE == 6
auto mistake() { return sp::html<"<p {}=\"x\">x</p>">("x"); }
#endif
