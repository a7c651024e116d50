// csv_line: a line of a CSV file, whatever is in its values.
#pragma once

#include <sallyport/detail/enum_names.hpp>
#include <sallyport/detail/slot_value.hpp>
#include <sallyport/maybe.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

/// A line of CSV. Only `csv_line` makes one.
class CsvLine {
 public:
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::string take() && noexcept { return std::move(text_); }

 private:
  template <class... Values>
  friend CsvLine csv_line(const Values&... values);
  explicit CsvLine(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

namespace detail {

// In quotes, a quote twice. A text that a spreadsheet would take for a formula gets a ' before it.
void append_csv_text(std::string& out, std::string_view text);
void append_csv_real(std::string& out, double value);

template <class T>
void append_csv(std::string& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out.append(value ? "true" : "false");
  } else if constexpr (std::floating_point<T>) {
    append_csv_real(out, static_cast<double>(value));
  } else if constexpr (std::is_enum_v<T>) {
    append_csv_text(out, enum_name(value));
  } else if constexpr (Integer<T>) {
    out.append(std::to_string(value));
  } else if constexpr (TextValue<T> && !std::is_pointer_v<T>) {
    append_csv_text(out, hold_text(value));
  } else if constexpr (requires { T::of(value.value()); }) {  // Int, Real
    append_csv(out, value.value());
  } else if constexpr (is_maybe<T> || std::same_as<T, std::nullopt_t>) {
    if constexpr (is_maybe<T>) {
      if (value) append_csv(out, *value);
    }
  } else if constexpr (requires {
                         { value.has_value() } -> std::same_as<bool>;
                         *value;
                       }) {
    if (value.has_value()) append_csv(out, *value);
  } else {
    static_assert(
        !std::same_as<T, T>,
        "OUT-012: csv_line takes texts, numbers, bool, enums, ids, and Maybe or optional of one; no secrets, and "
        "no char pointers such as what(): name the members one by one, csv_line(note.id, note.title)");
  }
}

}  // namespace detail

/// A line of CSV (RFC 4180) of the values, its end included: `co_yield sp::csv_line(note.id, note.title);` in a `Stream<"text/csv">`. Texts
/// are quoted, so that no comma, quote or line end of theirs begins another cell; one that a spreadsheet would take for a formula (it begins
/// with `=`, `+`, `-`, `@`, a tab or a line end) gets a `'` before it. Numbers stand as they are; of an empty `Maybe` the cell is empty.
template <class... Values>
[[nodiscard]] CsvLine csv_line(const Values&... values) {
  std::string line;
  [[maybe_unused]] bool first = true;
  (((first ? void() : line.push_back(',')), first = false, detail::append_csv(line, values)), ...);
  line.append("\r\n");
  return CsvLine(std::move(line));
}

}  // namespace sallyport
