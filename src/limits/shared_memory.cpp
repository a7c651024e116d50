// The file behind shared memory: checks its owner, finds out whether it can be used, and makes it.
#include "limits/shared_memory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/file_place.hpp"

namespace sallyport::limits {
namespace {

// The header: the magic, then the layout and the boot, padded with zeros.
using Header = std::array<char, 128>;
constexpr std::string_view magic = "sallyport-shared";
constexpr const char* not_ours = "is another program's file, or damaged; it is not touched";
constexpr std::size_t boot_id_size = 36;  // a UUID, as the kernel writes it
constexpr std::size_t longest_layout = 48;

std::string reason(int error) { return std::generic_category().message(error); }

bool read_boot_id(std::array<char, boot_id_size>& id) noexcept {
  const base::Descriptor file(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  return file && ::read(file.get(), id.data(), id.size()) == static_cast<ssize_t>(id.size());
}

std::string problem_with(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "is no file";
  if (status.st_uid != ::geteuid()) return "belongs to another user";
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return "is open to other users: its mode has to be 0600";
  return {};
}

int lock(int file) noexcept {
  while (::flock(file, LOCK_EX) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

std::string SharedMemory::why_not(const std::string& path) {
  const auto because = [&](const std::string& why) { return why.empty() ? why : path + ": " + why; };
  const base::Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) {
    if (errno != ENOENT) return because(reason(errno));
    const auto place = base::look_at_place(path);
    return place.error == 0 ? std::string() : because(place.text());
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return because(reason(errno));
  if (std::string wrong = problem_with(status); !wrong.empty()) return because(wrong);
  std::array<char, magic.size()> found{};
  const ssize_t got = ::pread(file.get(), found.data(), found.size(), 0);
  if (got != 0 && std::string_view(found.data(), found.size()) != magic) return because(not_ours);
  return {};
}

SharedMemory::~SharedMemory() {
  if (!mapped_.empty()) ::munmap(mapped_.data(), mapped_.size());
}

std::optional<SharedMemory> SharedMemory::open(const std::string& path, std::string_view layout, std::size_t bytes,
                                               void (*prepare)(std::span<std::byte>) noexcept, std::string& problem) {
  static_assert(std::tuple_size_v<Header> == header_bytes);
  const auto fail = [&](std::string_view why) {
    problem = path + ": " + std::string(why);
    return std::nullopt;
  };

  Header expected{};
  std::array<char, boot_id_size> boot{};
  if (!read_boot_id(boot)) return fail("/proc can't be read, which tells whether the machine has restarted");
  if (layout.size() > longest_layout) return fail("the layout's name is too long");
  auto at = std::copy(magic.begin(), magic.end(), expected.begin());
  at = std::copy(boot.begin(), boot.end(), at);
  std::copy(layout.begin(), layout.end(), at);
  const std::size_t size = header_bytes + bytes;
  if (const auto place = base::make_folders(path); place.error != 0) return fail(place.text());

  for (;;) {
    constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const base::Descriptor file(::open(path.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) return fail(reason(errno));
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return fail(reason(errno));
    if (const std::string wrong = problem_with(status); !wrong.empty()) return fail(wrong);
    // Only the process that holds the lock decides whether the file is valid, fills it, or unlinks it.
    if (const int error = lock(file.get()); error != 0) return fail(reason(error));
    if (::fstat(file.get(), &status) != 0) return fail(reason(errno));
    if (status.st_nlink == 0) continue;  // another process has made a new one meanwhile

    const bool is_new = status.st_size == 0;
    Header found{};
    if (!is_new) {
      if (::pread(file.get(), found.data(), found.size(), 0) < static_cast<ssize_t>(magic.size()) ||
          !std::string_view(found.data(), found.size()).starts_with(magic)) {
        return fail(not_ours);
      }
      if (found != expected || status.st_size != static_cast<off_t>(size)) {
        if (::unlink(path.c_str()) != 0) return fail(reason(errno));
        continue;
      }
    } else {
      // The magic first: should the start be cut short, the next one sees that the file is ours and incomplete. Then all of the
      // disk's blocks: a full disk is refused here, not by a signal when memory is written to.
      if (::pwrite(file.get(), magic.data(), magic.size(), 0) != static_cast<ssize_t>(magic.size()))
        return fail(reason(errno));
      if (const int error = ::posix_fallocate(file.get(), 0, static_cast<off_t>(size)); error != 0)
        return fail(reason(error));
    }

    void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (memory == MAP_FAILED) return fail(reason(errno));
    SharedMemory shared({static_cast<std::byte*>(memory), size});
    if (is_new) {
      prepare(shared.bytes());
      std::ranges::copy(std::as_bytes(std::span(expected)), shared.mapped_.begin());
    }
    ::flock(file.get(), LOCK_UN);  // closing would not unlock what is mapped
    return shared;
  }
}

}  // namespace sallyport::limits
