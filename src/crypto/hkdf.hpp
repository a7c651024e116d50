// HKDF-SHA-256 (RFC 5869): many independent keys from one.
#pragma once

#include <cstddef>
#include <span>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

/// The most that one call may derive (RFC 5869 §2.3).
constexpr std::size_t hkdf_sha256_max = std::size_t{255} * 32;

/// Fills `out` with key material derived from `key`; `info` names its purpose. False, with `out` untouched, when it is
/// longer than `hkdf_sha256_max`. An empty `salt` means none was agreed. Throws std::bad_alloc.
[[nodiscard]] bool hkdf_sha256(ByteView key, ByteView salt, ByteView info, std::span<unsigned char> out);

}  // namespace sallyport::crypto
