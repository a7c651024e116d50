// Reading and writing of whole stretches of a file, however often the system interrupts them.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sallyport::base {

/// Writes all bytes. 0 or the errno.
[[nodiscard]] inline int write_all(int descriptor, std::span<const unsigned char> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/// Reads from `offset` on until `room` is full or the file ends. How many bytes, or -1 (errno).
[[nodiscard]] inline ssize_t read_at(int descriptor, std::span<char> room, std::uint64_t offset) noexcept {
  std::size_t done = 0;
  while (done < room.size()) {
    const ssize_t got = ::pread(descriptor, room.data() + done, room.size() - done, static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return -1;
    }
  }
  return static_cast<ssize_t>(done);
}

}  // namespace sallyport::base
