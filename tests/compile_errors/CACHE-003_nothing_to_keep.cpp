// code: CACHE-003
// cases: 6
// Answers that nobody keeps, or that are kept by other rules.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

[[maybe_unused]] static sp::Response prices() { return sp::Response::text("120"); }
[[maybe_unused]] static sp::Stream<"text/plain"> rows() { co_yield "120"; }
constexpr sp::anyone why("the prices of the shop");

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/prices", why, sp::cache{5min}, prices);
#elif CASE == 1
  app.post("/prices", why, sp::cache{5min}, prices);
#elif CASE == 2
  app.get("/prices", why, sp::cache{5min}, sp::cache_private{5min}, prices);
#elif CASE == 3
  app.get("/rows", why, sp::cache{5min}, rows);
#elif CASE == 4
  app.files("/docs", why, "docs", sp::cache{5min});
#elif CASE == 5
  app.asset("/a.css", sp::AssetType::css, "", sp::cache{5min});
#elif CASE == 6
  app.with(sp::cache{5min}).get("/prices", why, prices);
#endif
}
