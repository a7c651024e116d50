// Any fields of an upstream: never two of a kind that is no list, nothing that the table drops, and one of the two where both sides have one.
#include "gate/header_merge.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace sallyport;

// A line each: `name:value`.
std::vector<http::HeaderField> fields_of(std::string_view lines) {
  std::vector<http::HeaderField> fields;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view value = line.substr(std::min(colon + 1, line.size()));
    fields.push_back({line.substr(0, colon), base::trim_blanks(value), {}});
  }
  return fields;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fields = fields_of({reinterpret_cast<const char*>(data), size});
  gate::Answer answer;
  gate::merge_fields(answer, fields);
  gate::MergeRows seen = 0;
  for (const http::HeaderField& field : answer.forwarded) {
    const gate::MergeRows row = gate::row_of(field.name);
    if (row == 0) continue;
    const gate::MergeRule& rule = gate::merge_table[static_cast<std::size_t>(std::countr_zero(row))];
    if (rule.merge == gate::Merge::replace) std::abort();
    if ((answer.left_out & row) == 0) std::abort();
    if (!rule.list && (seen & row) != 0) std::abort();
    if (rule.acceptable && !rule.acceptable(field.value)) std::abort();
    seen |= row;
  }
  // Ours is left out for something: a field that stands, a row that is never ours, or the other way to say who may frame a page.
  for (std::size_t row = 0; row < gate::merge_table.size(); ++row) {
    const gate::MergeRows bit = gate::MergeRows{1} << row;
    if ((answer.left_out & bit) == 0 || (seen & bit) != 0) continue;
    if (gate::merge_table[row].merge == gate::Merge::keep) continue;
    if (bit != gate::row_of("X-Frame-Options") || (seen & gate::row_of("Content-Security-Policy")) == 0) std::abort();
  }
  return 0;
}
