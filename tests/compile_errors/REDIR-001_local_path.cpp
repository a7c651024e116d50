// code: REDIR-001
// cases: 6
// A local path can not lead to another site.
#include <sallyport/url.hpp>

namespace sp = sallyport;

auto control() { return sp::LocalPath("/notes?x=//y#z"); }

#if CASE == 1
auto mistake() { return sp::LocalPath("//evil.example"); }
#elif CASE == 2
auto mistake() { return sp::LocalPath("/\\evil.example"); }
#elif CASE == 3
auto mistake() { return sp::LocalPath("https://evil.example/"); }
#elif CASE == 4
auto mistake() { return sp::LocalPath(""); }
#elif CASE == 5
auto mistake() { return sp::local_url<"//{}">("evil.example"); }
#elif CASE == 6
auto mistake() { return sp::local_url<"https://{}/">("evil.example"); }
#endif
