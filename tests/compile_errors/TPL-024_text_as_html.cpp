// code: TPL-024
// cases: 5
// Text does not become HTML by being called so.
#include <sallyport/html.hpp>

namespace sp = sallyport;

sp::Html control(const std::string& text) { return sp::html<"<p>{}</p>">(text); }

#if CASE == 1
sp::Html mistake() { return "<script>alert(1)</script>"; }
#elif CASE == 2
sp::Html mistake(const std::string& text) { return text; }
#elif CASE == 3
auto mistake(const std::string& text) { return sp::Html(text); }
#elif CASE == 4
auto mistake(std::string_view text) { return sp::Html{text}; }
#elif CASE == 5
auto mistake(sp::Html& html) { return html.append("<script>"); }
#endif
