// code: CACHE-001
// cases: 4
// A time to keep an answer for that is none.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

auto use() {
#ifndef CASE
  static_cast<void>(sp::cache{5min});
  static_cast<void>(sp::cache_private{0s});
  return sp::cache{std::chrono::days(365)};
#elif CASE == 1
  return sp::cache{300};
#elif CASE == 2
  return sp::cache{std::chrono::days(366)};
#elif CASE == 3
  return sp::cache_private{-1s};
#elif CASE == 4
  return sp::cache(3600.0);
#endif
}
