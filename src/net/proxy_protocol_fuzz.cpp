// Any bytes as a PROXY header: the verdict does not depend on how they arrive, and nothing behind the header is looked at.
#include "net/proxy_protocol.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using sallyport::net::ProxyHeader;
  using sallyport::net::read_proxy_header;
  using State = ProxyHeader::State;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const ProxyHeader whole = read_proxy_header(bytes);
  require((whole.state == State::error) != whole.rule.empty());
  require((whole.state == State::complete) == (whole.consumed != 0));
  require(whole.consumed <= std::min(size, ProxyHeader::max_size));
  require(whole.state != State::incomplete || size < ProxyHeader::max_size);
  if (whole.local || whole.state != State::complete) require(!whole.source);

  for (std::size_t length = 0; length < std::min(size, ProxyHeader::max_size); ++length) {
    const std::string start = bytes.substr(0, length);  // of its own size, so that reading past it is seen
    const ProxyHeader part = read_proxy_header(start);
    if (part.state == State::incomplete) continue;
    require(part.state == whole.state && part.rule == whole.rule && part.consumed == whole.consumed);
    require(part.source == whole.source && part.source_port == whole.source_port && part.local == whole.local);
    require(part.state == State::error || part.consumed == length);
    break;
  }
  return 0;
}
