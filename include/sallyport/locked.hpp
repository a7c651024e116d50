// Locked<T>: a value that the handlers of all event loops share and change.
#pragma once

#include <sallyport/detail/misuse.hpp>
#include <sallyport/detail/plain_type.hpp>

#include <atomic>
#include <concepts>
#include <coroutine>
#include <iterator>
#include <type_traits>
#include <utility>

namespace sallyport {

namespace detail {

/// Its address tells this thread from others.
inline constinit thread_local char thread_mark = 0;

/// A lock that knows who holds it, since a standard header of locks is heavy.
class HeldBy {
 public:
  void lock() {
    const char* const me = &thread_mark;
    const char* holder = nullptr;
    while (!holder_.compare_exchange_weak(holder, me, std::memory_order_acquire, std::memory_order_relaxed)) {
      if (holder == me) [[unlikely]]
        misused("with() of a Locked was called within itself");
      if (holder) holder_.wait(holder, std::memory_order_relaxed);
      holder = nullptr;
    }
  }
  void unlock() noexcept {
    holder_.store(nullptr, std::memory_order_release);
    holder_.notify_one();
  }

 private:
  std::atomic<const char*> holder_{nullptr};
};

/// A function that returns such a type is a coroutine, or hands one on.
template <class Answer, class Argument>
concept CoroutineAnswer = requires { typename std::coroutine_traits<Answer, Argument>::promise_type; };
template <class T>
concept IteratorAnswer = requires { typename std::iterator_traits<T>::iterator_category; };

}  // namespace detail

/// A `T` that one call at a time reaches:
///
///     using Visits = std::map<std::string, int>;                       // app.provide<sp::Locked<Visits>>();
///     sp::NoContent visit(sp::Body<Visit> in, sp::State<sp::Locked<Visits>> visits) {
///       visits->with([&](Visits& all) { ++all[std::string(in->page.view())]; });
///       return {};
///     }
///
/// The lock is held while the function runs, so the function can't wait (no `co_await` in it), and other event loops wait for it: keep it
/// short. It returns a value, never a pointer, view or reference into the `T`. `with` within itself ends the request.
template <class T>
class Locked {
 public:
  template <class... Arguments>
    requires std::constructible_from<T, Arguments...>
  explicit Locked(
      Arguments&&... arguments)  // NOLINT(bugprone-forwarding-reference-overload): T is not made of a Locked
      : value_(std::forward<Arguments>(arguments)...) {}
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  template <class F>
  auto with(F&& use) const {
    using Answer = std::invoke_result_t<F, T&>;
    static_assert(!detail::CoroutineAnswer<Answer, T&>,
                  "STATE-004: the function of with() can't wait, for the lock would be held meanwhile: copy what is "
                  "needed out of it, and co_await after with()");
    static_assert(detail::CoroutineAnswer<Answer, T&> ||
                      (!detail::is_a_view<Answer> && !detail::ViewsOthers<Answer> && !detail::IteratorAnswer<Answer>),
                  "STATE-005: the function of with() returns a value: a pointer, view, iterator or reference would "
                  "look into what others change after it");
    const Holding holding(lock_);
    return std::forward<F>(use)(value_);
  }

 private:
  class Holding {
   public:
    explicit Holding(detail::HeldBy& lock) : lock_(lock) { lock_.lock(); }
    Holding(const Holding&) = delete;
    Holding& operator=(const Holding&) = delete;
    ~Holding() { lock_.unlock(); }

   private:
    detail::HeldBy& lock_;
  };

  mutable detail::HeldBy lock_;
  mutable T value_;
};

}  // namespace sallyport
