// Rows to values: what a column may become, and how a struct is filled from the columns named like its fields.
#pragma once

#include <sallyport/changed.hpp>
#include <sallyport/detail/plain_type.hpp>
#include <sallyport/detail/sql_value.hpp>
#include <sallyport/id.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/rows.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport::detail {

/// A driver's current row. `field` counts the fields of the result type, not the columns of the statement.
class Row {
 public:
  /// The field's value; a view that holds until the next row.
  [[nodiscard]] virtual SqlValue value(std::size_t field) const = 0;
  /// Throws DatabaseError (`shape`, `out_of_range`) with the name of the field's column and the query.
  [[noreturn]] virtual void refuse(std::size_t field, const char* why, bool range = false) const = 0;

 protected:
  ~Row() = default;
};

// No conversions: a column has the type of its field, or the query fails.
[[nodiscard]] std::int64_t integer_of(const Row& row, std::size_t field, std::int64_t min, std::int64_t max);
[[nodiscard]] std::uint64_t unsigned_of(const Row& row, std::size_t field, std::uint64_t max);
[[nodiscard]] double real_of(const Row& row, std::size_t field);
[[nodiscard]] std::string_view text_of(const Row& row, std::size_t field);
[[nodiscard]] std::span<const unsigned char> blob_of(const Row& row, std::size_t field);

// A type that checks what it is made from: Text, Email, Id.
template <class T>
concept FromStorage = requires(std::string_view stored) {
  { T::from_storage(stored) } -> std::same_as<std::optional<T>>;
};

template <class T>
inline constexpr std::size_t byte_array_size = 0;
template <std::size_t N>
inline constexpr std::size_t byte_array_size<std::array<unsigned char, N>> = N;

// What a query that proves an id answers (`OwnerReader::check_id`).
struct ReadProof {
  template <class T>
  static OwnedId<T> of(const Id<T>& id) noexcept {
    return OwnedId<T>(id);
  }
};

template <class T>
struct Readable
    : std::bool_constant<SqlInteger<T> || std::same_as<T, bool> || std::same_as<T, double> || std::is_enum_v<T> ||
                         is_system_time<T> || std::same_as<T, std::string> || FromStorage<T> || SqlRanged<T> ||
                         is_proof<T> || std::same_as<T, std::vector<unsigned char>> || byte_array_size<T> != 0> {};
template <class T>
struct Readable<Maybe<T>> : Readable<T> {};
template <class T>
struct Readable<std::optional<T>> : Readable<T> {};  // so that it is refused with a sentence of its own

// To the year 9999, or to where the type itself ends: nanoseconds do in 2262.
template <class Duration>
constexpr std::int64_t most_milliseconds() {
  using std::chrono::milliseconds;
  constexpr std::int64_t year_9999 = 253'402'300'799'999;
  if constexpr (std::ratio_less_v<typename Duration::period, std::milli>) {
    const std::int64_t most = std::chrono::duration_cast<milliseconds>(Duration::max()).count();
    return most < year_9999 ? most : year_9999;
  } else {
    return year_9999;
  }
}

