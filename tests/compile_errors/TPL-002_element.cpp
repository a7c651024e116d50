// code: TPL-002
// cases: 7
// Elements that load, rewrite or follow other rules are not in the language.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<section><h1>{}</h1></section>">("x"); }

#if CASE == 1
auto mistake() { return sp::html<"<script>{}</script>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<style>{}</style>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<link rel=\"stylesheet\" href=\"{}\">">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<meta http-equiv=\"refresh\" content=\"{}\">">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<iframe src=\"{}\"></iframe>">("x"); }
#elif CASE == 6
auto mistake() { return sp::html<"<svg>{}</svg>">("x"); }
#elif CASE == 7
auto mistake() { return sp::html<"{}</script>">("x"); }
#endif
