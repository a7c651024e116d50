// code: OUT-006
// cases: 4
// A stream that a browser could take for a document or a script.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sp::literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/csv; charset=utf-8"> { co_yield "a"; });
#elif CASE == 1
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/html"> { co_yield "a"; });
#elif CASE == 2
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"image/svg+xml"> { co_yield "a"; });
#elif CASE == 3
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"Text/HTML"> { co_yield "a"; });
#elif CASE == 4
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"csv"> { co_yield "a"; });
#endif
}
