// code: HANDLER-007
// cases: 1
// A handler that takes a streamed body and can't wait for it.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sp::literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.post("/a", sp::signed_in, [](sp::BodyStream<64_MiB>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::signed_in, [](sp::BodyStream<64_MiB>) { return sp::NoContent{}; });
#endif
}
