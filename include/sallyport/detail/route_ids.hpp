// The ids that a route takes, in its path or at any depth of its inputs: of what has an owner, one that the caller owns.
#pragma once

#include <sallyport/db.hpp>
#include <sallyport/detail/types.hpp>
#include <sallyport/entity.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/owned.hpp>
#include <sallyport/policy.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/shared.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

/// What is wrong with the ids that a route takes.
enum class IdFault : unsigned char {
  none,
  unknown,  ///< of a type that is not defined here
  unowned,  ///< of what has an owner, and nothing proves that it is the caller
  text,     ///< a text or a number that names something
};

template <class A>
struct InputOf {
  using Type = void;
};
template <class T>
struct InputOf<Body<T>> {
  using Type = T;
};
template <class T>
struct InputOf<Form<T>> {
  using Type = T;
};
template <class T>
struct InputOf<TryForm<T>> {
  using Type = T;
};
template <class T, class Unknown>
struct InputOf<Query<T, Unknown>> {
  using Type = T;
};

template <class A>
struct PathId {
  using Type = void;
  static constexpr bool is_id = false;
  static constexpr bool is_text_id = false;
};
// `id`, `note_id`, `noteId`: a parameter called like that names something.
consteval bool is_called_id(std::string_view name) {
  return name == "id" || name.ends_with("_id") || name.ends_with("Id") || name == "uuid" || name == "ids";
}
template <FixedString Name, class T>
struct PathId<Path<Name, T>> {
  using Type = T;
  static constexpr bool is_id = Name.view() == "id";
  static constexpr bool is_text_id =
      std::is_void_v<typename NamedBy<T>::Type> && !std::is_enum_v<T> && is_called_id(Name.view());
};

// Whether `Owned<T, &Struct::member>` loads what member `Index` of `Struct` names.
template <class A, class Struct, std::size_t Index>
inline constexpr bool loads_member = false;
template <class T, auto Member, class Struct, std::size_t Index>
  requires(std::is_member_object_pointer_v<decltype(Member)>)
inline constexpr bool loads_member<Owned<T, Member>, Struct, Index> =
    std::same_as<OwnerOf<Member>, Struct> && member_name<Member> == field_names<Struct>[Index];

template <class A>
inline constexpr bool is_database = std::same_as<A, Db&> || std::same_as<A, const Db&>;

// Whether a policy of the application's own has looked at this path parameter, and so decides about what it names.
template <class Policy, class A>
inline constexpr bool judges = false;
template <class Policy, FixedString Name, class T>
  requires requires { typename Policy::Judged; }
inline constexpr bool judges<Policy, Path<Name, T>> = is_among<Path<Name, T>, typename Policy::Judged>;

template <class Policy, class Options, class... A>
struct RouteIds;
template <class Policy, class... Option, class... A>
struct RouteIds<Policy, std::tuple<Option...>, A...> {
  static constexpr bool is_by_role = by_role<Policy>;

  template <class T>
  static consteval bool is_known() {
    return std::same_as<T, User> || Declared<T> || Complete<T>;
  }

  // A thing in the path that hangs on another, which is loaded as the caller's: `/notes/:id/items/:item`.
  template <class T>
  static consteval bool hangs_on_owned() {
    if constexpr (Complete<T>) {
      if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>) {
        return any_field<T>(std::make_index_sequence<field_count<T>>{}, []<class Field>() {
          using Parent = typename NamedBy<Field>::Type;
          return !std::is_void_v<Parent> && !std::same_as<Parent, T> && (std::same_as<A, Owned<Parent>> || ...);
        });
      }
    }
    return false;
  }

  template <class T, bool InPath>
  static consteval IdFault check_id() {
    if constexpr (is_by_role || (shares<Option, T> || ...)) {
      return IdFault::none;
    } else if constexpr (!is_known<T>()) {
      return IdFault::unknown;
    } else if constexpr (InPath && hangs_on_owned<T>()) {
      return IdFault::none;
    } else {
      return has_owner<T>() ? IdFault::unowned : IdFault::none;
    }
  }

  template <class Type, class... Above>
  static consteval IdFault check_type() {
    using Plain = PlainType<Type>;
    using Named = typename NamedBy<Plain>::Type;
    if constexpr (!std::is_void_v<Named>) {
      return check_id<Named, false>();
    } else if constexpr (PlainStruct<Plain> && !(std::same_as<Plain, Above> || ...)) {
      return check_struct<Plain, Above...>(std::make_index_sequence<field_count<Plain>>{});
    } else {
      return IdFault::none;
    }
  }
  template <class Struct, class... Above, std::size_t... I>
  static consteval IdFault check_struct(std::index_sequence<I...>) {
    IdFault fault = IdFault::none;
    ((fault = fault == IdFault::none ? check_member<Struct, I, Above...>() : fault), ...);
    return fault;
  }
  template <class Struct, std::size_t I, class... Above>
  static consteval IdFault check_member() {
    if constexpr ((loads_member<A, Struct, I> || ...)) {
      return IdFault::none;
    } else {
      return check_type<std::remove_const_t<FieldType<Struct, I>>, Struct, Above...>();
    }
  }

  template <class One>
  static consteval IdFault check_parameter() {
    if constexpr (judges<Policy, One>) {
      return IdFault::none;
    } else {
      return check_unjudged<One>();
    }
  }
  template <class One>
  static consteval IdFault check_unjudged() {
    using Id = typename NamedBy<typename PathId<One>::Type>::Type;
    if constexpr (!std::is_void_v<Id>) {
      if constexpr (PathId<One>::is_id && requires { typename Policy::Entity; }) {
        if constexpr (std::same_as<typename Policy::Entity, Id>) return IdFault::none;
      }
      return check_id<Id, true>();
    } else if constexpr (!std::is_void_v<typename InputOf<One>::Type>) {
      return check_type<typename InputOf<One>::Type>();
    } else {
      return IdFault::none;
    }
  }

  static consteval IdFault find() {
    if (((PathId<A>::is_text_id && !judges<Policy, A>) || ...) && (is_database<A> || ...) && !is_by_role &&
        !(SharedOption<Option> || ...))
      return IdFault::text;
    IdFault fault = IdFault::none;
    ((fault = fault == IdFault::none ? check_parameter<A>() : fault), ...);
    return fault;
  }
};

}  // namespace sallyport::detail
