// Fuzzes the reader of answers: the fast scan against its twin, and whole input against input that drips.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "http/http1_response.hpp"

namespace {

using namespace sallyport::http;
using State = ResponseReader::State;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_same_heads(std::string_view bytes, Asked asked, const ResponseLimits& limits) {
  ResponseHead fast;
  ResponseHead slow;
  const ResponseParse parsed = parse_response_head(bytes, fast, asked, limits);
  require(parsed == scalar::parse_response_head(bytes, slow, asked, limits));
  if (parsed.state != ResponseParse::State::complete) return;
  require(parsed.consumed <= bytes.size() && bytes.substr(0, parsed.consumed).ends_with("\r\n\r\n"));
  require(fast.status == slow.status && fast.framing == slow.framing && fast.keep_alive == slow.keep_alive);
  require(fast.status >= 100 && fast.status <= 599 && fast.reason == slow.reason);
  require(std::ranges::equal(fast.fields(), slow.fields(), [](const HeaderField& a, const HeaderField& b) {
    return a.name.data() == b.name.data() && a.name == b.name && a.value == b.value && a.known == b.known;
  }));
  require(!(fast.has(KnownHeader::transfer_encoding) && fast.has(KnownHeader::content_length)));
  for (const HeaderField& field : fast.fields()) {
    require(!field.name.empty() && field.name.find_first_of("\r\n :") == std::string_view::npos);
    require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
}

struct Told {
  std::string events;
  std::string content;
  std::size_t consumed = 0;
  bool reusable = false;

  friend bool operator==(const Told&, const Told&) = default;
};

Told tell(std::string_view bytes, std::size_t step, Asked asked, const ResponseLimits& limits) {
  ResponseReader reader(asked, limits);
  Told told;
  std::size_t seen = 0;
  for (;;) {
    const std::string_view unread = bytes.substr(told.consumed, seen - told.consumed);
    auto event = reader.read(unread);
    require(event.consumed <= unread.size() && event.data.size() <= event.consumed);
    require((event.state == State::data) == !event.data.empty() &&
            (event.state == State::error) == !event.rule.empty());
    told.consumed += event.consumed;
    if (event.state == State::need_more && seen == bytes.size()) {
      event = reader.end_of_input(bytes.substr(told.consumed));
    } else if (event.state == State::need_more) {
      seen += std::min(step, bytes.size() - seen);
      continue;
    }
    told.content += event.data;
    if (event.state == State::data) continue;
    told.events += std::to_string(static_cast<int>(event.state)) + ':' + std::string(event.rule) + ' ';
    if (event.state == State::interim || event.state == State::head) {
      told.events += std::to_string(reader.head().status) + ' ';
      continue;
    }
    told.reusable = reader.reusable();
    require(!told.reusable || event.state == State::ended);
    require(told.content.size() <= limits.body);
    if (event.state == State::error) told.consumed = 0;  // of a body, more or less of it
    return told;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto asked = static_cast<Asked>(data[0] % 3);
  const bool tight = data[0] % 2 == 1;
  const auto copy =
      std::make_unique_for_overwrite<char[]>(size - 1);  // libFuzzer's own block may be larger than `size`
  if (size > 1) std::memcpy(copy.get(), data + 1, size - 1);
  const std::string_view bytes{copy.get(), size - 1};
  const ResponseLimits limits =
      tight ? ResponseLimits{.status_line = 24, .total = 120, .fields = 3, .interim = 2, .body = 16} : ResponseLimits{};
  require_same_heads(bytes, asked, limits);
  const Told whole = tell(bytes, std::string_view::npos, asked, limits);
  if (bytes.size() <= 2048) require(whole == tell(bytes, 1, asked, limits));
  require(whole == tell(bytes, 13, asked, limits));
  return 0;
}
