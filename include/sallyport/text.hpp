// Text that has been checked: how values of a request are parsed into types, and the text types.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/detail/misuse.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// Why a value of a request was refused. The client sees the name (`too_long`), never the value.
enum class InputError : std::uint8_t {
  none,
  malformed,    ///< the whole body (or one percent-encoded value) is not JSON, or not a form
  unknown,      ///< a member that the schema does not have
  missing,      ///< a member that the schema asks for is absent
  repeated,     ///< a member appears twice
  type,         ///< the wrong kind of value: nothing is converted, `"1"` is no number
  too_short,    ///< fewer code points than the schema asks for
  too_long,     ///< more code points (a name, a number: characters) than allowed
  too_small,    ///< below the range
  too_large,    ///< above the range
  format,       ///< not of the form asked for: no e-mail address, no id, not UTF-8
  not_allowed,  ///< a value outside the list, or a character that is not accepted
  too_many,     ///< more elements or members than allowed
  too_deep,     ///< nested too deeply
};

/// The name of an error as clients see it: `"too_long"`.
[[nodiscard]] std::string_view name_of(InputError error) noexcept;

/// The result of `parse`: the value, or why there is none.
///
/// Any type with `static sp::Parsed<T> parse(std::string_view)` can stand in an input struct, so a service writes its
/// own checked types the way `Text` and `Email` are written. The text handed to it is valid UTF-8 of at most `4 *
/// T::max_length` bytes (4 KiB where the type has no `max_length`).
///
/// Used without looking when there is no value, it ends the request (500), as `Maybe` does: never the process.
template <class T>
class [[nodiscard]] Parsed {
 public:
  Parsed(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;`
  Parsed(InputError error) noexcept
      : error_(error) {}  // NOLINT(google-explicit-constructor): `return InputError::format;`

  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }
  [[nodiscard]] T& operator*() & { return looked_at(*this); }
  [[nodiscard]] const T& operator*() const& { return looked_at(*this); }
  [[nodiscard]] T&& operator*() && { return std::move(looked_at(*this)); }
  [[nodiscard]] const T* operator->() const { return &looked_at(*this); }
  /// `InputError::none` when there is a value.
  [[nodiscard]] InputError error() const noexcept { return error_; }

 private:
  template <class Self>
  static auto& looked_at(Self& self) {
    if (!self.value_) [[unlikely]]
      detail::misused("the result of parse was used without a look at whether there is a value");
    return *self.value_;
  }

  std::optional<T> value_;
  InputError error_ = InputError::none;
};

namespace detail {

enum class Lines : bool { one, many };

// Valid UTF-8 of `min` to `max` code points without control characters (C0, DEL, C1). `Lines::many` lets CR, LF and TAB
// through; `Lines::one` also refuses U+2028 and U+2029.
[[nodiscard]] InputError check_text(std::string_view text, std::size_t min, std::size_t max, Lines lines) noexcept;

// What `Text` and `Line` share; compiled code that is not a template takes this.
class CheckedText {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return value_; }
  operator std::string_view() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)
  explicit operator std::string() const& { return value_; }
  explicit operator std::string() && { return std::move(value_); }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  friend bool operator==(const CheckedText& a, const CheckedText& b) noexcept { return a.value_ == b.value_; }
  friend bool operator==(const CheckedText& a, std::string_view b) noexcept { return a.value_ == b; }
  friend bool operator==(const CheckedText& a, const char* b) noexcept { return a.value_ == b; }
  friend std::strong_ordering operator<=>(const CheckedText& a, const CheckedText& b) noexcept {
    return a.value_ <=> b.value_;
  }

 protected:
  explicit CheckedText(std::string_view text) : value_(text) {}

 private:
  std::string value_;
};

template <class Self, std::size_t Min, std::size_t Max, Lines Allowed>
class BoundedText : public CheckedText {
  static_assert(Min <= Max, "SCHEMA-006: the least length is above the greatest");
  static_assert(Max <= 1'000'000, "SCHEMA-006: a text of more than a million characters belongs in an upload");

 public:
  static constexpr std::size_t min_length = Min;  ///< code points
  static constexpr std::size_t max_length = Max;  ///< code points

  /// The text if it fits; else `too_short`, `too_long`, `not_allowed` (a control character) or `format` (not UTF-8).
  static Parsed<Self> parse(std::string_view text) {
    if (const InputError error = check_text(text, Min, Max, Allowed); error != InputError::none) return error;
    return Self(text);
  }
  /// A stored value; nothing when it does not fit (it was written under other rules).
  static std::optional<Self> from_storage(std::string_view text) {
    if (check_text(text, Min, Max, Allowed) != InputError::none) return std::nullopt;
    return Self(text);
  }

 protected:
  explicit BoundedText(std::string_view text) : CheckedText(text) {}
};

}  // namespace detail

/// Text of `Min` to `Max` Unicode code points (not bytes, not what a reader sees as characters): valid UTF-8, line
/// breaks and tabs allowed, other control characters refused. A `Text` that exists has been checked.
template <std::size_t Min, std::size_t Max>
class Text final : public detail::BoundedText<Text<Min, Max>, Min, Max, detail::Lines::many> {
  using Base = detail::BoundedText<Text<Min, Max>, Min, Max, detail::Lines::many>;
  friend Base;
  explicit Text(std::string_view text) : Base(text) {}
};

/// A `Text` of one line: no line breaks, no tabs, no control characters at all.
template <std::size_t Min, std::size_t Max>
class Line final : public detail::BoundedText<Line<Min, Max>, Min, Max, detail::Lines::one> {
  using Base = detail::BoundedText<Line<Min, Max>, Min, Max, detail::Lines::one>;
  friend Base;
  explicit Line(std::string_view text) : Base(text) {}
};

/// An e-mail address that mail systems deliver to: `local@domain.tld`, at most 254 bytes (RFC 5321 §4.5.3.1.3 with
/// erratum 1690), a local part of at most 64 in dot-atom form (RFC 5322 §3.2.3: no quoted strings, no comments), a
/// domain of at least two labels. A domain in another script is taken by IDNA 2008 and kept as `xn--`, so that both spellings are one
/// address. The domain is lower-cased, the local part is ASCII and kept as typed.
class Email {
 public:
  static constexpr std::size_t min_length = 6;
  static constexpr std::size_t max_length = 254;
  static constexpr std::string_view format = "email";

  /// The address; else `too_long` or `format`.
  static Parsed<Email> parse(std::string_view text);
  /// A stored address; nothing when it is none.
  static std::optional<Email> from_storage(std::string_view text);

  /// The address to send to and to show.
  [[nodiscard]] std::string_view view() const noexcept { return value_; }
  operator std::string_view() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)
  /// The address to find accounts and count attempts by: wholly lower-cased, since people do not type capitals the same
  /// way twice and no provider gives two people addresses that differ by case.
  [[nodiscard]] std::string key() const;

  /// Equal as typed, capitals of the local part included; compare `key()` to tell whether it is the same account.
  friend bool operator==(const Email& a, const Email& b) noexcept = default;
  friend std::strong_ordering operator<=>(const Email& a, const Email& b) noexcept { return a.value_ <=> b.value_; }

 private:
  explicit Email(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

}  // namespace sallyport
