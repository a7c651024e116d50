// Any Range against any length: a part lies within it, reads back as itself, and is never more than was asked for.
#include "http/byte_range.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport::http;
  std::uint64_t length = 0;
  if (size < sizeof length) return 0;
  std::memcpy(&length, data, sizeof length);
  const std::string_view field(reinterpret_cast<const char*>(data) + sizeof length, size - sizeof length);

  const ByteRange range = read_byte_range(field, length);
  std::array<char, max_content_range_size> storage;
  const std::string_view text = content_range(range, length, storage);
  if (range.kind == ByteRange::Kind::whole) return text.empty() ? 0 : (std::abort(), 0);
  if (length == 0 || field.find(',') != field.npos || !text.ends_with("/" + std::to_string(length))) std::abort();
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    if (read_byte_range(field, 0).kind != ByteRange::Kind::whole) std::abort();
    return 0;
  }
  if (range.first > range.last || range.last >= length || range.length() > length) std::abort();

  const std::string asked = "bytes=" + std::to_string(range.first) + "-" + std::to_string(range.last);
  const ByteRange again = read_byte_range(asked, length);
  if (again.kind != range.kind || again.first != range.first || again.last != range.last) std::abort();
  return 0;
}
