// not_secret<T>: fields that are called like a secret and are none, each with the reason.
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

/// The field of `T` that is called `Name` is no secret.
template <class T, FieldNameText Name>
struct NoSecret {};

template <class Class, class Type>
Class class_of(Type Class::*);
template <auto Pointer>
using NoSecretMember =
    NoSecret<decltype(class_of(Pointer)), field_name_text<member_name<Pointer>.size()>(member_name<Pointer>)>;
template <class T, std::size_t I>
using NoSecretField = NoSecret<T, field_name_text<field_names<T>[I].size()>(field_names<T>[I])>;

}  // namespace detail

/// Why fields of `not_secret` are none: two words or more.
template <detail::FixedString Why, auto... Members>
struct because : detail::NoSecretMember<Members>... {
  static_assert(detail::is_reason(Why.view()),
                "SEC-010: say why this is no secret, in two words and ten characters or more");
  static_assert(sizeof...(Members) > 0, "SEC-010: name the field that is no secret: because<\"why\", &T::code>");
};

}  // namespace sallyport
