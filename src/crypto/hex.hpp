// Bytes as hexadecimal text and back.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

/// Two lower-case digits per byte.
std::string encode_hex(ByteView bytes);

/// Writes the bytes of `text` (either case) to `out`. False, with `out` in no particular state, unless `text` is
/// exactly two digits for each byte of `out`.
[[nodiscard]] bool decode_hex(std::string_view text, std::span<unsigned char> out) noexcept;

}  // namespace sallyport::crypto
