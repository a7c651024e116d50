// The shape of a path: decoded once, never repaired. What two readers could read differently is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::gate {

enum class PathFault : std::uint8_t {
  none,
  not_absolute,
  empty_segment,      ///< `//`
  dot_segment,        ///< `.` or `..`, encoded or not
  bad_escape,         ///< `%` without two hexadecimal digits
  encoded_delimiter,  ///< %2F %5C %25 %00 %3B: what another reader may decode again or take for a delimiter
  forbidden_byte,     ///< `\`, `;`, a control character
  not_utf8,
  too_many_segments,
  too_long,  ///< more than 65,535 bytes, whatever the limit of a request line is set to
};

[[nodiscard]] std::string_view fault_name(PathFault fault) noexcept;

inline constexpr std::size_t max_path_segments = 64;

/// Checks `raw` and decodes its percent-escapes. `decoded` views `raw` itself, or `storage` when there was something to decode.
[[nodiscard]] PathFault decode_path(std::string_view raw, std::string& storage, std::string_view& decoded);

}  // namespace sallyport::gate
