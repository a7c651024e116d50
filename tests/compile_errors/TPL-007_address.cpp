// code: TPL-007
// cases: 10
// An address takes a type that has been checked, never text.
#include <sallyport/html.hpp>

namespace sp = sallyport;

auto control() { return sp::html<"<a href=\"{}\">x</a>">(sp::local_url<"/notes/{}">("x")); }

#if CASE == 1
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">("x"); }
#elif CASE == 2
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">(std::string("javascript:alert(1)")); }
#elif CASE == 3
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">(1); }
#elif CASE == 4
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">(sp::ImgUrl(sp::LocalPath("/x"))); }
#elif CASE == 5
auto mistake() { return sp::html<"<img src=\"{}\">">("/x"); }
#elif CASE == 6
auto mistake() { return sp::html<"<img src=\"{}\">">(*sp::Url::parse("https://evil.example/pixel.gif")); }
#elif CASE == 7
auto mistake() { return sp::html<"<form action=\"{}\"></form>">("/x"); }
#elif CASE == 8
auto mistake() { return sp::html<"<form action=\"{}\"></form>">(*sp::Url::parse("https://evil.example/")); }
#elif CASE == 9
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">(sp::Url::parse("https://example.org/")); }
#elif CASE == 10
auto mistake() { return sp::html<"<a href=\"{}\">x</a>">(sp::Html()); }
#endif
