// Opens a file that holds a secret, looks whose it is, and reads it.
#include "crypto/secret_file.hpp"

#include "base/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace sallyport::crypto {
namespace {

SecretFileFault fault_of_open(int error) noexcept {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return SecretFileFault::missing;
    case ELOOP:
      return SecretFileFault::symbolic_link;
    case ENXIO:
      return SecretFileFault::not_a_file;  // a socket
    default:
      return SecretFileFault::unreadable;
  }
}

}  // namespace

SecretFileFault fault_of(mode_t mode, uid_t owner, gid_t group, uid_t reader) noexcept {
  if (!S_ISREG(mode)) return SecretFileFault::not_a_file;
  if (owner != reader && owner != 0) return SecretFileFault::wrong_owner;
  // A systemd credential belongs to root. Its access list appears as rights of the group root, which has these rights
  // anyway.
  const mode_t allowed = owner == 0 && group == 0 ? S_IRGRP : 0;
  return (mode & (S_IRWXG | S_IRWXO) & ~allowed) == 0 ? SecretFileFault::none : SecretFileFault::too_accessible;
}

SecretFileRead read_secret_file(const char* path, std::span<unsigned char> room) noexcept {
  // O_NONBLOCK: a pipe in the file's place must not hold up the start. The checks are made on what was opened, so that
  // the file can't be replaced between the check and the reading.
  const base::Descriptor file(::open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return {fault_of_open(errno), errno};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return {SecretFileFault::unreadable, errno};
  SecretFileRead read{fault_of(status.st_mode, status.st_uid, status.st_gid, ::geteuid())};
  while (read.fault == SecretFileFault::none && read.size < room.size()) {
    const ssize_t got = ::read(file.get(), room.data() + read.size, room.size() - read.size);
    if (got == 0) break;
    if (got > 0) {
      read.size += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return {SecretFileFault::unreadable, errno};
    }
  }
  return read;
}

}  // namespace sallyport::crypto
