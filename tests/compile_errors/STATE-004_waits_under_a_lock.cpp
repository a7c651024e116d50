// code: STATE-004
// cases: 3
// The function of Locked::with holds a lock, so it can't wait.
#include <sallyport/sallyport.hpp>

#include <chrono>

namespace sp = sallyport;
using namespace std::chrono_literals;

sp::Task<int> count(sp::State<sp::Locked<int>> counter) {
  const int n = counter->with([](int& value) { return ++value; });
  co_await sp::sleep_for(1ms);
#if CASE == 1
  co_return co_await counter->with([](int& value) -> sp::Task<int> {
    co_await sp::sleep_for(1ms);
    co_return ++value;
  });
#elif CASE == 2
  co_await counter->with([](int& value) -> sp::Task<> {
    ++value;
    co_return;
  });
#elif CASE == 3
  auto lines = counter->with([](int& value) -> sp::Stream<"text/plain"> { co_yield std::to_string(++value); });
#endif
  co_return n;
}
