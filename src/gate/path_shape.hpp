// The shape of a path: decoded once, never repaired. A path that two programs could read differently is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::gate {

/// What is wrong with a path: first the faults that PathLeniency can allow, then those that are always refused.
enum class PathFault : std::uint8_t {
  none,
  not_absolute,
  empty_segment,      ///< `//`
  dot_segment,        ///< `.` or `..`, encoded or not
  bad_escape,         ///< `%` without two hexadecimal digits
  encoded_delimiter,  ///< %2F %5C %25 %00 %3B: what another reader may decode again or take for a delimiter
  semicolon,          ///< `;`, where path parameters begin for some readers (RFC 3986 3.3)
  forbidden_byte,     ///< `\`, a control character
  not_utf8,
  too_many_segments,
  too_long,  ///< more than 65,535 bytes, whatever the limit of a request line is set to
};

[[nodiscard]] std::string_view fault_name(PathFault fault) noexcept;

inline constexpr std::size_t max_path_segments = 64;

/// Faults that are allowed because an application behind a proxy has its own reading of the path. A service allows none.
struct PathLeniency {
  bool empty_segments = false;
  bool semicolons = false;
  /// %2F, %25 and %3B: they stay escaped in the decoded path, so that no segment begins or ends there. %5C and %00 never pass, nor does
  /// a `..` that appears when the path is decoded once more.
  bool encoded_delimiters = false;
  /// `%` without two hexadecimal digits: it stands for itself, which is `%25` in the decoded path as for one that was escaped.
  bool bad_escapes = false;
  /// Names in an older character set. Bytes that old decoders took for longer forms of ASCII (C0 AE for a dot) never pass, nor does a `..`
  /// that only decoders without checks would find (C0 2E for a dot).
  bool not_utf8 = false;
};

/// Checks `raw` and decodes its percent-escapes. `decoded` views `raw` itself, or `storage` when there was something to decode.
[[nodiscard]] PathFault decode_path(std::string_view raw, std::string& storage, std::string_view& decoded,
                                    PathLeniency leniency = {});

}  // namespace sallyport::gate