/// The value of one column.
template <class T>
T read_column(const Row& row, std::size_t field) {
  static_assert(
      !is_std_optional<T>,
      "DATA-007: a column that may be NULL is read into an sp::Maybe<T>: a std::optional that is used without a "
      "look at it ends the process, a Maybe the request");
  static_assert(Readable<T>::value || is_std_optional<T>,
                "DATA-002: a column becomes a number, bool, enum, std::string, Text, Email, Id, time point, bytes "
                "(std::vector or std::array of unsigned char) or a Maybe of one: no views, they would dangle");
  if constexpr (SqlOptional<T>) {
    if (row.value(field).kind == SqlValue::Kind::null) return std::nullopt;
    return read_column<typename OptionalOf<T>::Value>(row, field);
  } else if constexpr (std::same_as<T, bool>) {
    return integer_of(row, field, 0, 1) == 1;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(read_column<std::underlying_type_t<T>>(row, field));
  } else if constexpr (std::signed_integral<T>) {
    return static_cast<T>(integer_of(row, field, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::unsigned_integral<T>) {
    return static_cast<T>(unsigned_of(row, field, std::numeric_limits<T>::max()));
  } else if constexpr (std::same_as<T, double>) {
    return real_of(row, field);
  } else if constexpr (is_system_time<T>) {
    constexpr std::int64_t limit = most_milliseconds<typename T::duration>();
    const std::chrono::milliseconds since_1970(integer_of(row, field, -limit, limit));
    return T(std::chrono::floor<typename T::duration>(since_1970));
  } else if constexpr (std::same_as<T, std::string>) {
    return std::string(text_of(row, field));
  } else if constexpr (SqlRanged<T>) {
    using Number = std::remove_cvref_t<decltype(std::declval<const T&>().value())>;
    auto number = T::of(read_column<Number>(row, field));
    if (!number) row.refuse(field, "is outside the range of its type", true);
    return *std::move(number);
  } else if constexpr (is_proof<T>) {
    return ReadProof::of(read_column<Id<typename ProvenId<T>::Type>>(row, field));
  } else if constexpr (FromStorage<T>) {
    std::optional<T> value;
    if constexpr (SqlId<T>) {
      const auto bytes = blob_of(row, field);
      value = T::from_storage({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    } else {
      value = T::from_storage(text_of(row, field));
    }
    if (!value) row.refuse(field, "no longer fits its type");
    return *std::move(value);
  } else {
    const auto bytes = blob_of(row, field);
    if constexpr (byte_array_size<T> != 0) {
      if (bytes.size() != byte_array_size<T>) row.refuse(field, "has another number of bytes");
      T array{};
      for (std::size_t i = 0; i < array.size(); ++i) array[i] = bytes[i];
      return array;
    } else {
      return T(bytes.begin(), bytes.end());
    }
  }
}

/// How a result type is filled from rows, in a form that drivers, which are no templates, can use.
struct RowPlan {
  std::span<const std::string_view> fields;    ///< the names of the columns, all of them; empty: one column of any name
  void (*take)(void* result, const Row& row);  ///< called for each row
  std::size_t min_rows;
  std::size_t max_rows;
};

template <class T>
T read_row(const Row& row) {
  if constexpr (Readable<T>::value) {
    return read_column<T>(row, 0);
  } else {
    static_assert(std::is_aggregate_v<T>,
                  "DATA-002: a row becomes a plain struct whose fields are named like the columns, or one value");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return T{read_column<std::remove_cv_t<FieldType<T, I>>>(row, I)...};
    }(std::make_index_sequence<field_count<T>>{});
  }
}

template <class T>
constexpr std::span<const std::string_view> columns_of() {
  if constexpr (Readable<T>::value || !std::is_aggregate_v<T>) {
    return {};
  } else {
    static_assert(field_count<T> > 0, "DATA-002: a struct without fields holds no row");
    return field_names<T>;
  }
}

/// `one`: exactly one row.
template <class T>
struct OneRow {
  using Value = T;
  std::optional<T> row;
  T answer() { return std::move(*row); }
  static void take(void* self, const Row& row) { static_cast<OneRow*>(self)->row.emplace(read_row<T>(row)); }
  static constexpr RowPlan plan() { return {columns_of<T>(), &take, 1, 1}; }
};

/// `maybe`: one row or none.
template <class T>
struct RowOrProblem;
template <class T>
struct MaybeRow {
  using Value = Maybe<T>;
  using OrProblem = RowOrProblem<T>;
  Maybe<T> row;
  Maybe<T> answer() { return std::move(row); }
  static void take(void* self, const Row& row) { static_cast<MaybeRow*>(self)->row = read_row<T>(row); }
  static constexpr RowPlan plan() { return {columns_of<T>(), &take, 0, 1}; }
};

/// `maybe(…).or_problem(…)` and `found`: one row, or the problem is thrown.
template <class T>
struct RowOrProblem {
  using Value = T;
  Problem problem{404, "Not found"};
  std::optional<T> row = {};
  T answer() {
    if (!row) throw problem;
    return std::move(*row);
  }
  static void take(void* self, const Row& row) { static_cast<RowOrProblem*>(self)->row.emplace(read_row<T>(row)); }
  static constexpr RowPlan plan() { return {columns_of<T>(), &take, 0, 1}; }
};

/// The most rows that `all` answers. Above it is an error, not a cut: add LIMIT.
inline constexpr std::size_t max_rows = 10'000;

/// `all`: every row.
template <class T>
struct AllRows {
  using Value = Rows<T>;
  std::vector<T> rows;
  Rows<T> answer() { return Rows<T>(std::move(rows)); }
  static void take(void* self, const Row& row) { static_cast<AllRows*>(self)->rows.push_back(read_row<T>(row)); }
  static constexpr RowPlan plan() { return {columns_of<T>(), &take, 0, max_rows}; }
};

/// `run`: no rows, the number of changed ones.
struct ChangeOrProblem;
struct ChangeOrNone;
struct NoRows {
  using Value = Changed;
  using OrProblem = ChangeOrProblem;
  using OrNone = ChangeOrNone;
  static constexpr Changed answer(std::int64_t changed, std::string_view statement) { return {changed, statement}; }
};

/// `run(…).or_none()`: the number of changed rows, which may be 0.
struct ChangeOrNone {
  using Value = std::int64_t;
  static constexpr std::int64_t answer(std::int64_t changed, std::string_view) { return changed; }
};

/// `run(…).or_problem(…)`: the number of changed rows, or the problem is thrown where it is 0.
struct ChangeOrProblem {
  using Value = std::int64_t;
  Problem problem;
  [[nodiscard]] std::int64_t answer(std::int64_t changed, std::string_view) const {
    if (changed == 0) throw problem;
    return changed;
  }
};

}  // namespace sallyport::detail
