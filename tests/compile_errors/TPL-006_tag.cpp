// code: TPL-006
// cases: 5
// A tag has one space before each attribute, nothing else, and an end.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<a href=\"/x\" title=\"{}\">x</a>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<a  href=\"/x\">{}</a>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<p  onclick=\"{}\">x</p>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p\nonclick=\"{}\">x</p>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<br/>{}">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<p>{}</p">("x"); }
#endif
