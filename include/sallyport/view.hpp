// view<T>: which fields of a type a client may see. A field that is not named breaks the build.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

#include <sallyport/detail/plain_type.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/not_secret.hpp>
#include <sallyport/reflect.hpp>

namespace sallyport {

/// What is public of `T`. Each type that an answer carries defines it once, naming every field:
///
///     template <> struct sp::view<Note> { using show = fields<&Note::id, &Note::title, &Note::body>;
///                                         using hidden = fields<&Note::owner>; };
///
/// `hidden` may be left out when nothing is. The JSON has the fields of `show`, in that order, under their C++ names.
template <class T>
struct view;

/// A list of members for `view<T>`: `fields<&Note::id, &Note::title>`.
template <auto... Members>
struct fields {
  static constexpr std::size_t count = sizeof...(Members);
};

namespace detail {

template <auto>
struct Member {};

template <class Class, class Type>
struct MemberOf {
  using Owner = Class;
  using Field = Type;
};
template <class Class, class Type>
MemberOf<Class, Type> member_of(Type Class::*);

template <auto Pointer>
using OwnerOf = typename decltype(member_of(Pointer))::Owner;
template <auto Pointer>
using FieldOf = std::remove_const_t<typename decltype(member_of(Pointer))::Field>;

/// A secret, alone or in a list or optional.
template <class T>
concept HoldsSecret = requires { typename PlainType<T>::is_secret; };

template <class T>
struct WithoutOptional {
  using Type = T;
};
template <class T>
struct WithoutOptional<std::optional<T>> {
  using Type = T;
};
template <class T>
struct WithoutOptional<Maybe<T>> {
  using Type = T;
};

/// A number by itself: with a plural name it counts (`max_tokens`), and is no secret.
template <class T>
concept CountsThings = std::is_arithmetic_v<typename WithoutOptional<T>::Type> ||
                       requires { WithoutOptional<T>::Type::of(WithoutOptional<T>::Type::min); };

/// A field that is called `name` and has an ordinary type that a secret could be kept in: not one of the secret types, and nothing
/// that has a few values only.
template <class T>
consteval bool looks_secret(std::string_view name) {
  using Value = PlainType<T>;
  if constexpr (HoldsSecret<T> || std::same_as<Value, bool> || std::is_enum_v<Value>) {
    return false;
  } else {
    const SecretName like = secret_name(name);
    return like == SecretName::one || (like == SecretName::several && !CountsThings<std::remove_cvref_t<T>>);
  }
}

/// A view exists.
template <class T>
concept Viewed = requires { typename view<T>::show; };

template <class T>
struct HiddenFields {
  using Type = fields<>;
};
template <class T>
  requires requires { typename view<T>::hidden; }
struct HiddenFields<T> {
  using Type = typename view<T>::hidden;
};

template <auto Member>
inline constexpr bool named_like_a_secret = looks_secret<FieldOf<Member>>(member_name<Member>) &&
                                            !std::is_base_of_v<ExcusedMember<Member>, not_secret<OwnerOf<Member>>>;

template <class T, class Show, class Hidden>
struct ViewCheck;
template <class T, auto... Shown, auto... Hidden>
struct ViewCheck<T, fields<Shown...>, fields<Hidden...>> {
  template <auto M>
  static constexpr std::size_t mentions = (std::size_t{std::same_as<Member<M>, Member<Shown>>} + ... + std::size_t{0}) +
                                          (std::size_t{std::same_as<Member<M>, Member<Hidden>>} + ... + std::size_t{0});

  static constexpr bool own = (std::same_as<OwnerOf<Shown>, T> && ...) && (std::same_as<OwnerOf<Hidden>, T> && ...);
  static constexpr bool once = ((mentions<Shown> == 1) && ...) && ((mentions<Hidden> == 1) && ...);
  static constexpr bool complete = sizeof...(Shown) + sizeof...(Hidden) >= field_count<T>;
  static constexpr bool no_secret = !(HoldsSecret<FieldOf<Shown>> || ...);
  static constexpr bool no_view = !(ViewsOthers<FieldOf<Shown>> || ...);
  static constexpr bool no_secret_by_name = (!named_like_a_secret<Shown> && ...);
};

/// True, or stops the build with the rule that `view<T>` breaks.
template <class T>
consteval bool check_view() {
  static_assert(!HoldsSecret<T>, "OUT-004: a secret is never sent: leave it out of the answer");
  if constexpr (!HoldsSecret<T>) {
    static_assert(Viewed<T>,
                  "OUT-001: this type has no view: say which fields a client may see: template <> struct sp::view<T> { "
                  "using show = fields<&T::a>; using hidden = fields<&T::b>; };");
    if constexpr (Viewed<T>) {
      using Check = ViewCheck<T, typename view<T>::show, typename HiddenFields<T>::Type>;
      static_assert(Check::own, "OUT-002: view<T> names a member of another struct: name the fields of T itself");
      static_assert(Check::once, "OUT-003: view<T> names a field twice: show it or hide it, once");
      static_assert(!Check::own || !Check::once || Check::complete,
                    "OUT-002: view<T> does not name every field of T: add the new field to show or to hidden");
      static_assert(Check::no_view,
                    "OUT-008: an answer owns what it shows: make this field a std::string (or a std::vector): what a "
                    "view, span or pointer looks at may be gone when the answer is written");
      static_assert(Check::no_secret, "OUT-004: a secret is never sent: move this field of view<T> to hidden");
      static_assert(
          !Check::own || Check::no_secret_by_name,
          "OUT-007: view<T> shows a field that is called like a secret: move it to hidden, or say why it is none: "
          "template <> struct sp::not_secret<T> : sp::because<\"why\", &T::field> {};");
    }
  }
  return true;
}

}  // namespace detail
}  // namespace sallyport
