// Maybe<T>: what the library answers where there may be nothing.
#pragma once

#include <sallyport/detail/misuse.hpp>
#include <sallyport/problem.hpp>

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace sallyport {

/// A `T` or nothing. Look first, or say what the client is told when there is nothing:
///
///     if (const auto note = co_await db.maybe<Note>("…", id)) co_return Page{.title = note->title};
///     const Note note = co_await db.maybe<Note>("…", id).or_problem(404, "No such note");
///
/// Used without looking when there is nothing, it ends the request (500, with a line in the log that names the handler):
/// never the process, and nobody sees memory that is not theirs.
template <class T>
class [[nodiscard]] Maybe {
 public:
  using value_type = T;

  Maybe() noexcept = default;
  Maybe(std::nullopt_t) noexcept {}             // NOLINT(google-explicit-constructor): `return std::nullopt;`
  Maybe(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;`

  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }

  [[nodiscard]] const T& operator*() const& { return looked_at(*this); }
  [[nodiscard]] T& operator*() & { return looked_at(*this); }
  /// Of a temporary (`*co_await db.maybe<T>(…)`) a value: a reference would view what is gone.
  [[nodiscard]] T operator*() && { return std::move(looked_at(*this)); }

  [[nodiscard]] const T* operator->() const& { return &looked_at(*this); }
  [[nodiscard]] T* operator->() & { return &looked_at(*this); }
  template <class U = T>
  T* operator->() && {
    static_assert(
        !std::same_as<U, T>,
        "MAYBE-001: this may be nothing, and is gone at the end of the line: give it a name and look at it, or "
        "write .or_problem(404, \"No such thing\") before the member");
    return nullptr;
  }
  template <class U = T>
  const T* operator->() const&& {
    return std::move(const_cast<Maybe&>(*this)).template operator-><U>();  // NOLINT: never runs, the other has the text
  }

  /// The value, or the answer to the client: throws the `Problem`, whose text is a literal.
  [[nodiscard]] const T& or_problem(ProblemStatus status, ProblemText title, ProblemText detail = "") const& {
    return answered_for(*this, status, title, detail);
  }
  [[nodiscard]] T& or_problem(ProblemStatus status, ProblemText title, ProblemText detail = "") & {
    return answered_for(*this, status, title, detail);
  }
  [[nodiscard]] T or_problem(ProblemStatus status, ProblemText title, ProblemText detail = "") && {
    return std::move(answered_for(*this, status, title, detail));
  }

  // No template: a number of a range is made of its literal where the call stands, `page.value_or(1)`.
  [[nodiscard]] T value_or(T otherwise) const& { return value_ ? *value_ : std::move(otherwise); }
  [[nodiscard]] T value_or(T otherwise) && { return value_ ? std::move(*value_) : std::move(otherwise); }

  // Declared for its error message.
  operator std::optional<T>() const {  // NOLINT(google-explicit-constructor)
    static_assert(
        !std::same_as<T, T>,
        "MAYBE-002: keep it a sp::Maybe<T> (auto, Task<sp::Maybe<T>>): a std::optional that is used without a "
        "look reads memory that is not there");
    return std::nullopt;
  }

  [[nodiscard]] friend bool operator==(const Maybe& maybe, std::nullopt_t) noexcept { return !maybe; }

 private:
  template <class Self>
  static auto& looked_at(Self& self) {
    if (!self.value_) [[unlikely]]
      detail::misused("a Maybe was used without a look at whether it holds something");
    return *self.value_;
  }
  template <class Self>
  static auto& answered_for(Self& self, ProblemStatus status, ProblemText title, ProblemText detail) {
    if (!self.value_) throw Problem(status, title, detail);
    return *self.value_;
  }

  std::optional<T> value_;
};

namespace detail {
template <class T>
inline constexpr bool is_maybe = false;
template <class T>
inline constexpr bool is_maybe<Maybe<T>> = true;
}  // namespace detail

}  // namespace sallyport
