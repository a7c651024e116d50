// What the handlers of all event loops may share, and how.
#pragma once

#include <sallyport/detail/plain_type.hpp>
#include <sallyport/locked.hpp>
#include <sallyport/reflect.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

template <class T>
inline constexpr bool guards_itself = false;
template <class T>
inline constexpr bool guards_itself<Locked<T>> = true;
template <class T>
inline constexpr bool guards_itself<std::atomic<T>> = true;
template <>
inline constexpr bool guards_itself<std::atomic_flag> = true;

/// What `State<T>` hands out is constant, or is changed by one at a time.
template <class T>
inline constexpr bool shared_safely = std::is_const_v<T> || guards_itself<T>;

/// A lock of the standard library, or one with its calls.
template <class T>
concept Lockable = requires(T& lock) {
  lock.lock();
  lock.unlock();
};

template <class T>
struct BaseOf {
  template <class Base>
    requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
  operator Base() const noexcept;  // NOLINT(google-explicit-constructor): only asked whether it could be called
};

/// A plain struct whose fields can be looked at one by one.
template <class T>
concept LooksPlain = std::is_aggregate_v<T> && !std::is_array_v<T> && !std::is_union_v<T> &&
                     !requires { T{BaseOf<T>{}}; } && (count_fields<T>() <= max_fields);

/// Points to what is not constant itself: that of a constant one can be changed all the same.
template <class T>
inline constexpr bool points_to_mutable = false;
template <class T>
inline constexpr bool points_to_mutable<T*> = !std::is_const_v<T> && !guards_itself<T>;
template <class T>
inline constexpr bool points_to_mutable<std::shared_ptr<T>> = points_to_mutable<T*>;
template <class T, class Deleter>
inline constexpr bool points_to_mutable<std::unique_ptr<T, Deleter>> = points_to_mutable<T*>;
template <Refers T>
inline constexpr bool points_to_mutable<T> = points_to_mutable<typename T::type*>;

enum class StateFault : unsigned char { none, changed, lock };

template <class T>
consteval StateFault value_fault() {
  if (Lockable<T>) return StateFault::lock;
  return points_to_mutable<T> ? StateFault::changed : StateFault::none;
}

/// What is wrong with a constant `T` that is shared: it is a lock, or points to what can be changed, or has such a field.
template <class T>
consteval StateFault state_fault() {
  if constexpr (guards_itself<T>) {
    return StateFault::none;
  } else if constexpr (value_fault<T>() != StateFault::none) {
    return value_fault<T>();
  } else if constexpr (LooksPlain<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      StateFault fault = StateFault::none;
      ((fault = fault == StateFault::none ? value_fault<std::remove_const_t<FieldType<T, I>>>() : fault), ...);
      return fault;
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return StateFault::none;
  }
}

}  // namespace sallyport::detail
