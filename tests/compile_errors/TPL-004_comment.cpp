// code: TPL-004
// cases: 2
// No comments, doctypes, processing instructions or CDATA.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p>{} !</p>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<!-- {} -->">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<!doctype html>{}">("x"); }
#endif
