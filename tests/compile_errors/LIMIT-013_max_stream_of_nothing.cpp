// code: LIMIT-013
// cases: 2
// max_stream stands on routes that stream.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sallyport::literals;

void routes(sp::Router& app) {
  app.get(
      "/a", sp::anyone("the tests of streams"), sp::max_stream{2_GiB},
      []() -> sp::Stream<"text/plain"> { co_yield "a"; });
#if CASE == 1
  app.get("/b", sp::anyone("the tests of streams"), sp::max_stream{2_GiB}, [] { return sp::Response::text("a"); });
#elif CASE == 2
  app.get("/b", sp::anyone("the tests of streams"), sp::max_stream{2_GiB},
          []() -> sp::EventStream { co_yield sp::Event("a"); });
#endif
}
