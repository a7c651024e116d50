// What may be put into the slots of a template, and its type-erased form.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/time.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

/// A type that says of itself that it must never be shown (`using is_secret = void;`).
template <class T>
concept SecretValue = requires { typename T::is_secret; };

template <class T>
concept TextByView = requires(const T& value) {
  { value.view() } -> std::convertible_to<std::string_view>;
};
template <class T>
concept TextByText = requires(const T& value) {
  { value.text() } -> std::convertible_to<std::string_view>;
};
template <class T>
concept TextByStr = requires(const T& value) {
  { value.str() } -> std::convertible_to<std::string_view>;
};
template <class T>
concept TextByToText = requires(const T& value) {
  { value.to_text() } -> std::convertible_to<std::string_view>;
};

template <class T>
concept Character =
    std::same_as<T, char> || std::same_as<T, signed char> || std::same_as<T, unsigned char> ||
    std::same_as<T, wchar_t> || std::same_as<T, char8_t> || std::same_as<T, char16_t> || std::same_as<T, char32_t>;

/// A number with one obvious way to write it. `bool` and the character types have none; floating point needs a format.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !Character<T> && sizeof(T) <= sizeof(std::uint64_t);

/// A value that a slot can show: text, an integer, a point in time (RFC 3339), or a type that gives its text through `view()`, `text()`, `str()`
/// or `to_text()` (as `Text<>`, `Email` and `Id<>` do).
template <class T>
concept TextValue = !SecretValue<T> && !std::is_null_pointer_v<T> &&
                    (Integer<T> || std::convertible_to<const T&, std::string_view> || TextByView<T> || TextByText<T> ||
                     TextByStr<T> || TextByToText<T> || is_system_time<T>);

/// One value on its way into the compiled renderer. It borrows: the value must outlive the call.
struct SlotValue {
  enum class Kind : unsigned char { text, negative, number, fragments, flag };

  Kind kind = Kind::text;
  const void* data = nullptr;  // text: the bytes; fragments: the first `Html`
  std::uint64_t number = 0;    // text and fragments: how many; number: the value; negative: its magnitude; flag: 0 or 1

  static SlotValue of_text(std::string_view text) noexcept { return {Kind::text, text.data(), text.size()}; }
  static SlotValue of_flag(bool on) noexcept { return {Kind::flag, nullptr, on ? std::uint64_t{1} : 0}; }

  template <Integer T>
  static SlotValue of_number(T value) noexcept {
    const auto bits = static_cast<std::uint64_t>(value);
    if (std::cmp_less(value, 0)) return {Kind::negative, nullptr, ~bits + 1};
    return {Kind::number, nullptr, bits};
  }

  std::string_view text() const noexcept { return {static_cast<const char*>(data), static_cast<std::size_t>(number)}; }
};

/// What a type hands out, kept until the end of the calling expression: by view if it still lives in the value, else
/// by value.
template <class Given>
auto hold_given(Given&& given) {
  if constexpr (std::is_lvalue_reference_v<Given>) {
    return static_cast<std::string_view>(given);
  } else {
    return std::forward<Given>(given);
  }
}

/// The value in a form that lives until the end of the calling expression: an integer, a view or a string.
template <class T>
auto hold_text(const T& value) {
  if constexpr (Integer<T>) {
    return value;
  } else if constexpr (is_system_time<T>) {
    return time_text(value);
  } else if constexpr (std::is_array_v<T>) {  // bounded, should a buffer lack its NUL
    const std::string_view whole{value, std::extent_v<T>};
    return whole.substr(0, whole.find('\0'));
  } else if constexpr (std::is_pointer_v<T>) {
    return value ? std::string_view{value} : std::string_view{};
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return static_cast<std::string_view>(value);
  } else if constexpr (TextByView<T>) {
    return hold_given(value.view());
  } else if constexpr (TextByText<T>) {
    return hold_given(value.text());
  } else if constexpr (TextByStr<T>) {
    return hold_given(value.str());
  } else {
    return hold_given(value.to_text());
  }
}

inline SlotValue erase(const SlotValue& value) noexcept { return value; }
inline SlotValue erase(std::string_view held) noexcept { return SlotValue::of_text(held); }
template <Integer T>
SlotValue erase(T held) noexcept {
  return SlotValue::of_number(held);
}

}  // namespace sallyport::detail
