// Owned<T>: an object that the caller owns, loaded and authorized by one statement.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/db.hpp>
#include <sallyport/entity.hpp>
#include <sallyport/id.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/view.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

namespace detail {

// Rows of `T` that are a person's, whose id is bound once.
template <class T, class Put>
constexpr void put_whose(const Put& put) {
  if constexpr (entity<T>::has_members) {
    using Members = typename entity<T>::Members;
    put(entity<T>::id);
    put(" IN (SELECT ");
    put(Members::thing);
    put(" FROM ");
    put(Members::table);
    put(" WHERE ");
    put(Members::person);
    put(" = ?)");
  } else if constexpr (entity<T>::has_owner) {
    put(entity<T>::owner);
    put(" = ?");
  } else {  // what it hangs on says it
    using Parent = ParentOf<T>;
    put(field_names<T>[parent_field<T>()]);
    put(" IN (SELECT ");
    put(entity<Parent>::id);
    put(" FROM ");
    put(entity<Parent>::name);
    put(" WHERE ");
    put_whose<Parent>(put);
    put(")");
  }
}

// Puts the statement together while compiling: with a null buffer it only measures.
template <class T>
constexpr std::size_t write_owned_select(char* out) {
  std::size_t size = 0;
  const auto put = [&](std::string_view text) {
    for (const char c : text) {
      if (out) out[size] = c;
      ++size;
    }
  };
  put("SELECT ");
  bool first = true;
  for (const std::string_view name : field_names<T>) {
    if (!first) put(", ");
    first = false;
    put(name);
  }
  put(" FROM ");
  put(entity<T>::name);
  put(" WHERE ");
  put(entity<T>::id);
  put(" = ? AND ");
  put_whose<T>(put);
  return size;
}

template <class T>
inline constexpr auto owned_select = [] {
  std::array<char, write_owned_select<T>(nullptr) + 1> sql{};
  write_owned_select<T>(sql.data());
  return sql;
}();

}  // namespace detail

/// What the caller owns, loaded and authorized in one statement. Only the kernel makes one.
template <class T, auto Member>
class Owned {
  static_assert(
      std::is_member_object_pointer_v<decltype(Member)>,
      "AUTHZ-011: Owned<T> is what :id in the path names, Owned<T, &Input::member> what a member of the body or "
      "query names");
  using Field = std::remove_const_t<detail::FieldOf<Member>>;
  static_assert(std::same_as<Field, Id<T>> || std::same_as<Field, Maybe<Id<T>>>,
                "AUTHZ-011: the member that Owned<T, &Input::member> names is an sp::Id<T> or an sp::Maybe of one");

 public:
  static constexpr bool is_optional = std::same_as<Field, Maybe<Id<T>>>;

  const T& operator*() const
    requires(!is_optional)
  {
    return *value_;
  }
  const T* operator->() const
    requires(!is_optional)
  {
    return &*value_;
  }
  /// Its id, as the proof that the row is the caller's.
  [[nodiscard]] OwnedId<T> id() const
    requires(!is_optional)
  {
    return OwnedId<T>((*value_).*entity<T>::id_field, request_);
  }
  /// Of an optional member: what it names, or nothing when it is absent.
  [[nodiscard]] const Maybe<T>& value() const noexcept
    requires(is_optional)
  {
    return value_;
  }
  [[nodiscard]] Maybe<OwnedId<T>> id() const
    requires(is_optional)
  {
    if (!value_) return std::nullopt;
    return OwnedId<T>((*value_).*entity<T>::id_field, request_);
  }

 private:
  friend struct detail::Admit;
  explicit Owned(Maybe<T> value) : value_(std::move(value)) {}
  Maybe<T> value_;
  std::uint64_t request_ = detail::this_request();  // kept, it proves nothing in another one
};

/// The `T` that `:id` in the path names, which the caller owns, or is a member of; or that hangs on such a thing, whose id is in a field of it (a
/// `File` with an `Id<Room>`). Found and authorized in one statement: another user's object
/// answers exactly as one that does not exist, 404. Only the kernel makes one.
template <class T>
class Owned<T, detail::InPath{}> {
 public:
  const T& operator*() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }

  /// Its id, as the proof that the row is the caller's: `db.run("DELETE FROM notes WHERE id = ?", note.id())`.
  [[nodiscard]] OwnedId<T> id() const noexcept { return OwnedId<T>(value_.*entity<T>::id_field, request_); }

 private:
  friend struct detail::Admit;
  explicit Owned(T value) : value_(std::move(value)) {}
  T value_;
  std::uint64_t request_ = detail::this_request();  // kept, it proves nothing in another one
};

}  // namespace sallyport
