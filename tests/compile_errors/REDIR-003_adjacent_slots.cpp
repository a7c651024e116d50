// code: REDIR-003
// cases: 5
// Values can not add up to a segment that climbs.
#include <sallyport/url.hpp>

namespace sp = sallyport;

auto control() { return sp::local_url<"/a/{}/{}-{}/{}.png?b={}{}">(1, 2, 3, 4, 5, 6); }

#if CASE == 1
auto mistake() { return sp::local_url<"/a/{}{}">(".", "."); }
#elif CASE == 2
auto mistake() { return sp::local_url<"/a/.{}">("."); }
#elif CASE == 3
auto mistake() { return sp::local_url<"/a/{}.">("."); }
#elif CASE == 4
auto mistake() { return sp::local_url<"/{}{}/evil.example">("", ""); }
#elif CASE == 5
auto mistake() { return sp::local_url<"/a/..{}?x">(""); }
#endif
