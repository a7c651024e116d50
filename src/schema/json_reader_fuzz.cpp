// Any bytes as JSON into a struct with a field of every kind. What is accepted is written and read again, equal.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "schema/schema_test_types.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sp = sallyport;
  namespace test = sp::schema_test;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  static_cast<void>(sp::detail::valid_json(json));

  sp::detail::FieldErrors errors;
  const auto value = sp::detail::read_json<test::Everything>(json.data(), size, size, errors);
  if (value.has_value() != errors.empty()) std::abort();
  std::string problem;
  errors.append_json(problem);
  if (!sp::detail::valid_json(problem)) std::abort();
  if (!value) return 0;

  const std::string written = test::json_of(test::shown(*value));
  const auto again = test::from_json<test::Everything>(written, errors);
  if (!again || test::json_of(test::shown(*again)) != written) std::abort();
  return 0;
}
