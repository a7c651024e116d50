// code: TPL-017
// cases: 2
// An attribute stands once: readers differ on which of two counts.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p title=\"x\" class=\"{}\">x</p>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<a href=\"/x\" href=\"{}\">x</a>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<input checked=\"{}\" checked>">("x"); }
#endif
