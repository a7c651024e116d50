// code: TPL-016
// cases: 5
// Characters that readers could take differently are written as references.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p title=\"a &gt; b\">a &amp; &#60; &nbsp; {}</p>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<p>a & {}</p>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<p>&{};</p>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<p title=\"a<{}\">x</p>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<p>\0{}</p>">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<p title=\"\0{}\">x</p>">("x"); }
#endif
