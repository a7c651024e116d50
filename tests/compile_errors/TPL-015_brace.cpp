// code: TPL-015
// cases: 3
// A brace is a slot or doubled.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p>{{{}}}</p>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<p>{</p>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<p>{0}</p>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p>{name}</p>">("x"); }
#endif
