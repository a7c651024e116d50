// code: BODY-003
// cases: 4
// A streamed body without a limit.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sp::literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.post("/b", sp::signed_in, [](sp::BodyStream<16_GiB>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
  app.post("/a", sp::signed_in, [](sp::BodyStream<64_MiB>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::signed_in, [](sp::BodyStream<0>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::signed_in,
           [](sp::BodyStream<~std::size_t{0}>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::signed_in,
           [](sp::BodyStream<16_GiB + 1>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::signed_in, [](sp::BodyStream<1024_GiB>) -> sp::Task<sp::NoContent> { co_return sp::NoContent{}; });
#endif
}
