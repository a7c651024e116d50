// Memory that the processes of one machine share: a file that they all map.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::limits {

/// A mapped file of fixed size that belongs to this boot of the machine, for what is measured in steady time. Kept where a
/// process of another layout still uses it: that one keeps the old file, and new processes share a new one.
class SharedMemory {
 public:
  /// Maps `bytes` of the file at `path`, which is made (mode 0600) where there is none. A file that was made before the
  /// machine restarted, or with another `layout` (at most 48 characters: its version and sizes), is replaced by a new one.
  /// New memory is zero, and `prepare` sees it before any other process does. Nothing, and the reason in `problem`, where the
  /// file can't be opened or filled, is open to other users, or is anything but such memory: that is never overwritten.
  [[nodiscard]] static std::optional<SharedMemory> open(const std::string& path, std::string_view layout,
                                                        std::size_t bytes,
                                                        void (*prepare)(std::span<std::byte>) noexcept,
                                                        std::string& problem);

  /// Why `open` would not take the file at `path`, as far as looking at it tells; empty when nothing is in the way. Makes nothing.
  [[nodiscard]] static std::string why_not(const std::string& path);

  SharedMemory(SharedMemory&& other) noexcept : mapped_(std::exchange(other.mapped_, {})) {}
  SharedMemory& operator=(SharedMemory&& other) noexcept {
    std::swap(mapped_, other.mapped_);
    return *this;
  }
  ~SharedMemory();

  /// Begins at a multiple of 64.
  [[nodiscard]] std::span<std::byte> bytes() const noexcept { return mapped_.subspan(header_bytes); }

 private:
  static constexpr std::size_t header_bytes = 128;
  explicit SharedMemory(std::span<std::byte> mapped) noexcept : mapped_(mapped) {}

  std::span<std::byte> mapped_;
};

}  // namespace sallyport::limits
