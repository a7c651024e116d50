// Any text as an address or a block: what is accepted reads back as the same value, and contains its own first address.
#include "base/ip_range.hpp"

#include <cstdlib>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace sallyport::base;
  const std::string_view text{reinterpret_cast<const char*>(data), size};

  if (const auto address = IpAddress::parse(text)) {
    const std::string canonical = address->text();
    require(canonical.size() <= 39);
    require(IpAddress::parse(canonical) == address);
    require(address->client_prefix().client_prefix() == address->client_prefix());
    require(IpRange::parse(canonical)->is_single());
  }
  if (const auto range = IpRange::parse(text)) {
    require(IpRange::parse(range->text()) == range);
    require(range->contains(range->first()));
    require(range->contains(*range));
    require(range->prefix() <= (range->first().is_v4() ? 32U : 128U));
  }
  return 0;
}
