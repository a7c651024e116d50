// Fuzzes the request head parser: the fast one against its twin, whole input against dripped input, one limit set against another.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/character_class.hpp"
#include "http/http1_parser.hpp"

namespace {

using namespace sallyport::http;
namespace base = sallyport::base;
using State = ParseResult::State;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(std::string_view a, std::string_view b) { return a.data() == b.data() && a.size() == b.size(); }

void require_same(const RequestHead& a, const RequestHead& b) {
  require(a.method == b.method && a.minor_version == b.minor_version && a.framing == b.framing);
  require(a.has_query == b.has_query && a.keep_alive == b.keep_alive && a.expect_continue == b.expect_continue);
  require(a.content_length == b.content_length);
  require(same(a.method_text, b.method_text) && same(a.target, b.target) && same(a.scheme, b.scheme));
  require(same(a.host, b.host) && same(a.path, b.path) && same(a.query, b.query));
  require(std::ranges::equal(a.fields(), b.fields(), [](const HeaderField& x, const HeaderField& y) {
    return same(x.name, y.name) && same(x.value, y.value) && x.known == y.known;
  }));
  for (std::size_t i = 0; i < static_cast<std::size_t>(KnownHeader::count); ++i) {
    const auto header = static_cast<KnownHeader>(i);
    require(a.repeated(header) == b.repeated(header) && same(a.known(header).value, b.known(header).value));
  }
}

// What must hold of any accepted head, whatever the parser thinks.
void require_sound(std::string_view bytes, const RequestHead& head, std::size_t consumed) {
  require(consumed <= bytes.size() && bytes.substr(0, consumed).ends_with("\r\n\r\n"));
  const auto clean = [](std::string_view text) {
    return text.find_first_of(std::string_view{"\r\n\0", 3}) == text.npos;
  };
  for (const HeaderField& field : head.fields()) {
    require(clean(field.name) && clean(field.value) && !field.name.empty());
    require(field.name.find_first_of(" \t:") == field.name.npos);
  }
  require(clean(head.target) && !head.path.empty() && (head.path.front() == '/' || head.path == "*"));
  const auto all_in = [](base::CharacterClass wanted, std::string_view text) {
    return base::skip(wanted, text.data(), text.data() + text.size()) == text.data() + text.size();
  };
  require(all_in(base::target_class, head.path) && all_in(base::query_class, head.query));
  require(head.minor_version <= 1);
  require(head.minor_version == 0 || !head.host.empty());
  require(!(head.has(KnownHeader::transfer_encoding) && head.has(KnownHeader::content_length)));
  for (const KnownHeader once : {KnownHeader::host, KnownHeader::content_length, KnownHeader::transfer_encoding}) {
    require(!head.repeated(once));
  }
}

ParseResult parse(std::string_view bytes, const HeadLimits& limits, std::size_t already_scanned) {
  RequestHead fast;
  RequestHead slow;
  const ParseResult result = parse_request_head(bytes, fast, limits, already_scanned);
  require(result == scalar::parse_request_head(bytes, slow, limits, already_scanned));
  if (result.state == State::complete) {
    require_same(fast, slow);
    require_sound(bytes, fast, result.consumed);
  }
  return result;
}

void check(std::string_view bytes, const HeadLimits& limits) {
  const ParseResult whole = parse(bytes, limits, 0);
  require(whole.state != State::incomplete || bytes.size() < limits.total);
  for (const std::size_t step : {std::size_t{1}, std::size_t{11}}) {
    if (bytes.size() > 512 * step) continue;
    ParseResult dripped;
    std::size_t seen = 0;
    do {
      const std::size_t size = std::min(bytes.size(), seen + step);
      dripped = parse(bytes.substr(0, size), limits, seen);
      seen = size;
    } while (dripped.state == State::incomplete && seen < bytes.size());
    require(dripped == whole);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto copy = std::make_unique_for_overwrite<char[]>(size);  // libFuzzer's own block may be larger than `size`
  if (size != 0) std::memcpy(copy.get(), data, size);
  const std::string_view bytes{copy.get(), size};
  check(bytes, {});
  check(bytes, {.request_line = 40, .total = 120, .fields = 3});
  return 0;
}
