// Fields of plain aggregates without macros: how many, what they are called, and one after the other.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

/// The most fields a struct may have to be read or written. Nest structs above that.
inline constexpr std::size_t max_fields = 24;

struct AnyField {
  template <class T>
  operator T() const noexcept {  // NOLINT(google-explicit-constructor)
    // Only used unevaluated; it has a body because clang wants one for types without linkage, such as those of an
    // anonymous namespace.
    __builtin_unreachable();
  }
};

template <class T, std::size_t... I>
consteval bool initialisable_by(std::index_sequence<I...>) {
  return requires { T{((void)I, AnyField{})...}; };
}

// Counts downwards: an upward search stops early at a member that has no default constructor.
template <class T, std::size_t N = max_fields + 1>
consteval std::size_t count_fields() {
  if constexpr (N == 0) {
    return 0;
  } else if constexpr (initialisable_by<T>(std::make_index_sequence<N>{})) {
    return N;
  } else {
    return count_fields<T, N - 1>();
  }
}

template <class T>
consteval std::size_t checked_field_count() {
  static_assert(std::is_aggregate_v<T> && !std::is_array_v<T>,
                "TYPE-001: this must be a plain struct: public fields, no constructors, no base class, no C arrays");
  constexpr std::size_t n = count_fields<T>();
  static_assert(n <= max_fields, "TYPE-002: a struct may have 24 fields at most: nest a struct");
  return n;
}

/// How many fields the aggregate `T` has.
template <class T>
inline constexpr std::size_t field_count = checked_field_count<T>();

// One structured binding per field count; `std::tie` keeps the references.
// clang-format off
template <class T>
constexpr auto tie_fields([[maybe_unused]] T& t) noexcept {
  constexpr std::size_t n = field_count<std::remove_const_t<T>>;
  if constexpr (n == 0) { return std::tuple<>{}; }
  else if constexpr (n == 1) { auto& [a] = t; return std::tie(a); }
  else if constexpr (n == 2) { auto& [a,b] = t; return std::tie(a,b); }
  else if constexpr (n == 3) { auto& [a,b,c] = t; return std::tie(a,b,c); }
  else if constexpr (n == 4) { auto& [a,b,c,d] = t; return std::tie(a,b,c,d); }
  else if constexpr (n == 5) { auto& [a,b,c,d,e] = t; return std::tie(a,b,c,d,e); }
  else if constexpr (n == 6) { auto& [a,b,c,d,e,f] = t; return std::tie(a,b,c,d,e,f); }
  else if constexpr (n == 7) { auto& [a,b,c,d,e,f,g] = t; return std::tie(a,b,c,d,e,f,g); }
  else if constexpr (n == 8) { auto& [a,b,c,d,e,f,g,h] = t; return std::tie(a,b,c,d,e,f,g,h); }
  else if constexpr (n == 9) { auto& [a,b,c,d,e,f,g,h,i] = t; return std::tie(a,b,c,d,e,f,g,h,i); }
  else if constexpr (n == 10) { auto& [a,b,c,d,e,f,g,h,i,j] = t; return std::tie(a,b,c,d,e,f,g,h,i,j); }
  else if constexpr (n == 11) { auto& [a,b,c,d,e,f,g,h,i,j,k] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k); }
  else if constexpr (n == 12) { auto& [a,b,c,d,e,f,g,h,i,j,k,l] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l); }
  else if constexpr (n == 13) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m); }
  else if constexpr (n == 14) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o); }
  else if constexpr (n == 15) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p); }
  else if constexpr (n == 16) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q); }
  else if constexpr (n == 17) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r); }
  else if constexpr (n == 18) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s); }
  else if constexpr (n == 19) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u); }
  else if constexpr (n == 20) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v); }
  else if constexpr (n == 21) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w); }
  else if constexpr (n == 22) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x); }
  else if constexpr (n == 23) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y); }
  else if constexpr (n == 24) { auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y,z] = t; return std::tie(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,u,v,w,x,y,z); }
  else { return std::tuple<>{}; }  // unreachable: checked_field_count has refused it
}
// clang-format on

// A holder that is declared and never defined: only the addresses of its fields are taken, as template arguments, so
// that the compiler prints their names.
template <class T>
struct Holder {
  T value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-internal"  // types of an anonymous namespace
#endif
template <class T>
extern const Holder<T> never_defined;

// clang 16 takes the address of a sub-object as a template argument only inside a class.
template <class T>
struct FieldAddress {
  const T* address;
};
template <class T>
FieldAddress(const T*) -> FieldAddress<T>;

template <auto Pointer>
consteval std::string_view pretty_name() {
  return __PRETTY_FUNCTION__;
}

// The last identifier of the template argument that `__PRETTY_FUNCTION__` shows: `… never_defined<Note>.value.title …`.
consteval std::string_view last_identifier(std::string_view pretty) {
  const auto identifier = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  // g++ 12 appends aliases after ';', both end the list with ']'.
  if (const auto alias = pretty.find("; std::string_view"); alias != pretty.npos) pretty = pretty.substr(0, alias);
  std::size_t end = pretty.size();
  while (end > 0 && !identifier(pretty[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && identifier(pretty[begin - 1])) --begin;
  return pretty.substr(begin, end - begin);
}

template <class T, std::size_t I>
consteval std::string_view field_name() {
  return last_identifier(pretty_name<FieldAddress{&std::get<I>(tie_fields(never_defined<T>.value))}>());
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// The name of the member that `Pointer` (`&Note::title`) points to.
template <auto Pointer>
inline constexpr std::string_view member_name = last_identifier(pretty_name<Pointer>());

template <class T, std::size_t... I>
consteval auto make_field_names(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{field_name<T, I>()...};
}

/// The names of the fields of the aggregate `T`, in order of declaration.
template <class T>
inline constexpr auto field_names = make_field_names<T>(std::make_index_sequence<field_count<T>>{});

/// The type of field `I` of the aggregate `T`.
template <class T, std::size_t I>
using FieldType = std::remove_reference_t<std::tuple_element_t<I, decltype(tie_fields(std::declval<T&>()))>>;

/// Calls `f(field, std::integral_constant<std::size_t, I>{})` for every field, in order.
template <class T, class F>
constexpr void for_each_field(T& object, F&& f) {
  auto fields = tie_fields(object);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::get<I>(fields), std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<field_count<std::remove_const_t<T>>>{});
}

}  // namespace sallyport::detail
