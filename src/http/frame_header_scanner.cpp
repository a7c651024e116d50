// Counts bytes from frame to frame.
#include "http/frame_header_scanner.hpp"

#include <algorithm>

namespace sallyport::http {

std::size_t FrameHeaderScanner::step(std::string_view input, bool& begins) noexcept {
  if (left_ > 0) {
    const std::size_t bytes = std::min(left_, input.size());
    left_ -= bytes;
    return bytes;
  }
  const std::size_t bytes = std::min(header_.size() - have_, input.size());
  input.copy(header_.data() + have_, bytes);
  have_ += bytes;
  if (have_ < header_.size()) return bytes;
  have_ = 0;
  begins = true;
  left_ = number(0, 3);
  const std::size_t payload = std::min(left_, input.size() - bytes);
  left_ -= payload;
  return bytes + payload;
}

}  // namespace sallyport::http
