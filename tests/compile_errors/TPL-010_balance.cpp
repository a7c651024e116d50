// code: TPL-010
// cases: 4
// Every element is closed, in order: a fragment can not end its surroundings.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p><b>{}</b><br></p>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<p>{}">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"{}</p>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p>{}</b>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<b><i>{}</b></i>">("x"); }
#endif
