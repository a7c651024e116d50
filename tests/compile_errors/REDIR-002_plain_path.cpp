// code: REDIR-002
// cases: 7
// A local path is read the same by every hop.
#include <sallyport/url.hpp>

namespace sp = sallyport;

auto control() { return sp::LocalPath("/a/b.c/%41?d=%20#e"); }

#if CASE == 1
auto mistake() { return sp::LocalPath("/a/../b"); }
#elif CASE == 2
auto mistake() { return sp::LocalPath("/a b"); }
#elif CASE == 3
auto mistake() { return sp::LocalPath("/a\r\nSet-Cookie: x=y"); }
#elif CASE == 4
auto mistake() { return sp::LocalPath("/a/%2e%2e/b"); }
#elif CASE == 5
auto mistake() { return sp::LocalPath("/a%"); }
#elif CASE == 6
auto mistake() { return sp::local_url<"/a/{">(); }
#elif CASE == 7
auto mistake() { return sp::local_url<"/%{}">(41); }
#endif
