// Task<T>: what an asynchronous handler returns. Started when awaited, resumed on its own event loop.
#pragma once

#include <sallyport/detail/frame_maker.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/detail/plain_type.hpp>
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

template <class T>
class OwnedTask;
/// The `V` of a `Maybe<V>`.
template <class T>
struct ValueOf {
  using Type = void;
};
template <class V>
struct ValueOf<Maybe<V>> {
  using Type = V;
};

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<Task<T>> = true;

// Frames come from a small per-thread store of recycled blocks: a request allocates nothing in the steady state.
[[nodiscard]] void* allocate_frame(std::size_t size);
void free_frame(void* frame, std::size_t size) noexcept;

struct PromiseBase {
  TaskContext* context = nullptr;
  std::coroutine_handle<> continuation = std::noop_coroutine();
  const FrameMaker* maker = nullptr;  ///< where its parameters are of interest

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

  // A Task by value, which can't be moved: only `co_await f(…)`, the call itself, gets here. Its arguments live until that line has ended.
  template <class T>
  auto await_transform(Task<T> task) const noexcept;
  template <class Other>
    requires(!is_task<std::remove_cvref_t<Other>>)
  Other&& await_transform(Other&& other) const noexcept {
    return static_cast<Other&&>(other);
  }
};

/// What a Task does not answer with.
template <class T>
inline constexpr bool views_others = is_a_view<T> || ViewsOthers<T>;
template <>
inline constexpr bool views_others<void> = false;

template <class T>
struct Promise : PromiseBase {
  static_assert(
      !views_others<T>,
      "TASK-004: a task answers with a value: what a pointer, view or reference looks at may be gone when the "
      "task has ended");
  std::optional<std::remove_reference_t<T>> value;  // so that of a reference the line above is what is printed
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
struct Promise<void> : PromiseBase {
  std::exception_ptr failure;

  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void unhandled_exception() noexcept { failure = std::current_exception(); }
  void take() const {
    if (failure) std::rethrow_exception(failure);
  }
};

/// The frame of a Task, owned: for who runs it, as the kernel does.
template <class T>
class OwnedTask {
 public:
  OwnedTask() noexcept = default;
  explicit OwnedTask(std::coroutine_handle<Promise<T>> frame) noexcept : frame_(frame) {}
  /// Takes it out of `task`.
  explicit OwnedTask(Task<T>& task) noexcept;
  OwnedTask(OwnedTask&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  OwnedTask& operator=(OwnedTask&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~OwnedTask() {
    if (!frame_) return;
    if (!frame_.promise().context)
      never_awaited("a Task was made and never awaited, so nothing has happened: write co_await");
    frame_.destroy();
  }

  explicit operator bool() const noexcept { return frame_ != nullptr; }
  void reset() noexcept { const OwnedTask gone = std::move(*this); }

  /// Starts it as the outermost task of a request. True when it has finished already.
  bool start(TaskContext& context) {
    frame_.promise().context = &context;
    frame_.resume();
    return frame_.done();
  }
  [[nodiscard]] bool done() const noexcept { return frame_.done(); }
  /// What a finished task has come to.
  T await_resume() const { return frame_.promise().take(); }

  [[nodiscard]] std::coroutine_handle<Promise<T>> frame() const noexcept { return frame_; }
  [[nodiscard]] const FrameMaker* maker() const noexcept { return frame_.promise().maker; }

 private:
  std::coroutine_handle<Promise<T>> frame_;
};

/// A Task that a coroutine waits for.
template <class T>
class AwaitedTask {
 public:
  explicit AwaitedTask(OwnedTask<T> task) noexcept : task_(std::move(task)) {}
  bool await_ready() const noexcept { return false; }
  template <class Waiter>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Waiter> waiter) const noexcept {
    task_.frame().promise().context = waiter.promise().context;
    task_.frame().promise().continuation = waiter;
    return task_.frame();
  }
  T await_resume() const { return task_.await_resume(); }

 private:
  OwnedTask<T> task_;
};

template <class V>
Task<V> value_or_throw(OwnedTask<Maybe<V>> task, Problem problem);

}  // namespace detail

/// An asynchronous computation of a `T`. A handler returns one when it has to wait (`co_await db.one<Note>(…)`); nothing runs
/// until it is awaited, everything runs on the event loop that the request came in on, and a request whose client has
/// gone is destroyed at its next suspension point, destructors and all.
///
/// It is awaited where it is called, `co_await f(…)`, so that what it was called with is still there: it can't be copied, moved or awaited
/// later.
template <class T = void>
class [[nodiscard("nothing happens until it is awaited: write co_await before the call")]] Task {
 public:
  using promise_type = detail::Promise<T>;

  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : task_(frame) {}
  // Copying and moving, declared for the error message.
  __attribute__((unavailable(
      "TASK-002: await the call itself, co_await f(…): later, what it was called with may be gone"))) Task(const Task&);
  __attribute__((
      unavailable("TASK-002: await the call itself, co_await f(…): later, what it was called with may be gone"))) Task&
  operator=(const Task&);

  /// Of a `Task<Maybe<V>>`, awaited instead: the `V`, or the problem is thrown: `co_await find(db, id).or_problem(404, "No such note")`.
  Task<typename detail::ValueOf<T>::Type> or_problem(ProblemStatus status, ProblemText title,
                                                     ProblemText detail = "") &&
        requires detail::is_maybe<T>
  {
    return detail::value_or_throw(std::move(task_), Problem(status, title, detail));
  }
  template <class... Any>
  __attribute__((
      unavailable("TASK-002: await the call itself, co_await f(…): later, what it was called with may be gone"))) void
  or_problem(Any&&...) &;

  /// For the kernel and its tests, see `OwnedTask`.
  bool start(detail::TaskContext& context) { return task_.start(context); }
  [[nodiscard]] bool done() const noexcept { return task_.done(); }
  T await_resume() { return task_.await_resume(); }

 private:
  friend class detail::OwnedTask<T>;
  detail::OwnedTask<T> task_;
};

namespace detail {

template <class T>
OwnedTask<T>::OwnedTask(Task<T>& task) noexcept : frame_(std::exchange(task.task_.frame_, nullptr)) {}

template <class T>
auto PromiseBase::await_transform(Task<T> task) const noexcept {
  return AwaitedTask<T>(OwnedTask<T>(task));
}

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

template <class V>
Task<V> value_or_throw(OwnedTask<Maybe<V>> task, Problem problem) {
  Maybe<V> found = co_await AwaitedTask<Maybe<V>>(std::move(task));
  if (!found) throw problem;
  co_return *std::move(found);
}

}  // namespace detail
}  // namespace sallyport

/// The promise of a coroutine that returns a Task: the same for all, or one that says what its parameters refer to.
template <class T, class... Args>
struct std::coroutine_traits<sallyport::Task<T>, Args...> {
  using promise_type =
      typename sallyport::detail::PromiseOf<sallyport::detail::Promise<T>, sallyport::detail::MakerOf<Args...>>::Type;
};
