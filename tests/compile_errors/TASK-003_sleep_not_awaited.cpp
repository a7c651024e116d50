// code: TASK-003
// cases: 1
// A pause that nobody waits for.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

[[maybe_unused]] static sp::Task<sp::NoContent> slowly() {
#ifndef CASE
  co_await sp::sleep_for(1s);
#elif CASE == 1
  sp::sleep_for(1s);
#endif
  co_return sp::NoContent{};
}
