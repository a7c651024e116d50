// not_secret<T> and client_may_set<T>: fields that are called like a secret or a right and are none, each with the reason.
#pragma once

#include <sallyport/detail/reason.hpp>
#include <sallyport/detail/secret_names.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/reflect.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace sallyport {

/// What is no secret of `T`, though it is called like one (`code`, `token`, `pin` …). A field with such a name and an
/// ordinary type does not compile in an input (SEC-009) or as a shown field of a view (OUT-007), unless this says why it may:
///
///     template <> struct sp::not_secret<Coupon> : sp::because<"printed on flyers", &Coupon::code> {};
///
/// The field stays an ordinary one. For several reasons, derive from several `because`.
template <class T>
struct not_secret {};

/// What a client may choose though it is called like a right (`role`, `is_admin`, `permissions` …) or a price (`price_cents`, `total`,
/// `discount` …). In a body, on a route that is not for a role, a field with such a name does not compile (AUTHZ-013, AUTHZ-014), unless this
/// says why it may:
///
///     template <> struct sp::client_may_set<Vacancy> : sp::because<"the job that is offered", &Vacancy::role> {};
///     template <> struct sp::client_may_set<Offer> : sp::because<"the seller asks for it", &Offer::price_cents> {};
template <class T>
struct client_may_set {};

namespace detail {

template <std::size_t N>
struct FieldNameText {
  char text[N]{};
};
template <std::size_t N>
consteval FieldNameText<N> field_name_text(std::string_view name) {
  FieldNameText<N> copy;
  for (std::size_t i = 0; i < N; ++i) copy.text[i] = name[i];
  return copy;
}

/// The field of `T` that is called `Name` is what the trait with this base says.
template <class T, FieldNameText Name>
struct Excused {};
/// The same, with the reason.
template <FixedString Why, class Field>
struct ExcusedWhy : Field {};

template <class Class, class Type>
Class class_of(Type Class::*);
template <auto Pointer>
using ExcusedMember =
    Excused<decltype(class_of(Pointer)), field_name_text<member_name<Pointer>.size()>(member_name<Pointer>)>;
template <class T, std::size_t I>
using ExcusedField = Excused<T, field_name_text<field_names<T>[I].size()>(field_names<T>[I])>;

template <class Field, FixedString Why>
consteval std::string_view why_excused(const ExcusedWhy<Why, Field>*) {
  return Why.view();
}
/// The reason that `Trait`, which is `not_secret<T>` or `client_may_set<T>`, has for field number `I` of `T`; empty: it does not name it.
template <class Trait, class T, std::size_t I>
consteval std::string_view reason_for() {
  if constexpr (std::is_base_of_v<ExcusedField<T, I>, Trait>) {
    return why_excused<ExcusedField<T, I>>(static_cast<const Trait*>(nullptr));
  } else {
    return {};
  }
}

}  // namespace detail

/// Why fields of `not_secret` or `client_may_set` are none: two words or more.
template <detail::FixedString Why, auto... Members>
struct because : detail::ExcusedWhy<Why, detail::ExcusedMember<Members>>... {
  static_assert(detail::is_reason(Why.view()),
                "SEC-010: say why this field is not what it is called, in two words and ten characters or more");
  static_assert(sizeof...(Members) > 0, "SEC-010: name the field: because<\"why\", &T::code>");
};

}  // namespace sallyport
