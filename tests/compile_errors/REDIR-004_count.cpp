// code: REDIR-004
// cases: 3
// As many values as slots of a path.
#include <sallyport/url.hpp>

namespace sp = sallyport;

auto control() { return sp::local_url<"/a/{}">(1); }

#if CASE == 1
auto mistake() { return sp::local_url<"/a/{}">(); }
#elif CASE == 2
auto mistake() { return sp::local_url<"/a/{}">(1, 2); }
#elif CASE == 3
auto mistake() { return sp::local_url<"/a">(1); }
#endif
