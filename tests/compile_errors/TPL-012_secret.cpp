// code: TPL-012
// cases: 8
// A secret is never shown, wherever the slot is.
#include <sallyport/html.hpp>

namespace sp = sallyport;

struct Plain {
  std::string_view view() const { return "x"; }
};
struct Secret : Plain {
  using is_secret = void;
};
struct ConvertibleSecret : std::string {
  using is_secret = void;
};

auto control() { return sp::html<"<p>{}</p>">(Plain{}.view()); }

#if CASE == 1
auto mistake() { return sp::html<"<p>{}</p>">(Secret{}); }
#elif CASE == 2
auto mistake() { return sp::html<"<p title=\"{}\">x</p>">(Secret{}); }
#elif CASE == 3
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">(Secret{}); }
#elif CASE == 4
auto mistake() { return sp::html<"<input checked=\"{}\">">(Secret{}); }
#elif CASE == 5
auto mistake() { return sp::html<"<ul>{}</ul>">(Secret{}); }
#elif CASE == 6
auto mistake() { return sp::html<"<textarea>{}</textarea>">(Secret{}); }
#elif CASE == 7
auto mistake() { return sp::local_url<"/x/{}">(Secret{}); }
#elif CASE == 8
auto mistake() { return sp::html<"<p>{}</p>">(ConvertibleSecret{}); }
#endif
