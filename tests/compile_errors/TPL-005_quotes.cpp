// code: TPL-005
// cases: 4
// Values are in double quotes right after the name; only flags go without.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<input value=\"{}\" required>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<a href={}>x</a>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<a href='{}'>x</a>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p title=x>{}</p>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<input required=\"\" value=\"{}\">">("x"); }
#endif
