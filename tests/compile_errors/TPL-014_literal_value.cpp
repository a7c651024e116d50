// code: TPL-014
// cases: 6
// A literal value is checked like one from a user.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() {
  return sp::html<"<a href=\"https://example.org/?a&amp;b\" target=\"_blank\" rel=\"noopener\">{}</a>">("x");
}

#if CASE == 1
auto mistake() { return sp::html<"<a href=\"javascript:alert(1)\">{}</a>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<a href=\"/&#47;evil.example\">{}</a>">("x"); }
#elif CASE == 3
auto mistake() { return sp::html<"<a href=\"data:text/html,x\">{}</a>">("x"); }
#elif CASE == 4
auto mistake() { return sp::html<"<a href=\"//evil.example\">{}</a>">("x"); }
#elif CASE == 5
auto mistake() { return sp::html<"<img src=\"https://evil.example/x\" alt=\"{}\">">("x"); }
#elif CASE == 6
auto mistake() { return sp::html<"<form action=\"https://evil.example/\">{}</form>">("x"); }
#endif
