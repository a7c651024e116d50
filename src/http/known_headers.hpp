// The names behind `KnownHeader` and a perfect hash from a received name to its number.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "http/header_fields.hpp"

namespace sallyport::http::detail {

inline constexpr std::size_t known_header_count = static_cast<std::size_t>(KnownHeader::count);

// In the order of the enumeration.
inline constexpr std::array<std::string_view, known_header_count> known_header_names{
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "expect",
    "cookie",
    "authorization",
    "proxy-authorization",
    "origin",
    "referer",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-user",
    "content-type",
    "content-encoding",
    "content-range",
    "accept",
    "accept-encoding",
    "accept-language",
    "access-control-request-method",
    "access-control-request-headers",
    "user-agent",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "if-range",
    "range",
    "cache-control",
    "pragma",
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
    "x-csrf-token",
    "x-requested-with",
    "x-http-method-override",
    "x-original-url",
    "x-rewrite-url",
    "te",
    "trailer",
    "upgrade",
    "keep-alive",
    "proxy-connection",
    "http2-settings",
    "upgrade-insecure-requests",
    "priority",
    "traceparent",
    "tracestate",
    "idempotency-key",
    "last-event-id",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-gpc",
    "sec-purpose",
    "dnt",
};

// The first byte of an array in memory is the lowest of the word, on every machine.
inline std::uint64_t load_word(const char* p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

// 2 to 7 bytes as a word, the rest zero; reads no byte outside them.
inline std::uint64_t load_short(const char* p, std::size_t size) noexcept {
  if (size >= 4) {
    std::uint32_t head;
    std::uint32_t tail;
    std::memcpy(&head, p, 4);
    std::memcpy(&tail, p + size - 4, 4);
    if constexpr (std::endian::native == std::endian::big) {
      head = __builtin_bswap32(head);
      tail = __builtin_bswap32(tail);
    }
    return head | std::uint64_t{tail} << (8 * (size - 4));
  }
  const auto byte = [p](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(p[i])} << (8 * i); };
  return byte(0) | byte(1) | byte(size - 1);
}

inline constexpr std::size_t shortest_known_header = 2;
inline constexpr std::size_t longest_known_header = 30;
inline constexpr unsigned known_header_slot_bits = 8;
inline constexpr std::uint64_t known_header_multiplier = 0x3557AA4F82714C27;

// `first` and `last` are the outermost eight bytes. Whole bytes are rotated and bit 5 of each is dropped, so that letters of
// both cases are the same, which is all a hash needs.
constexpr std::size_t known_header_slot(std::uint64_t first, std::uint64_t last) noexcept {
  const std::uint64_t caseless = (std::rotl(first, 24) ^ last) & ~0x2020202020202020U;
  return (caseless * known_header_multiplier) >> (64 - known_header_slot_bits);
}

struct KnownHeaderTable {
  struct Entry {
    std::array<char, 31> name{};  // lower case, zero-filled
    std::uint8_t size = 0;
    std::array<char, 32> exact{};  // the bits in which a received name must agree: all, but bit 5 of letters

    // Whether eight received bytes equal those of this name from `start` on, but for the case of letters. A name that
    // matches needs no other check of its bytes.
    bool agrees(std::uint64_t received, std::size_t start) const noexcept {
      return ((received ^ load_word(name.data() + start)) & load_word(exact.data() + start)) == 0;
    }
  };
  static_assert(sizeof(Entry) == 64);
  std::array<Entry, known_header_count + 1> entries{};  // the last is empty and equals nothing
  std::array<std::uint8_t, std::size_t{1} << known_header_slot_bits> slots{};
  bool perfect = true;
};

consteval KnownHeaderTable make_known_header_table() {
  KnownHeaderTable table;
  table.slots.fill(static_cast<std::uint8_t>(known_header_count));
  for (std::size_t i = 0; i < known_header_count; ++i) {
    const std::string_view name = known_header_names[i];
    if (name.size() < shortest_known_header || name.size() > longest_known_header) table.perfect = false;
    const auto word_at = [name](std::size_t start) {
      std::uint64_t word = 0;
      for (std::size_t b = 0; b < 8 && start + b < name.size(); ++b) {
        word |= std::uint64_t{static_cast<unsigned char>(name[start + b])} << (8 * b);
      }
      return word;
    };
    const std::size_t slot = known_header_slot(word_at(0), word_at(name.size() < 8 ? 0 : name.size() - 8));
    if (table.slots[slot] != known_header_count) table.perfect = false;
    table.slots[slot] = static_cast<std::uint8_t>(i);
    table.entries[i].exact.fill('\xFF');
    for (std::size_t b = 0; b < name.size(); ++b) {
      table.entries[i].name[b] = name[b];
      if (name[b] >= 'a') table.entries[i].exact[b] = '\xDF';
    }
    table.entries[i].size = static_cast<std::uint8_t>(name.size());
  }
  return table;
}

inline constexpr KnownHeaderTable known_header_table = make_known_header_table();
static_assert(known_header_table.perfect, "two known headers share a slot: choose another known_header_multiplier");

/// The number of a received name, `KnownHeader::other` if it is not listed. Any bytes may be asked about. `first` is its
/// first eight bytes (zero-filled when it is shorter), `last` its last eight, equal to `first` up to a size of 8.
inline KnownHeader intern_header(const char* name, std::size_t size, std::uint64_t first, std::uint64_t last) noexcept {
  const std::size_t index = known_header_table.slots[known_header_slot(first, last)];
  const KnownHeaderTable::Entry& entry = known_header_table.entries[index];
  if (entry.size != size || !entry.agrees(first, 0)) return KnownHeader::other;
  if (size > 8 && !entry.agrees(last, size - 8)) return KnownHeader::other;
  if (size > 16 && !(entry.agrees(load_word(name + 8), 8) && entry.agrees(load_word(name + size - 16), size - 16))) {
    return KnownHeader::other;  // the middle: two words that may overlap the outer ones, enough for 32 bytes
  }
  return static_cast<KnownHeader>(index);
}

inline KnownHeader intern_header(std::string_view name) noexcept {
  if (name.size() < shortest_known_header || name.size() > longest_known_header) return KnownHeader::other;
  const bool is_short = name.size() < 8;
  const std::uint64_t first = is_short ? load_short(name.data(), name.size()) : load_word(name.data());
  const std::uint64_t last = is_short ? first : load_word(name.data() + name.size() - 8);
  return intern_header(name.data(), name.size(), first, last);
}

// Equal but for case, with `known` of lower-case letters, digits and hyphens: of these only letters have
// bit 6, and only where it is set may bit 5 differ.
constexpr bool equals_known(std::uint64_t received, std::uint64_t known) noexcept {
  const std::uint64_t either_case = (known & 0x4040404040404040) >> 1;
  return ((received ^ known) & ~either_case) == 0;
}

/// Whether a value is `word` but for case; `word` is 2 to 16 lower-case letters, digits and hyphens.
inline bool is_keyword(std::string_view value, std::string_view word) noexcept {
  if (value.size() != word.size()) return false;
  if (word.size() < 8)
    return equals_known(load_short(value.data(), value.size()), load_short(word.data(), word.size()));
  const std::size_t tail = word.size() - 8;
  return equals_known(load_word(value.data()), load_word(word.data())) &&
         equals_known(load_word(value.data() + tail), load_word(word.data() + tail));
}

}  // namespace sallyport::http::detail
