// code: TPL-022
// cases: 2
// A template is of a size that a person can read.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<p>{}</p>">("x"); }

#if CASE == 1
auto mistake() {
  return sp::html<
      "{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}"
      "{}{}{}{}{}{}{}{}{}">(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                            1, 1, 1);
}
#elif CASE == 2
auto mistake() {
  return sp::html<
      "<div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><div><"
      "div><div><div><div><div><div><div><div><div><div><div></div></div></div></div></div></div></div></div></div></"
      "div></div></div></div></div></div></div></div></div></div></div></div></div></div></div></div></div></div></"
      "div></div></div></div></div></div>">();
}
#endif
