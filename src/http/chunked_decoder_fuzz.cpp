// Fuzzes the chunked decoder: fed whole and fed byte by byte, it must say the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/chunked_decoder.hpp"

namespace {

using sallyport::http::ChunkedDecoder;
using sallyport::http::ChunkError;

struct Decoded {
  ChunkedDecoder::State state = ChunkedDecoder::State::need_more;
  ChunkError error = ChunkError::none;
  std::size_t consumed = 0;
  std::string data;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

void require(bool holds) {
  if (!holds) std::abort();
}

Decoded decode(std::string_view bytes, std::size_t step) {
  ChunkedDecoder decoder;
  Decoded all;
  while (!bytes.empty() && all.state == ChunkedDecoder::State::need_more) {
    std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    do {
      const auto result = decoder.feed(piece);
      require(result.consumed <= piece.size() && result.data.size() <= result.consumed);
      require((result.state == ChunkedDecoder::State::data) == !result.data.empty());
      require(result.state != ChunkedDecoder::State::need_more || result.consumed == piece.size());
      all.state = result.state;
      all.error = result.error;
      all.consumed += result.consumed;
      all.data += result.data;
      piece.remove_prefix(result.consumed);
    } while (all.state == ChunkedDecoder::State::data);
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const Decoded whole = decode(bytes, std::string_view::npos);
  require(whole == decode(bytes, 1));
  require(whole == decode(bytes, 3));
  return 0;
}
