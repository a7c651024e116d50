// Where a struct is stored and whose its rows are; and the ids that prove it.
#pragma once

#include <sallyport/detail/reason.hpp>
#include <sallyport/detail/sql_owners.hpp>
#include <sallyport/detail/type_name.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/id.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/reflect.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sallyport {

struct User;
namespace detail {
struct Admit;
struct InPath {};
}  // namespace detail

template <class T, auto Member = detail::InPath{}>
class Owned;

namespace detail {

/// The type of `every_owner<"why">`.
template <FixedString Why>
struct EveryOwner {
  static_assert(is_reason(Why.view()), "OWN-006: say in some words why every row may be reached, whoever owns it");
  static constexpr std::string_view why = Why.view();
};

template <class T>
inline constexpr bool is_every_owner = false;
template <FixedString Why>
inline constexpr bool is_every_owner<EveryOwner<Why>> = true;

struct NoOwner {};

/// The type of `members<"room_members", "room_id", "user_id">`.
template <FixedString Table, FixedString Thing, FixedString Person>
struct Members {
  static constexpr std::string_view table = Table.view();
  static constexpr std::string_view thing = Thing.view();
  static constexpr std::string_view person = Person.view();
};
template <class T>
inline constexpr bool is_members = false;
template <FixedString Table, FixedString Thing, FixedString Person>
inline constexpr bool is_members<Members<Table, Thing, Person>> = true;
}  // namespace detail

/// Says that a query reaches rows whoever owns them, and why: `db.all<Entry>("SELECT * FROM entries LIMIT 50", sp::every_owner<"the
/// guestbook is public">)`. The route report lists each reason.
template <detail::FixedString Why>
inline constexpr detail::EveryOwner<Why> every_owner{};

/// Says that a table's rows are for several people, in place of an owner: those whom the table `Table` lists, a row for each, with the id of
/// the row in its column `Thing` and the user in `Person`:
///
///     template <> struct sp::entity<Room> : sp::table<"rooms", &Room::id, sp::members<"room_members", "room_id", "user_id">> {};
///
/// Queries over rooms, and over what has an `Id<Room>`, join that table or ask `EXISTS`, with `user_id = ?` and `me.id`; `sp::Owned<Room>` is
/// a room that the caller is a member of. A new member is added with the id of such a room.
template <detail::FixedString Table, detail::FixedString Thing, detail::FixedString Person>
inline constexpr detail::Members<Table, Thing, Person> members{};

/// Says where a struct is stored and which of its fields are its id and its owner:
///
///     template <> struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
///     template <> struct sp::entity<Product> : sp::table<"products", &Product::id> {};   // nobody's
///     template <> struct sp::entity<Entry>                                               // somebody's, and for everybody
///         : sp::table<"entries", &Entry::id, sp::every_owner<"the guestbook is public">> {};
template <class T>
struct entity;

namespace detail {

template <auto IdField, auto Owner>
struct TableParts {
  using OwnerType = std::remove_const_t<decltype(Owner)>;
  static constexpr bool is_public = is_every_owner<OwnerType>;
  static constexpr bool has_members = is_members<OwnerType>;
  static constexpr bool has_owner = std::is_member_object_pointer_v<OwnerType> || has_members;
  static_assert(has_owner || is_public || std::same_as<OwnerType, NoOwner>,
                "DATA-010: a table's owner is a member (&Note::owner), sp::members<…>, or sp::every_owner<\"why\">");
  static constexpr std::string_view id = member_name<IdField>;
  static constexpr std::string_view why = [] {
    if constexpr (is_public) {
      return OwnerType::why;
    } else {
      return std::string_view();
    }
  }();
  static constexpr std::string_view owner = [] {
    if constexpr (has_owner && !has_members) {
      return member_name<Owner>;
    } else {
      return std::string_view();
    }
  }();
};

consteval bool is_table_name(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !name.empty();
}

}  // namespace detail

