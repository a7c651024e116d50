// Values in a row of which none is read that is not there: what List and Rows are made of.
#pragma once

#include <sallyport/detail/misuse.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport::detail {

/// Where an iterator of a standard vector would read memory that is not there, this one ends the request.
template <class Vector>
class CheckedIterator {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = typename std::remove_const_t<Vector>::value_type;
  using difference_type = std::ptrdiff_t;
  using reference = decltype(std::declval<Vector&>()[0]);
  using pointer = std::add_pointer_t<reference>;

  CheckedIterator() noexcept = default;
  CheckedIterator(Vector& values, std::ptrdiff_t place) noexcept : values_(&values), place_(place) {}
  /// One that may change the values becomes one that may not.
  template <class Other>
    requires(std::same_as<const Other, Vector> && !std::same_as<Other, Vector>)
  CheckedIterator(
      const CheckedIterator<Other>& other) noexcept  // NOLINT(google-explicit-constructor): as of std::vector
      : values_(other.values_), place_(other.place_) {}

  reference operator*() const { return at(place_); }
  pointer operator->() const { return &at(place_); }
  reference operator[](std::ptrdiff_t i) const { return at(place_ + i); }

  CheckedIterator& operator++() noexcept { return *this += 1; }
  CheckedIterator& operator--() noexcept { return *this -= 1; }
  CheckedIterator operator++(int) noexcept { return std::exchange(*this, *this + 1); }
  CheckedIterator operator--(int) noexcept { return std::exchange(*this, *this - 1); }
  CheckedIterator& operator+=(std::ptrdiff_t n) noexcept {
    place_ += n;
    return *this;
  }
  CheckedIterator& operator-=(std::ptrdiff_t n) noexcept { return *this += -n; }
  friend CheckedIterator operator+(CheckedIterator it, std::ptrdiff_t n) noexcept { return it += n; }
  friend CheckedIterator operator+(std::ptrdiff_t n, CheckedIterator it) noexcept { return it += n; }
  friend CheckedIterator operator-(CheckedIterator it, std::ptrdiff_t n) noexcept { return it -= n; }
  friend std::ptrdiff_t operator-(const CheckedIterator& a, const CheckedIterator& b) noexcept {
    return a.place_ - b.place_;
  }
  friend bool operator==(const CheckedIterator& a, const CheckedIterator& b) noexcept { return a.place_ == b.place_; }
  friend auto operator<=>(const CheckedIterator& a, const CheckedIterator& b) noexcept { return a.place_ <=> b.place_; }

 private:
  template <class>
  friend class CheckedIterator;
  [[nodiscard]] reference at(std::ptrdiff_t place) const {
    if (!values_ || place < 0 || place >= std::ssize(*values_)) [[unlikely]]
      misused("an iterator was used where there is no element");
    return (*values_)[static_cast<std::size_t>(place)];
  }
  Vector* values_ = nullptr;
  std::ptrdiff_t place_ = 0;
};

/// Read only. A value of a temporary is a value: a reference would view what is gone.
template <class T>
class Elements {
 public:
  using value_type = T;
  using const_reference = typename std::vector<T>::const_reference;
  using const_iterator = CheckedIterator<const std::vector<T>>;
  using iterator = const_iterator;

  [[nodiscard]] const_iterator begin() const& noexcept { return {values_, 0}; }
  [[nodiscard]] const_iterator end() const& noexcept { return {values_, std::ssize(values_)}; }
  const_iterator begin() const&& = delete;
  const_iterator end() const&& = delete;
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }

  /// Behind the end they end the request (see `Maybe`).
  [[nodiscard]] const_reference operator[](std::size_t i) const& { return values_[checked(i)]; }
  [[nodiscard]] const_reference at(std::size_t i) const& { return values_[checked(i)]; }
  [[nodiscard]] const_reference front() const& { return values_[checked(0)]; }
  [[nodiscard]] const_reference back() const& { return values_[checked(values_.size() - 1)]; }
  [[nodiscard]] T operator[](std::size_t i) && { return std::move(values_[checked(i)]); }
  [[nodiscard]] T at(std::size_t i) && { return std::move(values_[checked(i)]); }
  [[nodiscard]] T front() && { return std::move(values_[checked(0)]); }
  [[nodiscard]] T back() && { return std::move(values_[checked(values_.size() - 1)]); }

  /// The values, moved out.
  [[nodiscard]] std::vector<T> take() && noexcept { return std::move(values_); }

 protected:
  [[nodiscard]] std::size_t checked(std::size_t i) const {
    if (i >= values_.size()) [[unlikely]]
      misused("an element was used that is not there: ask empty() or size() first");
    return i;
  }
  std::vector<T> values_;
};

}  // namespace sallyport::detail
