// code: LIMIT-012
// cases: 2
// How large a stream may become.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sallyport::literals;

#if CASE == 1
inline constexpr sp::max_stream most{0};
#elif CASE == 2
inline constexpr sp::max_stream most{~std::uint64_t{0}};
#else
inline constexpr sp::max_stream most{20_GiB};
#endif

void routes(sp::Router& app) {
  app.get(
      "/a", sp::anyone("the tests of streams"), most, []() -> sp::Stream<"text/plain"> { co_yield "a"; });
}