template <detail::FixedString Name, auto IdField, auto Owner = detail::NoOwner{}>
struct table {
  using Parts = detail::TableParts<IdField, Owner>;
  static constexpr std::string_view name = Name.view();
  static constexpr auto id_field = IdField;
  static constexpr std::string_view id = Parts::id;
  static constexpr std::string_view owner = Parts::owner;
  static constexpr bool has_owner = Parts::has_owner;
  static constexpr bool has_members = Parts::has_members;
  using Members = typename Parts::OwnerType;  ///< where it has members
  static constexpr bool is_public = Parts::is_public;
  static constexpr std::string_view why = Parts::why;
  static_assert(detail::is_table_name(Name.view()), "DATA-010: a table's name is lower case letters, digits and '_'");
};

namespace detail {

/// An entity has been declared for it.
template <class T>
concept Declared = requires { entity<T>::name; };
/// It is stored, and each row has an owner.
template <class T>
concept Stored = Declared<T> && entity<T>::has_owner;

template <class T>
struct NamedBy {
  using Type = void;
};
template <class T>
struct NamedBy<Id<T>> {
  using Type = T;
};
template <class T>
struct NamedBy<std::optional<T>> : NamedBy<T> {};
template <class T>
struct NamedBy<Maybe<T>> : NamedBy<T> {};

template <class T>
concept Complete = requires { sizeof(T); };

// Whose ids a struct's fields hold.
template <class T, class F, std::size_t... I>
consteval bool any_field(std::index_sequence<I...>, F f) {
  return (f.template operator()<std::remove_const_t<FieldType<T, I>>>() || ...);
}

template <class T>
consteval bool has_user_field() {
  if constexpr (Complete<T>) {
    if constexpr (std::is_aggregate_v<T> && std::is_class_v<T> && !std::same_as<T, User>) {
      return any_field<T>(std::make_index_sequence<field_count<T>>{},
                          []<class Field>() { return std::same_as<typename NamedBy<Field>::Type, User>; });
    }
  }
  return false;
}

/// Whether a `T` is somebody's: it is a user, an entity with an owner, or has a field with the id of something that is.
template <class T, class... Above>
consteval bool has_owner();

template <class T, class... Above>
consteval bool has_owned_field() {
  if constexpr (Complete<T>) {
    if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>) {
      return any_field<T>(std::make_index_sequence<field_count<T>>{},
                          []<class Field>() { return has_owner<typename NamedBy<Field>::Type, T, Above...>(); });
    }
  }
  return false;
}

template <class T, class... Above>
consteval bool has_owner() {
  if constexpr (std::is_void_v<T> || (std::same_as<T, Above> || ...)) {
    return false;
  } else if constexpr (std::same_as<T, User>) {
    return true;
  } else if constexpr (!Declared<T>) {
    return has_owned_field<T, Above...>();
  } else if constexpr (entity<T>::has_owner || entity<T>::is_public) {
    return entity<T>::has_owner;
  } else {
    static_assert(!has_user_field<T>(),
                  "OWN-007: this struct holds the id of a user: name that field as the owner in its sp::table<…>, or "
                  "write sp::every_owner<\"why\"> there");
    return has_owned_field<T, Above...>();
  }
}

// --- What the checks of SQL know of a table

template <class T>
consteval bool owns_rows();

template <class T>
struct TableOf;

/// The table that lists the members of each `T`.
template <class T>
struct MembersOf {
  using Names = typename entity<T>::Members;
  static_assert(
      is_table_name(Names::table) && is_table_name(Names::thing) && is_table_name(Names::person),
      "DATA-010: sp::members<\"room_members\", \"room_id\", \"user_id\"> names a table and two of its columns");
  static constexpr OwnerColumn columns[] = {{Names::person}, {Names::thing, entity<T>::name}};
  static constexpr OwnedTable value{Names::table, {}, columns, Names::thing};
};

/// Whether a field of `T` holds the id of another thing in a table whose rows have owners.
template <class T, class Field>
consteval bool is_parent() {
  using Parent = typename NamedBy<std::remove_const_t<Field>>::Type;
  if constexpr (std::is_void_v<Parent> || std::same_as<Parent, T>) {
    return false;
  } else {
    return owns_rows<Parent>();
  }
}
template <class T, std::size_t... I>
consteval std::size_t count_parents(std::index_sequence<I...>) {
  return (std::size_t{0} + ... + (is_parent<T, FieldType<T, I>>() ? 1 : 0));
}

