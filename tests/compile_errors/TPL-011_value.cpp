// code: TPL-011
// cases: 12
// A value has one obvious text.
#include <sallyport/html.hpp>

namespace sp = sallyport;

struct Unprintable {};
enum class Color { red };

auto control() { return sp::html<"<p title=\"{}\">{}</p>">(std::string("x"), 1); }

#if CASE == 1
auto mistake() { return sp::html<"<p>{}</p>">(true); }
#elif CASE == 2
auto mistake() { return sp::html<"<p>{}</p>">(1.5); }
#elif CASE == 3
auto mistake() { return sp::html<"<p>{}</p>">('x'); }
#elif CASE == 4
auto mistake() { return sp::html<"<p title=\"{}\">x</p>">(false); }
#elif CASE == 5
auto mistake() { return sp::html<"<p>{}</p>">(nullptr); }
#elif CASE == 6
auto mistake() { return sp::html<"<p>{}</p>">(std::optional<std::string>("x")); }
#elif CASE == 7
auto mistake() { return sp::html<"<p>{}</p>">(Unprintable{}); }
#elif CASE == 8
auto mistake() { return sp::html<"<p>{}</p>">(Color::red); }
#elif CASE == 9
auto mistake() { return sp::html<"<p>{}</p>">(u8"x"); }
#elif CASE == 10
auto mistake() { return sp::html<"<p>{}</p>">(L"x"); }
#elif CASE == 11
auto mistake() { return sp::local_url<"/x/{}">(true); }
#elif CASE == 12
auto mistake() { return sp::local_url<"/x/{}">(Unprintable{}); }
#endif
