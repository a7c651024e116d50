// code: TASK-002
// cases: 3
// A task is awaited where it is called: later, what it was called with may be gone.
#include <sallyport/sallyport.hpp>

#include <string>
#include <vector>

namespace sp = sallyport;

sp::Task<std::size_t> length(const std::string& text) { co_return text.size(); }
sp::Task<std::size_t> length_of(std::string text) { co_return text.size(); }

sp::Task<std::size_t> handle() {
#if CASE == 1
  auto task = length("a temporary");
  co_return co_await task;
#elif CASE == 2
  const auto task = length(std::string(100, 'x'));
  const std::size_t size = co_await task;
  co_return size;
#elif CASE == 3
  std::vector<sp::Task<std::size_t>> tasks;
  tasks.push_back(length("one"));
  std::size_t sum = 0;
  for (auto& task : tasks) sum += co_await task;
  co_return sum;
#endif
  auto task = length_of("its own text");
  const std::size_t size = co_await length("a temporary");
  co_return size + co_await std::move(task);
}
