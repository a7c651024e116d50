// code: TPL-021
// cases: 5
// A flag takes a bool and nothing else.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<input checked=\"{}\">">(true); }

#if CASE == 1
auto mistake() { return sp::html<"<input checked=\"{}\">">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<input checked=\"{}\">">(1); }
#elif CASE == 3
auto mistake() { return sp::html<"<input checked=\"{}\">">(std::optional<bool>(true)); }
#elif CASE == 4
auto mistake() { return sp::html<"<input checked=\"{}\">">(sp::Html()); }
#elif CASE == 5
auto mistake() { return sp::html<"<input disabled=\"{}\">">(nullptr); }
#endif
