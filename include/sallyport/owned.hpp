// Owned<T>: an object that the caller owns, loaded and authorized by one statement.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/db.hpp>
#include <sallyport/entity.hpp>
#include <sallyport/id.hpp>
#include <sallyport/reflect.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sallyport {

namespace detail {

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

  /// Its id, as the proof that the row is the caller's: `db.run("DELETE FROM notes WHERE id = ?", note.id())`.
  [[nodiscard]] OwnedId<T> id() const noexcept { return OwnedId<T>(value_.*entity<T>::id_field); }

 private:
  friend struct detail::Admit;
  explicit Owned(T value) : value_(std::move(value)) {}
  T value_;
};

}  // namespace sallyport
