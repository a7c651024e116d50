// order: the column that a client chose to order by, out of those that the program names.
#pragma once

#include <sallyport/detail/enum_names.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/fixed_string.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace sallyport {

namespace detail {

// `title`, `notes.title`: a column, and nothing that could be another part of a query.
consteval bool is_column_name(std::string_view name) {
  bool begins = true;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (begins ? !letter : !(letter || (c >= '0' && c <= '9') || c == '.')) return false;
    begins = c == '.';
  }
  return !begins;
}

template <FixedString Name>
inline constexpr auto descending_name = [] {
  constexpr std::string_view after = " DESC";
  std::array<char, Name.size + after.size()> text{};
  std::size_t size = 0;
  for (const char c : Name.view()) text[size++] = c;
  for (const char c : after) text[size++] = c;
  return text;
}();

/// What stands for `{}` behind ORDER BY: one of `Columns`. Not called `sallyport::Order`: shops have orders.
template <FixedString... Columns>
class Order : NoBitCast {
  static_assert(sizeof...(Columns) > 0 && (is_column_name(Columns.view()) && ...),
                "SQL-017: sp::order names columns: sp::order<\"title\", \"notes.updated_at\">(text)");

 public:
  constexpr explicit Order(std::string_view by, bool descending) noexcept {
    constexpr std::string_view up[] = {Columns.view()...};
    constexpr std::string_view down[] = {
        std::string_view(descending_name<Columns>.data(), descending_name<Columns>.size())...};
    text_ = descending ? down[0] : up[0];
    for (std::size_t i = 0; i < sizeof...(Columns); ++i) {
      if (up[i] == by) text_ = descending ? down[i] : up[i];
    }
  }
  /// For the library: a literal.
  [[nodiscard]] constexpr std::string_view sql_choice() const noexcept { return text_; }

 private:
  std::string_view text_;
};

// `title` of `notes.title`.
constexpr std::string_view bare_column(std::string_view column) noexcept {
  return column.substr(column.rfind('.') + 1);  // npos + 1 is 0
}

/// The column that a value of an enum called `name` means; empty: none, or several.
template <FixedString... Columns>
constexpr std::string_view column_called(std::string_view name) noexcept {
  std::string_view found;
  std::size_t count = 0;
  ((bare_column(Columns.view()) == name ? (found = Columns.view(), ++count) : count), ...);
  return count == 1 ? found : std::string_view();
}

template <class Enum, FixedString... Columns>
consteval bool names_columns() {
  for (std::size_t i = 0; i < enum_names<Enum>.count; ++i) {
    if (column_called<Columns...>(enum_names<Enum>.name[i]).empty()) return false;
  }
  return enum_names<Enum>.count > 0;
}

}  // namespace detail

/// The column of `Columns` that is called like `by`: a value of an enum, each of which is called like one column (`title` like `notes.title`,
/// too), or a text (an input's Text or Line); or a Maybe of one. The first column where there is none, or none is called so. It is bound to `{}`:
///
///     enum class Sort { title, updated_at };
///     db.all<Note>("SELECT * FROM notes WHERE owner = ? ORDER BY {}", me.id, sp::order<"title", "updated_at">(q->sort))
template <detail::FixedString... Columns, class Text>
[[nodiscard]] constexpr detail::Order<Columns...> order(const Text& by, bool descending = false) {
  if constexpr (requires { by.has_value(); }) {
    if (!by.has_value()) return detail::Order<Columns...>({}, descending);
    return order<Columns...>(*by, descending);
  } else if constexpr (std::is_enum_v<Text>) {
    static_assert(detail::names_columns<Text, Columns...>(),
                  "SQL-023: each value of an enum that orders is called like one column of sp::order, or a client's "
                  "choice would do nothing: "
                  "enum class Sort { title, updated_at }; with sp::order<\"title\", \"updated_at\">(q->sort)");
    return detail::Order<Columns...>(detail::column_called<Columns...>(detail::enum_name(by)), descending);
  } else if constexpr (std::convertible_to<const Text&, std::string_view>) {
    return detail::Order<Columns...>(std::string_view(by), descending);
  } else {
    return detail::Order<Columns...>(by.view(), descending);
  }
}

}  // namespace sallyport
