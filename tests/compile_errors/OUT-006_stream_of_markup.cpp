// code: OUT-006
// cases: 22
// A stream that a browser could take for a document or a script.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace sp::literals;

void routes(sp::Router& app) {
#ifndef CASE
  app.get(
      "/0", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/x-ndjson"> { co_yield "a"; });
  app.get(
      "/1", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/octet-stream"> { co_yield "a"; });
  app.get(
      "/2", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/pdf"> { co_yield "a"; });
  app.get(
      "/3", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/zip"> { co_yield "a"; });
  app.get(
      "/4", sp::anyone("for the tests of streams"), []() -> sp::Stream<"video/mp4"> { co_yield "a"; });
  app.get(
      "/5", sp::anyone("for the tests of streams"), []() -> sp::Stream<"image/png"> { co_yield "a"; });
  app.get(
      "/6", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/gzip"> { co_yield "a"; });
  app.get(
      "/7", sp::anyone("for the tests of streams"),
      []() -> sp::Stream<"text/csv; charset=utf-8; header=present"> { co_yield "a"; });
  app.get(
      "/8", sp::anyone("for the tests of streams"), []() -> sp::Stream<"audio/mpeg"> { co_yield "a"; });
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
#elif CASE == 5
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/xsl"> { co_yield "a"; });
#elif CASE == 6
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/javascript"> { co_yield "a"; });
#elif CASE == 7
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/xhtml+xml"> { co_yield "a"; });
#elif CASE == 8
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/wasm"> { co_yield "a"; });
#elif CASE == 9
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/css"> { co_yield "a"; });
#elif CASE == 10
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"multipart/x-mixed-replace"> { co_yield "a"; });
#elif CASE == 11
  app.get(
      "/a", sp::anyone("for the tests of streams"),
      []() -> sp::Stream<"application/vnd.mozilla.xul+xml"> { co_yield "a"; });
#elif CASE == 12
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/cache-manifest"> { co_yield "a"; });
#elif CASE == 13
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"application/manifest+json"> { co_yield "a"; });
#elif CASE == 14
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/csv; charset=utf-7"> { co_yield "a"; });
#elif CASE == 15
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/csv, text/html"> { co_yield "a"; });
#elif CASE == 16
  app.get(
      "/a", sp::anyone("for the tests of streams"),
      []() -> sp::Stream<"text/plain;charset=utf-8;x=y"> { co_yield "a"; });
#elif CASE == 17
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/event-stream"> { co_yield "a"; });
#elif CASE == 18
  app.get(
      "/a", sp::anyone("for the tests of streams"),
      []() -> sp::Stream<"application/x-shockwave-flash"> { co_yield "a"; });
#elif CASE == 19
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"message/rfc822"> { co_yield "a"; });
#elif CASE == 20
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/vtt"> { co_yield "a"; });
#elif CASE == 21
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"*/*"> { co_yield "a"; });
#elif CASE == 22
  app.get(
      "/a", sp::anyone("for the tests of streams"), []() -> sp::Stream<"text/plain "> { co_yield "a"; });
#endif
}
