// Numbers with a range.
#pragma once

#include <sallyport/detail/literal.hpp>

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace sallyport {

/// A whole number from `Min` to `Max`, both included. In JSON it is written without fraction or exponent (`1.0` is
/// refused).
template <std::int64_t Min, std::int64_t Max>
class Int : detail::NoBitCast {
  static_assert(Min <= Max, "SCHEMA-006: the least value is above the greatest");

 public:
  static constexpr std::int64_t min = Min;
  static constexpr std::int64_t max = Max;

  /// A constant of the program; one that is out of range does not compile.
  consteval Int(std::int64_t value) : value_(value) {  // NOLINT(google-explicit-constructor): `Int<1, 100> page = 1`
    if (value < Min || value > Max) throw "SCHEMA-006: this number is outside the range of its type";
  }
  /// The number if it is in the range.
  static constexpr std::optional<Int> of(std::int64_t value) noexcept {
    if (value < Min || value > Max) return std::nullopt;
    return Int(Checked{}, value);
  }

  [[nodiscard]] constexpr std::int64_t value() const noexcept { return value_; }
  constexpr operator std::int64_t() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)

 private:
  struct Checked {};
  constexpr Int(Checked, std::int64_t value) noexcept : value_(value) {}
  std::int64_t value_;
};

/// A whole number that may be any, below zero as well: for an input in which every one has a meaning.
using AnyInt = Int<std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()>;

/// A finite number from `Min` to `Max`, both included, as a `double`. Integers above 2^53 are refused: they would be
/// rounded.
template <std::int64_t Min, std::int64_t Max>
class Real : detail::NoBitCast {
  static_assert(Min <= Max, "SCHEMA-006: the least value is above the greatest");
  static_assert(Min >= -(std::int64_t{1} << 53) && Max <= (std::int64_t{1} << 53),
                "SCHEMA-006: a double holds whole numbers up to 2^53 only");

 public:
  static constexpr std::int64_t min = Min;
  static constexpr std::int64_t max = Max;

  /// A constant of the program; one that is out of range does not compile.
  consteval Real(double value) : value_(value) {  // NOLINT(google-explicit-constructor): `Real<0, 1> share = 0.5`
    if (!in_range(value)) throw "SCHEMA-006: this number is outside the range of its type";
  }
  /// The number if it is in the range; nothing for NaN.
  static constexpr std::optional<Real> of(double value) noexcept {
    if (!in_range(value)) return std::nullopt;
    return Real(Checked{}, value);
  }

  [[nodiscard]] constexpr double value() const noexcept { return value_; }
  constexpr operator double() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)

 private:
  struct Checked {};
  constexpr Real(Checked, double value) noexcept : value_(value) {}
  static constexpr bool in_range(double value) noexcept {
    return value >= static_cast<double>(Min) && value <= static_cast<double>(Max);
  }
  double value_;
};

/// A number that may be any up to 2^53, below zero as well.
using AnyReal = Real<-(std::int64_t{1} << 53), std::int64_t{1} << 53>;

}  // namespace sallyport
