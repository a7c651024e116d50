// Task<T>: what an asynchronous handler returns. Started when awaited, resumed on its own event loop.
#pragma once

#include <sallyport/detail/misuse.hpp>
#include <sallyport/job.hpp>
#include <sallyport/maybe.hpp>

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace sallyport {

template <class T>
class Task;

namespace detail {

template <class V>
Task<V> value_or_throw(Task<Maybe<V>> task, Problem problem);

/// The type of an awaiter in code that does not compile.
struct NotNow {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

// Frames come from a small per-thread store of recycled blocks: a request allocates nothing in the steady state.
[[nodiscard]] void* allocate_frame(std::size_t size);
void free_frame(void* frame, std::size_t size) noexcept;

struct PromiseBase {
  TaskContext* context = nullptr;
  std::coroutine_handle<> continuation = std::noop_coroutine();

  static void* operator new(std::size_t size) { return allocate_frame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { free_frame(frame, size); }

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
      return finished.promise().continuation;
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
};

template <class T>
struct Promise final : PromiseBase {
  std::optional<T> value;
  std::exception_ptr failure;

  Task<T> get_return_object() noexcept;
  template <class U = T>  // so that `co_return {};` works
  void return_value(U&& result) {
    constexpr bool waits = !std::is_constructible_v<T, U&&> && requires { result.await_resume(); };
    static_assert(!waits, "TASK-001: this has not been waited for: write co_await before the call");
    if constexpr (!waits) value.emplace(std::forward<U>(result));
  }
  void unhandled_exception() noexcept { failure = std::current_exception(); }
  T take() {
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
};

template <>
struct Promise<void> final : PromiseBase {
  std::exception_ptr failure;

  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void unhandled_exception() noexcept { failure = std::current_exception(); }
  void take() const {
    if (failure) std::rethrow_exception(failure);
  }
};

}  // namespace detail

/// An asynchronous computation of a `T`. A handler returns one when it has to wait (`co_await db.one<Note>(…)`); nothing runs
/// until it is awaited, everything runs on the event loop that the request came in on, and a request whose client has
/// gone is destroyed at its next suspension point, destructors and all.
template <class T = void>
class [[nodiscard("nothing happens until it is awaited: write co_await before the call")]] Task {
 public:
  using promise_type = detail::Promise<T>;

  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Task() {
    if (!frame_) return;
    if (!frame_.promise().context)
      detail::never_awaited("a Task was made and never awaited, so nothing has happened: write co_await");
    frame_.destroy();
  }

  /// Awaited where it is called: its arguments live until the end of that line.
  auto operator co_await() && noexcept { return Awaited{frame_}; }
  template <class U = T>
  detail::NotNow operator co_await() const& noexcept {
    static_assert(
        !std::is_same_v<U, T>,
        "TASK-002: await the call itself, co_await f(…): what it was called with may be gone by now (where it "
        "takes values only: co_await std::move(task))");
    return {};
  }

  /// Of a `Task<Maybe<V>>`, awaited instead: the `V`, or the problem is thrown: `co_await find(db, id).or_problem(404, "No such note")`.
  auto or_problem(ProblemStatus status, ProblemText title, ProblemText detail = "") &&
        requires detail::is_maybe<T>
  {
    return detail::value_or_throw(std::move(*this), Problem(status, title, detail));
  }

  /// For the kernel: what a finished task has come to.
  T await_resume() { return frame_.promise().take(); }

  /// For the kernel: starts the outermost task of a request. True when it has finished already.
  bool start(detail::TaskContext& context) {
    frame_.promise().context = &context;
    frame_.resume();
    return frame_.done();
  }
  [[nodiscard]] bool done() const noexcept { return frame_.done(); }

 private:
  struct Awaited {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> waiter) const noexcept {
      frame.promise().context = waiter.promise().context;
      frame.promise().continuation = waiter;
      return frame;
    }
    T await_resume() const { return frame.promise().take(); }
    std::coroutine_handle<promise_type> frame;
  };

  std::coroutine_handle<promise_type> frame_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

template <class V>
Task<V> value_or_throw(Task<Maybe<V>> task, Problem problem) {
  Maybe<V> found = co_await std::move(task);
  if (!found) throw problem;
  co_return *std::move(found);
}
}  // namespace detail
}  // namespace sallyport
