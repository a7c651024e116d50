// The master key's file: who may read it, and how a new one is written.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <new>
#include <string>

#include "crypto/base64url.hpp"
#include "crypto/master_key.hpp"
#include "crypto/random.hpp"

namespace sallyport::crypto {
namespace {

constexpr std::size_t largest_file = 4096;

class File {
 public:
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// Bytes on the stack that are wiped when they go.
template <std::size_t N>
struct Scratch {
  std::array<unsigned char, N> bytes;
  ~Scratch() { detail::wipe(bytes); }
};

KeyFinding finding_of_open_error(int error) noexcept {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return KeyFinding::missing;
    case ELOOP:
      return KeyFinding::symbolic_link;
    case ENXIO:
      return KeyFinding::not_a_file;  // a socket
    default:
      return KeyFinding::unreadable;
  }
}

KeyFinding finding_of(const struct stat& status) noexcept {
  if (!S_ISREG(status.st_mode)) return KeyFinding::not_a_file;
  if (status.st_uid != ::geteuid() && status.st_uid != 0) return KeyFinding::wrong_owner;
  // A systemd credential belongs to root. Its access list appears as rights of the group root, which has these rights
  // anyway.
  const mode_t allowed = status.st_uid == 0 && status.st_gid == 0 ? S_IRGRP : 0;
  if ((status.st_mode & (S_IRWXG | S_IRWXO) & ~allowed) != 0) return KeyFinding::too_accessible;
  if (status.st_size > static_cast<off_t>(largest_file)) return KeyFinding::too_large;
  return KeyFinding::none;
}

/// How many bytes were read up to the end of the file, or -1.
ssize_t read_all(int descriptor, std::span<unsigned char> out) noexcept {
  std::size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = ::read(descriptor, out.data() + size, out.size() - size);
    if (got == 0) break;
    if (got > 0) {
      size += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return -1;
    }
  }
  return static_cast<ssize_t>(size);
}

/// 0 or the errno.
int write_all(int descriptor, ByteView bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

/// Makes those folders of `path` that are missing, for this user alone. 0 or the errno.
int make_folders(const std::string& path) {
  for (std::size_t end = path.find('/', 1); end != path.npos; end = path.find('/', end + 1)) {
    if (::mkdir(path.substr(0, end).c_str(), S_IRWXU) != 0 && errno != EEXIST) return errno;
  }
  return 0;
}

}  // namespace

std::optional<MasterKey> MasterKey::load(const char* path, KeyFinding& finding) {
  // O_NONBLOCK: a pipe in the file's place must not hold up the start. The checks are made on what was opened, so that
  // the file can't be replaced between the check and the reading.
  const File file{::open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat status {};
  if (file.get() < 0) {
    finding = finding_of_open_error(errno);
    return std::nullopt;
  }
  finding = ::fstat(file.get(), &status) == 0 ? finding_of(status) : KeyFinding::unreadable;
  if (finding != KeyFinding::none) return std::nullopt;

  Scratch<largest_file> content;
  const ssize_t size = read_all(file.get(), content.bytes);
  if (size < 0) {
    finding = KeyFinding::unreadable;
    return std::nullopt;
  }
  return parse(ByteView{content.bytes}.first(static_cast<std::size_t>(size)), finding);
}

int MasterKey::create_file(const char* path) noexcept try {
  Scratch<min_size> key;
  Scratch<base64_length(min_size) + 1> text;
  KeyFinding finding = KeyFinding::missing;
  while (finding != KeyFinding::none) {  // one in a million spells a word by chance, and would not load
    random_bytes(key.bytes);
    char* const end = encode_base64(key.bytes, reinterpret_cast<char*>(text.bytes.data()), Base64::url);
    *end = '\n';
    (void)parse(text.bytes, finding);
  }

  if (const int error = make_folders(path); error != 0) return error;
  // Written under another name first: a second process that starts now sees the whole key or none.
  const std::string draft = std::string(path) + '.' + encode_base64url(random_128());
  const File file{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (file.get() < 0) return errno;
  int error = write_all(file.get(), text.bytes);
  if (error == 0 && ::link(draft.c_str(), path) != 0) error = errno;  // unlike rename, never replaces a file
  ::unlink(draft.c_str());
  return error;
} catch (const std::bad_alloc&) {
  return ENOMEM;
}

}  // namespace sallyport::crypto
