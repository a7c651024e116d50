// code: TPL-003
// cases: 6
// Attributes that run, style or load are not in the language, nor those of another element.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p data-x=\"{}\" aria-label=\"{}\">x</p>">("x", "y"); }

#if CASE == 1
auto mistake() { return sp::html<"<p onclick=\"{}\">x</p>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<p style=\"{}\">x</p>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<img srcset=\"{}\">">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<img src=\"/x\" onerror=\"{}\">">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<button formaction=\"{}\">x</button>">("x"); }
#elif CASE == 6
auto mistake() { return sp::html<"<a xlink:href=\"{}\">x</a>">("x"); }
#endif
