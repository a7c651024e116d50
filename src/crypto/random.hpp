// Unpredictable bytes for ids, nonces, salts and keys.
#pragma once

#include <array>
#include <span>

namespace sallyport::crypto {

/// Fills `out` from OpenSSL's generator, which the kernel seeds, through a page per thread so that small draws cost
/// next to nothing. Bytes leave the page as they are handed out; a forked child starts with an empty page
/// (MADV_WIPEONFORK), so parent and child never share a byte. If neither OpenSSL nor the kernel can give randomness
/// the process ends: no id is better than one that can be guessed.
void random_bytes(std::span<unsigned char> out) noexcept;

/// 128 random bits: a public id, a nonce, a hash key.
std::array<unsigned char, 16> random_128() noexcept;

}  // namespace sallyport::crypto
