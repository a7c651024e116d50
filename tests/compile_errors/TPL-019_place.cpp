// code: TPL-019
// cases: 4
// Elements stand where the parser leaves them.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<ul><li><a href=\"/x\">{}</a></li></ul>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<p><div>{}</div></p>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<a href=\"/x\"><a href=\"/y\">{}</a></a>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<form><form>{}</form></form>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<table><form>{}</form></table>">("x"); }
#endif
