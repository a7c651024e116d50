// code: TPL-008
// cases: 6
// As many values as slots.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p title=\"{}\">{}</p>">("x", 1); }

#if CASE == 1
auto mistake() { return sp::html<"<p>{}</p>">(); }
#elif CASE == 2
auto mistake() { return sp::html<"<p>{}</p>">("x", "y"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p>x</p>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<p title=\"{}\">{}</p>">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<p>{{}}</p>">("x"); }
#elif CASE == 6
auto mistake() { return sp::html<"<input checked=\"{}\">">(); }
#endif
