// Any text as a date: what is understood can be written and is then understood the same; what was written is read back.
#include "http/http_date.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport::http;
  std::int64_t now = 0;
  if (size < sizeof now) return 0;
  std::memcpy(&now, data, sizeof now);
  const std::string_view text(reinterpret_cast<const char*>(data) + sizeof now, size - sizeof now);

  const auto of_now = http_date(now);
  const auto read_back = parse_http_date({of_now.data(), of_now.size()}, 0);
  if (read_back != std::clamp(now, first_http_date, last_http_date)) std::abort();

  const auto seconds = parse_http_date(text, now);
  if (!seconds || *seconds > last_http_date || *seconds < first_http_date) return 0;
  const auto canonical = http_date(*seconds);
  if (parse_http_date({canonical.data(), canonical.size()}, ~now) != seconds) std::abort();
  const bool leaps = text.find(":60") != text.npos;
  if (text[3] == ',' && !leaps && text != std::string_view(canonical.data(), canonical.size())) std::abort();
  return 0;
}
