// Any bytes from a server, in pieces or at once: the same answers, all within their bounds, and no end of the process.
#include "limits/redis_protocol.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

std::string read_all(std::string_view stream, std::size_t piece) {
  using sallyport::limits::RedisReplies;
  RedisReplies replies;
  std::string seen;
  for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size()))) {
    replies.feed(stream.substr(0, piece));
    auto state = replies.next();
    for (; state == RedisReplies::State::complete; state = replies.next()) {
      const auto& reply = replies.reply();
      if (reply.count > reply.max_numbers || reply.text.size() > reply.max_text) std::abort();
      seen += std::to_string(static_cast<int>(reply.type)) + reply.text;
      for (const std::int64_t number : reply.list()) seen += ' ' + std::to_string(number);
    }
    if (state == RedisReplies::State::broken) return seen + "broken";
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = read_all(stream, stream.size());
  if (read_all(stream, 1 + data[0]) != whole) std::abort();
  return 0;
}
