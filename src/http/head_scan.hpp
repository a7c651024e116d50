// The inner loops of the request head parser, twice: sixteen bytes a step, and one byte a step as the reference.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/character_class.hpp"
#include "http/known_headers.hpp"

namespace sallyport::http::detail {

struct FieldName {
  const char* end;    // the first byte that is not a tchar
  KnownHeader known;  // other than `other` only when that byte is there and a colon
};

// Sixteen bytes a step, with the vector types that both compilers translate for any processor. Blocks are read inside
// [p, end) only; what is left over goes byte by byte.
struct BlockScan {
  using Bytes = unsigned char __attribute__((vector_size(16)));
  static constexpr std::ptrdiff_t block = sizeof(Bytes);

  static Bytes load(const char* p) noexcept {
    Bytes bytes;
    std::memcpy(&bytes, p, sizeof bytes);
    return bytes;
  }

#if defined(__SSE2__)
  // A bit for each byte that stops the scan.
  using Stops = unsigned;
  template <class Mask>  // 0xFF for each of these bytes
  static Stops stops_of(Mask mask) noexcept {
    using Signed = char __attribute__((vector_size(16)));
    return static_cast<unsigned>(__builtin_ia32_pmovmskb128(reinterpret_cast<Signed>(mask)));
  }
  static bool any(Stops stops) noexcept { return stops != 0; }
  static const char* first(const char* p, Stops stops) noexcept { return p + std::countr_zero(stops); }
#else
  struct Stops {
    std::uint64_t low;
    std::uint64_t high;
  };
  static_assert(sizeof(Stops) == sizeof(Bytes));
  template <class Mask>
  static Stops stops_of(Mask mask) noexcept {
    return std::bit_cast<Stops>(mask);
  }
  static bool any(Stops stops) noexcept { return (stops.low | stops.high) != 0; }
  static const char* first(const char* p, Stops stops) noexcept {
    return stops.low != 0 ? p + first_byte(stops.low) : p + 8 + first_byte(stops.high);
  }
  static std::size_t first_byte(std::uint64_t word) noexcept {
    const int bits = std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word);
    return static_cast<unsigned>(bits) >> 3;
  }
#endif

  static const char* value_end(const char* p, const char* end) noexcept {
    while (end - p >= block) {
      const Bytes bytes = load(p);
      const auto stops = stops_of((bytes < 0x20) | (bytes == 0x7F));
      if (!any(stops)) {
        p += block;
        continue;
      }
      p = first(p, stops);
      if (*p != '\t') return p;
      ++p;
    }
    return base::skip(base::value_class, p, end);
  }

  static const char* target_end(const char* p, const char* end) noexcept {
    for (; end - p >= block; p += block) {
      const Bytes bytes = load(p);
      // One of "# in one comparison, then of <>, of \^, of {|}: see base::no_uri_marks.
      const auto marks = ((bytes & 0xFE) == 0x22) | ((bytes & 0xFD) == 0x3C) | ((bytes & 0xFD) == 0x5C) |
                         (bytes == '`') | (bytes - 0x7B <= 2);
      const auto stops = stops_of((bytes <= 0x20) | (bytes >= 0x7F) | marks);
      if (any(stops)) return first(p, stops);
    }
    return base::skip(base::target_class, p, end);
  }

  // A known name is recognised by its words alone; only other names have their bytes looked at one by one.
  static FieldName field_name(const char* name, const char* end) noexcept {
    constexpr std::ptrdiff_t longest = longest_known_header;
    for (const char* p = name; end - p >= block && p - name <= longest; p += block) {
      const auto colons = stops_of(load(p) == ':');
      if (!any(colons)) continue;
      const char* const colon = first(p, colons);
      const auto size = static_cast<std::size_t>(colon - name);
      std::uint64_t head = load_word(name);
      std::uint64_t tail = head;
      if (size >= 8) {
        tail = load_word(colon - 8);
      } else {
        head = tail = head & ~(~std::uint64_t{0} << 8 * size);
      }
      const KnownHeader known = intern_header(name, size, head, tail);
      if (known != KnownHeader::other) return {colon, known};
      break;
    }
    return other_name(name, end);
  }

  [[gnu::noinline]] static FieldName other_name(const char* name, const char* end) noexcept {
    const char* const name_end = base::skip(base::token_class, name, end);
    if (name_end == end || *name_end != ':') return {name_end, KnownHeader::other};
    return {name_end, intern_header({name, static_cast<std::size_t>(name_end - name)})};
  }
};

// The same three functions in their simplest form, as the reference.
struct ByteScan {
  static const char* value_end(const char* p, const char* end) noexcept {
    return base::skip(base::value_class, p, end);
  }
  static const char* target_end(const char* p, const char* end) noexcept {
    return base::skip(base::target_class, p, end);
  }
  static FieldName field_name(const char* name, const char* end) noexcept {
    const char* const name_end = base::skip(base::token_class, name, end);
    if (name_end == end || *name_end != ':') return {name_end, KnownHeader::other};
    const std::string_view text{name, static_cast<std::size_t>(name_end - name)};
    const auto same = [text](std::string_view known) { return base::equal_ignoring_case(text, known); };
    const auto found = std::ranges::find_if(known_header_names, same);
    return {name_end, static_cast<KnownHeader>(found - known_header_names.begin())};
  }
};

}  // namespace sallyport::http::detail
