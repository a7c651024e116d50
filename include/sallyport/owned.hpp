// Owned<T>: an object that the caller owns, loaded and authorized by one statement.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/db.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/id.hpp>
#include <sallyport/reflect.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sallyport {

/// Says where a struct is stored and which of its fields are its id and its owner:
///
///     template <> struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
template <class T>
struct entity;

template <detail::FixedString Name, auto IdField, auto OwnerField>
struct table {
  static constexpr std::string_view name = Name.view();
  static constexpr std::string_view id = detail::member_name<IdField>;
  static constexpr std::string_view owner = detail::member_name<OwnerField>;
  static_assert(
      [] {
        for (const char c : Name.view()) {
          if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
        }
        return !Name.view().empty();
      }(),
      "DATA-010: a table's name is lower case letters, digits and '_'");
};

namespace detail {

template <class T>
concept Stored = requires {
  entity<T>::name;
  entity<T>::owner;
};

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
  put(entity<T>::owner);
  put(" = ?");
  return size;
}

template <class T>
inline constexpr auto owned_select = [] {
  std::array<char, write_owned_select<T>(nullptr) + 1> sql{};
  write_owned_select<T>(sql.data());
  return sql;
}();

}  // namespace detail

/// The `T` that `:id` in the path names, which the caller owns. Found and authorized in one statement: another user's object
/// answers exactly as one that does not exist, 404. Only the kernel makes one.
template <class T>
class Owned {
 public:
  const T& operator*() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }

 private:
  friend struct detail::Admit;
  explicit Owned(T value) : value_(std::move(value)) {}
  T value_;
};

}  // namespace sallyport
