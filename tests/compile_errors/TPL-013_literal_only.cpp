// code: TPL-013
// cases: 3
// What decides how an element works is literal.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<input type=\"email\" value=\"{}\">">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<input type=\"{}\">">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<form method=\"{}\"></form>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<a href=\"/x\" rel=\"noopener {}\">x</a>">("x"); }
#endif
