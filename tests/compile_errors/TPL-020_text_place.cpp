// code: TPL-020
// cases: 4
// No text where only elements may stand.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<table>\n<tr>{}</tr>\n</table>">(sp::html<"<td>{}</td>">("x")); }

#if CASE == 1
auto mistake() { return sp::html<"<ul>{}</ul>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<ul>x<li>{}</li></ul>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<table>x<tr><td>{}</td></tr></table>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<table>{}</table>">(1); }
#endif
