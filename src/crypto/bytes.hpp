// How this folder passes bytes: views of unsigned char, with text seen as bytes where a primitive wants them.
#pragma once

#include <span>
#include <string_view>

namespace sallyport::crypto {

using ByteView = std::span<const unsigned char>;

/// The bytes of a text, without a copy. (`char` and `unsigned char` may alias: [basic.lval].)
inline ByteView bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// Bytes seen as text, without a copy; only for bytes known to be text.
inline std::string_view text_of(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace sallyport::crypto
