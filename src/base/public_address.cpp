// The registries of special addresses (IANA, RFC 6890), as bytes and lengths.
#include "base/public_address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sallyport::base {
namespace {

struct Block {
  std::array<std::uint8_t, 8> bytes;  // of IPv6 the first half: no block is longer
  unsigned bits;
};

constexpr Block special_v4[] = {
    {{0}, 8},                  // this network
    {{10}, 8},                 // private
    {{100, 64}, 10},           // carrier NAT; 100.100.100.200 is a metadata service
    {{127}, 8},                // loopback
    {{168, 63, 129, 16}, 32},  // the host of a virtual machine in Azure
    {{169, 254}, 16},          // link-local, and most metadata services
    {{172, 16}, 12},           // private
    {{192, 0, 0}, 24},         // protocol assignments; 192.0.0.192 is a metadata service
    {{192, 0, 2}, 24},         // documentation
    {{192, 31, 196}, 24},      // AS112
    {{192, 52, 193}, 24},      // AMT
    {{192, 88, 99}, 24},       // relays of 6to4
    {{192, 168}, 16},          // private
    {{192, 175, 48}, 24},      // AS112
    {{198, 18}, 15},           // benchmarks
    {{198, 51, 100}, 24},      // documentation
    {{203, 0, 113}, 24},       // documentation
    {{224}, 4},                // multicast
    {{240}, 4},                // reserved, broadcast
};

constexpr Block special_v6[] = {
    {{0x20, 0x01}, 23},                          // protocol assignments: Teredo, benchmarks, ORCHID
    {{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    {{0x20, 0x02}, 16},                          // 6to4: an IPv4 address inside
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48},  // AS112
    {{0x3f, 0xff}, 20},                          // documentation
};

bool in(const Block& block, const std::uint8_t* address) noexcept {
  unsigned left = block.bits;
  for (std::size_t i = 0; left > 0; ++i) {
    const unsigned bits = left < 8 ? left : 8;
    const unsigned mask = 0xffU & (0xffU << (8 - bits));
    if ((address[i] & mask) != (block.bytes[i] & mask)) return false;
    left -= bits;
  }
  return true;
}

}  // namespace

bool is_public(const IpAddress& address) noexcept {
  const auto& bytes = address.bytes();
  if (address.is_v4()) {
    for (const Block& block : special_v4) {
      if (in(block, bytes.data() + 12)) return false;
    }
    return true;
  }
  if ((bytes[0] & 0xe0) != 0x20) return false;
  for (const Block& block : special_v6) {
    if (in(block, bytes.data())) return false;
  }
  return true;
}

}  // namespace sallyport::base
