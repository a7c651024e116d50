// code: TPL-009
// cases: 3
// A slot is the whole of an address or none of it.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<a href=\"{}\">x</a>">(sp::LocalPath("/x")); }

#if CASE == 1
auto mistake() { return sp::html<"<a href=\"javascript:{}\">x</a>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<a href=\"/notes/{}\">x</a>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<a href=\"https://{}\">x</a>">("x"); }
#endif
