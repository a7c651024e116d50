// Runs a coroutine to its end, to every exception and to every place where its client may have gone, and counts what is made
// and destroyed meanwhile.
#pragma once

#include <sallyport/task.hpp>

#include <coroutine>
#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <utility>

namespace compilers {

namespace sp = sallyport;

/// What a run has seen.
struct Ledger {
  std::set<const void*> live;  // every Piece that exists
  std::size_t untaken = 0;     // awaited, though not taken
  std::size_t wrong = 0;       // made where one was, destroyed where none was
  std::size_t points = 0;      // places so far at which an exception may be thrown
  std::size_t throw_at = 0;    // the place at which one is; 0: at none
  std::deque<std::coroutine_handle<>> waiting;
};
inline Ledger ledger;

struct Thrown {};

/// A place at which the run may throw.
inline void point() {
  if (++ledger.points == ledger.throw_at) throw Thrown();
}

/// A value that notices when it is destroyed twice, or never. Its text is longer than what a std::string holds in itself.
class Piece {
 public:
  explicit Piece(int number) : number_(number), text_(40, 'a') {
    point();
    made();
  }
  Piece(const Piece& other) : number_(other.number_), text_(other.text_) {
    point();
    made();
  }
  Piece(Piece&& other) noexcept : number_(other.number_), text_(std::move(other.text_)) { made(); }
  Piece& operator=(const Piece& other) = default;
  Piece& operator=(Piece&& other) noexcept = default;
  ~Piece() {
    if (ledger.live.erase(this) != 1) ++ledger.wrong;
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int length() const { return static_cast<int>(text_.size()); }

 private:
  void made() noexcept {
    if (!ledger.live.insert(this).second) ++ledger.wrong;
  }
  int number_;
  std::string text_;
};

/// `co_await later(x)`: suspends, and answers `x` when the run goes on.
template <class T>
class Later {
 public:
  explicit Later(T value) : value_(std::move(value)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    point();
    ledger.waiting.push_back(waiter);
  }
  T await_resume() {
    point();
    return std::move(value_);
  }

 private:
  T value_;
};
template <class T>
Later<T> later(T value) {
  return Later<T>(std::move(value));
}

/// The same without suspending.
template <class T>
struct AtOnce {
  T value;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  T await_resume() {
    point();
    return std::move(value);
  }
};
template <class T>
AtOnce<T> at_once(T value) {
  return AtOnce<T>{std::move(value)};
}

/// The same by a coroutine.
template <class T>
sp::Task<T> task(T value) {
  T answer = co_await later(std::move(value));
  co_return answer;
}

/// What must not be awaited: the side of a `?:`, `&&` or `||` that is not taken.
template <class T>
sp::Task<T> never(T value) {
  ++ledger.untaken;
  co_return value;
}

/// What supported compilers are known to do wrongly: docs/decisions/0026-compilers.md.
enum class Known {
  nothing,
  leak,        // what an aggregate has already of its members is not destroyed when the coroutine ends half-way
  both_sides,  // g++ awaits the side that is not taken as well
};

/// A shape: a coroutine and what it answers.
struct Shape {
  const char* name;
  sp::Task<int> (*run)();
  int answer;
  Known known = Known::nothing;
};

/// How often the shape was run, what went wrong, and what went wrong as known.
struct Verdict {
  std::size_t runs = 0;
  std::string wrong;
  std::string known;
};
Verdict try_shape(const Shape& shape);

}  // namespace compilers
