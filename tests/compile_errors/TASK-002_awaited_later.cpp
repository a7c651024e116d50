// code: TASK-002
// cases: 9
// A task is awaited where it is called: later, what it was called with may be gone.
#include <sallyport/sallyport.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sp = sallyport;

sp::Task<std::size_t> length(const std::string& text) { co_return text.size(); }
sp::Task<std::size_t> length_of(std::string text) { co_return text.size(); }
sp::Task<sp::Maybe<int>> find(const std::string&) { co_return std::nullopt; }
sp::Task<std::size_t> handed_on(const std::string& text) { return length(text); }
#if CASE == 9
sp::Task<std::size_t> keep(sp::Task<std::size_t> task) { co_return co_await std::move(task) + 1; }
#endif

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
#elif CASE == 4
  auto task = length("a temporary");
  co_return co_await std::move(task);
#elif CASE == 5
  auto&& task = length(std::string(100, 'x'));
  co_return co_await static_cast<sp::Task<std::size_t>&&>(task);
#elif CASE == 6
  std::optional<sp::Task<std::size_t>> task;
  task.emplace(length("a temporary"));
  co_return co_await *std::move(task);
#elif CASE == 7
  auto task = find("a temporary");
  co_await task.or_problem(404, "No such thing");
#elif CASE == 8
  auto first = length("one"), second = length("two");
  first = std::move(second);
#endif
  const int found = co_await find("a temporary").or_problem(404, "No such thing");
  const std::size_t size = co_await length("a temporary") + co_await handed_on("another");
  co_return size + co_await length_of("its own text") + static_cast<std::size_t>(found);
}
