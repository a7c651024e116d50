// Rows<T>: what a query has found.
#pragma once

#include <sallyport/detail/elements.hpp>
#include <sallyport/maybe.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace sallyport {

/// The rows of `db.all<T>`, none or more, in the order of the query. To be gone through, sorted, shown in an answer, or moved into a
/// `std::vector` (`std::move(rows).take()`). `front()`, `back()` and `rows[i]` of a row that is not there end the request, as a `Maybe`
/// that is used without a look; `first()` is a `Maybe`.
template <class T>
class Rows : public detail::Elements<T> {
  using Base = detail::Elements<T>;

 public:
  using reference = typename std::vector<T>::reference;
  using iterator = detail::CheckedIterator<std::vector<T>>;

  Rows() noexcept = default;
  explicit Rows(std::vector<T> values) noexcept { this->values_ = std::move(values); }

  using Base::begin;
  using Base::end;
  [[nodiscard]] iterator begin() & noexcept { return {this->values_, 0}; }
  [[nodiscard]] iterator end() & noexcept { return {this->values_, std::ssize(this->values_)}; }

  using Base::at;
  using Base::back;
  using Base::front;
  using Base::operator[];
  [[nodiscard]] reference operator[](std::size_t i) & { return this->values_[this->checked(i)]; }
  [[nodiscard]] reference at(std::size_t i) & { return this->values_[this->checked(i)]; }
  [[nodiscard]] reference front() & { return this->values_[this->checked(0)]; }
  [[nodiscard]] reference back() & { return this->values_[this->checked(this->values_.size() - 1)]; }

  /// The first row, or nothing where there is none.
  [[nodiscard]] Maybe<T> first() const& { return this->empty() ? Maybe<T>() : Maybe<T>(this->values_.front()); }
  [[nodiscard]] Maybe<T> first() && { return this->empty() ? Maybe<T>() : Maybe<T>(std::move(this->values_.front())); }

  operator std::vector<T>() const& { return this->values_; }         // NOLINT(google-explicit-constructor)
  operator std::vector<T>() && { return std::move(this->values_); }  // NOLINT(google-explicit-constructor)

  [[nodiscard]] friend bool operator==(const Rows& a, const Rows& b) { return a.values_ == b.values_; }
  [[nodiscard]] friend bool operator==(const Rows& a, const std::vector<T>& b) { return a.values_ == b; }
};

}  // namespace sallyport
