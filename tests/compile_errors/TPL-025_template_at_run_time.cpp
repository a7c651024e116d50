// code: TPL-025
// cases: 4
// A template that is not known while compiling.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control(const std::string& text) { return sp::html<"<p>{}</p>">(text); }

#if CASE == 1
auto mistake(const std::string& text) { return sp::html<text>(); }
#elif CASE == 2
auto mistake(const std::string& text) { return sp::html("<p>" + text + "</p>"); }
#elif CASE == 3
auto mistake(const char* text) { return sp::html<text>("x"); }
#elif CASE == 4
static char text[] = "<p>{}</p>";
auto mistake() { return sp::html<text>("x"); }
#endif