/// The one field of `T` with the id of a thing that somebody has.
template <class T, std::size_t I = 0>
consteval std::size_t parent_field() {
  if constexpr (is_parent<T, FieldType<T, I>>()) {
    return I;
  } else {
    return parent_field<T, I + 1>();
  }
}
template <class T>
using ParentOf = typename NamedBy<std::remove_const_t<FieldType<T, parent_field<T>()>>>::Type;

/// Whether one statement can tell whose a `T` is: it has an owner or members, or hangs on exactly one thing of which that can be told.
template <class T>
consteval bool is_somebodys() {
  if constexpr (!Declared<T>) {
    return false;
  } else if constexpr (entity<T>::has_owner || entity<T>::is_public) {
    return entity<T>::has_owner;
  } else if constexpr (count_parents<T>(std::make_index_sequence<field_count<T>>{}) != 1) {
    return false;
  } else {
    return is_somebodys<ParentOf<T>>();
  }
}

/// The columns that say whose a row of `T` is: its owner, and the ids of things that have one.
template <class T>
inline constexpr auto owner_columns = [] {
  using Indices = std::make_index_sequence<field_count<T>>;
  constexpr std::size_t own = entity<T>::has_owner ? 1 : 0;
  std::array<OwnerColumn, own + count_parents<T>(Indices{})> columns{};
  std::size_t size = 0;
  if constexpr (entity<T>::has_members) {
    using Members = typename entity<T>::Members;
    columns[size++] = {entity<T>::id, Members::table, &MembersOf<T>::value, Members::thing};
  }
  if constexpr (own != 0 && !entity<T>::has_members) columns[size++] = {entity<T>::owner};
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto add = [&]<class Field>(std::string_view name, std::type_identity<Field>) {
      if constexpr (is_parent<T, Field>()) {
        using Parent = typename NamedBy<std::remove_const_t<Field>>::Type;
        columns[size++] = {name, entity<Parent>::name, &TableOf<Parent>::value};
      }
    };
    (add(
         field_names<T>[I], std::type_identity<FieldType<T, I>> {}),
     ...);
  }(Indices{});
  return columns;
}();

/// `T` has a table, and its rows have owners.
template <class T>
consteval bool owns_rows() {
  if constexpr (Declared<T>) {
    return has_owner<T>();
  } else {
    return false;
  }
}

template <class T>
struct TableOf {
  static constexpr OwnedTable value{entity<T>::name, entity<T>::id, owner_columns<T>};
};
template <class T>
inline constexpr const OwnedTable& owned_table = TableOf<T>::value;

// --- What the checks of a database know: lists that are made before main.

/// A table that some entity declares.
struct DeclaredTable {
  OwnedTable table;
  bool is_public = false;
  std::string_view why{};               ///< it is public
  std::string_view type{};              ///< of its rows
  const OwnedTable* members = nullptr;  ///< the table that lists whose each row is, where it is several people's
  const DeclaredTable* next = nullptr;
};
/// A reason for which rows are reached whoever owns them.
struct EveryOwnerReason {
  std::string_view why;
  std::string_view rows;  ///< the type of the rows, or the table
  const EveryOwnerReason* next = nullptr;
};
bool declare_table(DeclaredTable& table) noexcept;
bool give_reason(EveryOwnerReason& reason) noexcept;
[[nodiscard]] const DeclaredTable* declared_tables() noexcept;
[[nodiscard]] const EveryOwnerReason* every_owner_reasons() noexcept;

template <class T>
consteval OwnedTable declared_table() {
  if constexpr (entity<T>::is_public) {
    return {entity<T>::name, entity<T>::id, {}};
  } else {
    return owned_table<T>;
  }
}
template <class T>
consteval const OwnedTable* members_of() {
  if constexpr (entity<T>::has_members) {
    return &MembersOf<T>::value;
  } else {
    return nullptr;
  }
}
template <class T>
inline DeclaredTable declared_table_of{declared_table<T>(), entity<T>::is_public, entity<T>::why, type_name<T>,
                                       members_of<T>()};
template <class T>
inline const bool is_declared = declare_table(declared_table_of<T>);

}  // namespace detail

}  // namespace sallyport
