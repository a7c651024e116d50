// Any bytes as a path: what is accepted has no `..` segment and no escaped delimiter, and is read the same way twice.
#include "gate/path_shape.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport::gate;
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  std::string storage;
  std::string_view decoded;
  // Whatever is allowed, decoding once more yields no `..` segment.
  constexpr PathLeniency all{
      .empty_segments = true, .semicolons = true, .encoded_delimiters = true, .bad_escapes = true, .not_utf8 = true};
  if (decode_path(raw, storage, decoded, all) == PathFault::none) {
    for (const char* part : {"/../", "\\", "%2F../", "%2f../", "%5C", "%5c"}) {
      if (decoded.find(part) != decoded.npos) std::abort();
    }
    if (decoded.ends_with("/..") || decoded.ends_with("/.")) std::abort();
    // What has stayed escaped is a delimiter, never a character that decoding has put together.
    for (std::size_t at = decoded.find('%'); at != decoded.npos; at = decoded.find('%', at + 1)) {
      const std::string_view escape = decoded.substr(at, 3);
      if (escape != "%25" && escape != "%2F" && escape != "%2f" && escape != "%3B" && escape != "%3b") std::abort();
    }
  }
  if (decode_path(raw, storage, decoded) != PathFault::none) return 0;
  const std::string first(decoded);
  if (first.empty() || first[0] != '/') std::abort();
  for (const char* part : {"//", "/../", "/./", "\\", ";", "%"}) {
    if (first.find(part) != first.npos) std::abort();
  }
  if (first.ends_with("/..") || first.ends_with("/.")) std::abort();
  // Nothing is left to decode: another reader of the result sees the same path.
  if (decode_path(first, storage, decoded) != PathFault::none || decoded != first) std::abort();
  return 0;
}
