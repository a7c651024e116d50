// Any text as a structured field: what is understood can be written, is then understood the same, and is written the same.
#include "content/structured_field.hpp"

#include <cstdlib>

namespace {

template <class Value>
void round_trip(std::string_view text, std::optional<Value> (*parse)(std::string_view)) {
  const auto value = parse(text);
  if (!value) return;
  const auto written = serialize(*value);
  if (!written) std::abort();
  const auto again = parse(*written);
  if (!again || *again != *value || serialize(*again) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport::content;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  round_trip(text, parse_structured_item);
  round_trip(text, parse_structured_list);
  round_trip(text, parse_structured_dictionary);
  return 0;
}
