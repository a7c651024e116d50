// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012), written from the paper.
#include "crypto/siphash.hpp"

#include <bit>
#include <cstddef>
#include <cstring>

#include "crypto/random.hpp"

namespace sallyport::crypto {
namespace {

static_assert(std::endian::native == std::endian::little, "SipHash reads little-endian words");

struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() noexcept {
    v0 += v1, v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0, v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1, v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2, v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }

  void absorb(std::uint64_t word) noexcept {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

}  // namespace

std::uint64_t siphash(const SipHashKey& key, ByteView message) noexcept {
  State state{key.low ^ 0x736f6d6570736575U, key.high ^ 0x646f72616e646f6dU,  // "somepseudorandomlygeneratedbytes"
              key.low ^ 0x6c7967656e657261U, key.high ^ 0x7465646279746573U};
  std::size_t i = 0;
  for (; i + 8 <= message.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, message.data() + i, 8);
    state.absorb(word);
  }
  std::uint64_t last = std::uint64_t{message.size()} << 56;
  for (std::size_t shift = 0; i < message.size(); ++i, shift += 8) last |= std::uint64_t{message[i]} << shift;
  state.absorb(last);
  state.v2 ^= 0xFF;
  for (int n = 0; n < 4; ++n) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

SipHashKey SipHashKey::random() noexcept { return std::bit_cast<SipHashKey>(random_128()); }

}  // namespace sallyport::crypto
