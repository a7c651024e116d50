// The text form of an Argon2id hash: `$argon2id$v=19$m=65536,t=3,p=1$<salt>$<tag>` (PHC string format).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

/// What an Argon2id hash costs.
struct Argon2Parameters {
  std::uint32_t memory_kib = 65536;
  std::uint32_t iterations = 3;
  std::uint32_t parallelism = 1;

  friend bool operator==(const Argon2Parameters&, const Argon2Parameters&) = default;
};

/// The least that a service may run with (OWASP Password Storage; ASVS Appendix C: 19 MiB with two iterations).
constexpr Argon2Parameters argon2_minimum{.memory_kib = 19456, .iterations = 2, .parallelism = 1};

/// The most that is ever computed: a row that someone has tampered with can't take the machine's memory or hours.
constexpr Argon2Parameters argon2_cap{.memory_kib = 262144, .iterations = 10, .parallelism = 8};

/// A hash as it is stored. Sizes: salt of 8 to 48 bytes, tag of 16 to 64.
struct Argon2Hash {
  static constexpr std::size_t min_salt = 8, max_salt = 48;
  static constexpr std::size_t min_tag = 16, max_tag = 64;

  Argon2Parameters parameters;
  std::array<unsigned char, max_salt> salt_bytes{};
  std::array<unsigned char, max_tag> tag_bytes{};
  std::size_t salt_size = 0;
  std::size_t tag_size = 0;

  [[nodiscard]] ByteView salt() const noexcept { return ByteView{salt_bytes}.first(salt_size); }
  [[nodiscard]] ByteView tag() const noexcept { return ByteView{tag_bytes}.first(tag_size); }
};

/// Whether Argon2 can compute these (RFC 9106 §3.1) and none is above the cap.
bool computable(const Argon2Parameters& parameters) noexcept;

/// The hash in `text`, or nothing unless it is spelt exactly as `write_phc` spells it, with Argon2 version 19 and
/// parameters and sizes within bounds.
std::optional<Argon2Hash> read_phc(std::string_view text) noexcept;

std::string write_phc(const Argon2Hash& hash);

}  // namespace sallyport::crypto
