// Files that hold a secret: read only where nobody else can read or replace them.
#pragma once

#include <sallyport/secret.hpp>

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sallyport::crypto {

enum class SecretFileFault : std::uint8_t {
  none,
  missing,
  symbolic_link,
  not_a_file,
  wrong_owner,     ///< neither the reader's nor root's
  too_accessible,  ///< others have rights on it
  unreadable,
};

/// What is wrong with a file of this mode, owner and group, when `reader` is to trust it.
[[nodiscard]] SecretFileFault fault_of(mode_t mode, uid_t owner, gid_t group, uid_t reader) noexcept;

/// What a file holds, or its first bytes where it holds more than `room` takes.
struct SecretFileRead {
  SecretFileFault fault = SecretFileFault::none;
  int error = 0;         ///< errno, with `missing` and `unreadable`
  std::size_t size = 0;  ///< bytes in `room`
};
[[nodiscard]] SecretFileRead read_secret_file(const char* path, std::span<unsigned char> room) noexcept;

/// Bytes on the stack that are wiped when they go.
template <std::size_t N>
struct Scratch {
  std::array<unsigned char, N> bytes{};
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { detail::wipe(bytes); }
};

}  // namespace sallyport::crypto
