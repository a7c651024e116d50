// code: TPL-023
// cases: 5
// A fragment stands between tags only.
#include <array>

#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p>{}</p>">(sp::Html()); }

#if CASE == 1
auto mistake() { return sp::html<"<p title=\"{}\">x</p>">(sp::Html()); }
#elif CASE == 2
auto mistake() { return sp::html<"<textarea>{}</textarea>">(sp::Html()); }
#elif CASE == 3
auto mistake() { return sp::html<"<select><option>{}</option></select>">(sp::Html()); }
#elif CASE == 4
auto mistake() { return sp::html<"<input value=\"{}\">">(std::optional<sp::Html>()); }
#elif CASE == 5
auto mistake() { return sp::html<"<p class=\"{}\">x</p>">(std::array<sp::Html, 2>()); }
#endif
