// Where the frames of HTTP/2 begin, without a look at what is in them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::http {

/// What a client begins with that knows this is HTTP/2 (RFC 9113 3.4).
inline constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Finds where each frame of the input begins (RFC 9113 4.1).
class FrameHeaderScanner {
 public:
  struct Frame {
    std::uint8_t type;
    std::int32_t stream;
  };
  /// How many of `input`'s bytes there are up to the end of a frame. `begins` becomes true when they complete a frame's header: then
  /// `frame` is that one.
  [[nodiscard]] std::size_t step(std::string_view input, bool& begins) noexcept;
  [[nodiscard]] Frame frame() const noexcept {
    return {static_cast<std::uint8_t>(header_[3]), static_cast<std::int32_t>(number(5, 4) & 0x7fff'ffffU)};
  }

 private:
  [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t bytes) const noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + bytes; ++i) value = value << 8 | static_cast<unsigned char>(header_[i]);
    return value;
  }
  std::array<char, 9> header_{};
  std::size_t have_ = 0;
  std::size_t left_ = http2_preface.size();  // of the payload; the connection begins with what is no frame
};

}  // namespace sallyport::http
