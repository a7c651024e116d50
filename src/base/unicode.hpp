// Text that people type: prepared for comparing, however their keyboard composes it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::base {

/// A password as RFC 8265 (OpaqueString, 4.2.2) prepares it: spaces of every kind become U+0020, then NFC. Writes it to `room`, which has
/// place for `prepared_size(text)` bytes, and answers how many it took. What is not UTF-8, and what can't be prepared for want of memory, is
/// copied as it is.
[[nodiscard]] std::size_t prepare_password(std::span<const unsigned char> text, std::span<unsigned char> room) noexcept;
/// NFC makes at most three bytes of one (https://unicode.org/faq/normalization.html#12).
[[nodiscard]] constexpr std::size_t prepared_size(std::size_t bytes) noexcept { return 3 * bytes; }

/// Text for comparing without regard to case (full case folding, then NFC): "STRASSE" and "Straße" are the same, é is é however it is
/// composed; accents count. What is not UTF-8 is answered as it is. Throws std::bad_alloc.
[[nodiscard]] std::string fold_case(std::string_view text);

}  // namespace sallyport::base
