// A column's value as the type that a field asks for, or an error: nothing is converted.
#include <sallyport/row.hpp>

namespace sallyport::detail {
namespace {

using Kind = SqlValue::Kind;

SqlValue expect(const Row& row, std::size_t field, Kind kind, const char* otherwise) {
  const SqlValue value = row.value(field);
  if (value.kind == Kind::null) row.refuse(field, "is NULL: make the field an sp::Maybe");
  if (value.kind != kind) row.refuse(field, otherwise);
  return value;
}

}  // namespace

std::int64_t integer_of(const Row& row, std::size_t field, std::int64_t min, std::int64_t max) {
  const std::int64_t number = expect(row, field, Kind::integer, "is no INTEGER").integer;
  if (number < min || number > max) row.refuse(field, "is outside the range of its field", true);
  return number;
}

std::uint64_t unsigned_of(const Row& row, std::size_t field, std::uint64_t max) {
  const std::int64_t number = expect(row, field, Kind::integer, "is no INTEGER").integer;
  if (number < 0 || static_cast<std::uint64_t>(number) > max)
    row.refuse(field, "is outside the range of its field", true);
  return static_cast<std::uint64_t>(number);
}

double real_of(const Row& row, std::size_t field) {
  const SqlValue value = row.value(field);
  // coalesce(sum(x), 0) is an INTEGER when there is nothing to add up: taken where a double holds it exactly.
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (value.kind == Kind::integer && value.integer >= -exact && value.integer <= exact) {
    return static_cast<double>(value.integer);
  }
  return expect(row, field, Kind::real, "is no REAL").real;
}

std::string_view text_of(const Row& row, std::size_t field) {
  return expect(row, field, Kind::text, "is no TEXT").bytes;
}

std::span<const unsigned char> blob_of(const Row& row, std::size_t field) {
  const std::string_view bytes = expect(row, field, Kind::blob, "is no BLOB").bytes;
  return {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()};
}

}  // namespace sallyport::detail
