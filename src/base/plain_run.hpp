// Finding where text stops being plain, sixteen bytes at a time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sallyport::base {

// GCC's vector types, which clang has too, become SSE2, NEON or plain words. The bytes are signed so that one
// comparison with 0x20 finds control characters and all that is not ASCII.
using Block = signed char __attribute__((vector_size(16)));

/// The end of the run of plain bytes in `text` from `at` on. `special(block)` is non-zero in each byte that is not
/// plain, and `special(c)` is true for one: two forms of the same rule.
template <class Special>
std::size_t end_of_plain(std::string_view text, std::size_t at, Special special) noexcept {
  const auto are_plain = [&](Block bytes) {
    using Halves = std::int64_t __attribute__((vector_size(16)));
    const Halves found = reinterpret_cast<Halves>(special(bytes));
    return (found[0] | found[1]) == 0;
  };
  const auto all_plain = [&](std::size_t from) {
    Block bytes;
    std::memcpy(&bytes, text.data() + from, sizeof bytes);
    return are_plain(bytes);
  };
  constexpr std::size_t step = sizeof(Block);
  while (text.size() - at >= step) {
    if (!all_plain(at)) break;
    at += step;
  }
  // What is left of a block is looked at in a last block that overlaps bytes seen before: most texts end here.
  if (text.size() - at < step) {
    if (text.size() >= step) {
      if (all_plain(text.size() - step)) return text.size();
    } else if (text.size() >= step / 2) {  // two halves that overlap
      std::array<char, step> halves;
      std::memcpy(halves.data(), text.data(), step / 2);
      std::memcpy(halves.data() + step / 2, text.data() + text.size() - step / 2, step / 2);
      if (are_plain(std::bit_cast<Block>(halves))) return text.size();
    }
  }
  while (at < text.size() && !special(static_cast<signed char>(text[at]))) ++at;
  return at;
}

}  // namespace sallyport::base
