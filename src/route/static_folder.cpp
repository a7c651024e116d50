// Opens the files of a served folder.
#include "route/static_folder.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <tuple>

#include "crypto/siphash.hpp"

namespace sallyport::route {
namespace {

int open_beneath(int folder, const char* path, int flags) noexcept {
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC | O_NOFOLLOW);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
  long result = -1;
  do {
    result = ::syscall(SYS_openat2, folder, path, &how, sizeof how);
  } while (result < 0 && errno == EINTR);
  return static_cast<int>(result);
}

struct Found {
  Descriptor descriptor;
  struct stat status {};
};

bool lacks_resources(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN;
}

OpenStatus open_regular(int folder, const char* path, Found& found) noexcept {
  constexpr int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;  // a FIFO must not hold up the loop
  int number = open_beneath(folder, path, flags | O_NOATIME);
  if (number < 0 && errno == EPERM) number = open_beneath(folder, path, flags);  // the file belongs to another user
  if (number < 0) return lacks_resources(errno) ? OpenStatus::overloaded : OpenStatus::not_found;
  found.descriptor = Descriptor(number);
  if (::fstat(number, &found.status) != 0 || !S_ISREG(found.status.st_mode)) return OpenStatus::not_found;
  return OpenStatus::opened;
}

bool is_older(const struct stat& a, const struct stat& b) noexcept {
  return std::tie(a.st_mtim.tv_sec, a.st_mtim.tv_nsec) < std::tie(b.st_mtim.tv_sec, b.st_mtim.tv_nsec);
}

bool is_allowed_byte(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte != 0x7F && c != '\\' && c != ':';
}

/// Every segment. An empty last one means a directory.
bool is_allowed(std::string_view path) noexcept {
  if (path.size() > StaticFolder::max_path_size || !std::ranges::all_of(path, is_allowed_byte)) return false;
  while (!path.empty()) {
    if (path.front() == '/' || path.front() == '.') return false;
    const std::size_t slash = path.find('/');
    if (slash == path.npos) break;
    path.remove_prefix(slash + 1);
  }
  return true;
}

/// A path with a terminating zero, and room for what is put behind it.
class PathText {
 public:
  explicit PathText(std::string_view path) noexcept { append(path); }

  void append(std::string_view text) noexcept {
    size_ += text.copy(text_.data() + size_, text_.size() - 1 - size_);
    text_[size_] = '\0';
  }
  void truncate(std::size_t size) noexcept { text_[size_ = size] = '\0'; }

  [[nodiscard]] const char* c_str() const noexcept { return text_.data(); }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  static constexpr std::string_view longest_addition = "index.html.br";
  std::array<char, StaticFolder::max_path_size + longest_addition.size() + 1> text_;
  std::size_t size_ = 0;
};

int open_folder(const std::string& path) noexcept { return ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }

}  // namespace

std::optional<StaticFolder> StaticFolder::at(const std::string& path, std::string& problem) {
  Descriptor folder(open_folder(path));
  if (!folder) {
    problem = "can't be opened: " + std::generic_category().message(errno);
    return std::nullopt;
  }
  const Descriptor probe(open_beneath(folder.get(), ".", O_PATH | O_DIRECTORY));
  if (!probe) {
    // A container's filter that does not know a system call refuses it with EPERM.
    problem = errno == ENOSYS || errno == EPERM
                  ? "this system does not offer openat2 (Linux 5.6), without which files can't be served safely"
                  : "can't be searched: " + std::generic_category().message(errno);
    return std::nullopt;
  }
  return StaticFolder(path, std::move(folder));
}

StaticFolder::Now StaticFolder::now() const noexcept {
  Descriptor found(open_folder(path_));
  if (found) return {std::move(found), -1};
  // The folders above may be closed to the user that the service has become.
  return {{}, errno == EACCES ? folder_.get() : -1};
}

OpenStatus StaticFolder::open(std::string_view path, const http::AcceptEncoding& accepted,
                              OpenFile& file) const noexcept {
  if (!is_allowed(path)) return OpenStatus::not_found;
  PathText name(path);
  if (path.empty() || path.ends_with('/')) name.append("index.html");
  const Now folder = now();
  if (folder.get() < 0) return lacks_resources(errno) ? OpenStatus::overloaded : OpenStatus::not_found;
  Found found;
  if (const OpenStatus status = open_regular(folder.get(), name.c_str(), found); status != OpenStatus::opened)
    return status;

  const http::FileType& type = http::file_type(name.view());
  const bool hashed_name = http::is_hashed_name(name.view());
  const std::size_t name_size = name.view().size();
  http::CodingOffer offer{type.compressible, type.compressible};
  http::Coding coding = accepted.best(offer).value_or(http::Coding::identity);
  while (coding != http::Coding::identity) {
    name.append(coding == http::Coding::br ? ".br" : ".gz");
    Found sibling;
    const OpenStatus status = open_regular(folder.get(), name.c_str(), sibling);
    if (status == OpenStatus::overloaded) return status;
    if (status == OpenStatus::opened && !is_older(sibling.status, found.status)) {
      found = std::move(sibling);
      break;
    }
    name.truncate(name_size);
    (coding == http::Coding::br ? offer.br : offer.gzip) = false;
    coding = accepted.best(offer).value_or(http::Coding::identity);
  }

  OpenFile opened;
  opened.descriptor = std::move(found.descriptor);
  opened.size = static_cast<std::uint64_t>(found.status.st_size);
  opened.type = type;
  opened.coding = coding;
  opened.hashed_name = hashed_name;
  opened.set_validators(found.status);
  file = std::move(opened);
  return OpenStatus::opened;
}

void OpenFile::set_validators(const struct stat& status) noexcept {
  changed_ = status.st_ctim.tv_sec;
  last_modified = std::max(status.st_mtim.tv_sec, status.st_ctim.tv_sec);
  const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
  const std::array facts{number(status.st_dev),          number(status.st_ino),
                         number(status.st_size),         number(status.st_ctim.tv_sec),
                         number(status.st_ctim.tv_nsec), number(status.st_mtim.tv_sec),
                         number(status.st_mtim.tv_nsec), number(coding)};
  constexpr crypto::SipHashKey key{0x706f72747361'6c6c, 0x657461672d763032};  // arbitrary
  const auto bytes = std::bit_cast<std::array<unsigned char, sizeof facts>>(facts);
  char* const begin = etag_.data() + std::string_view("W/\"").copy(etag_.data(), 3);
  char* const quote = std::to_chars(begin, etag_.data() + etag_.size() - 1, crypto::siphash(key, bytes), 16).ptr;
  *quote = '"';
  etag_size_ = static_cast<std::uint8_t>(quote + 1 - etag_.data());
}

http::Validators OpenFile::validators(std::int64_t now) const noexcept {
  const bool fresh = now >= changed_ && now - changed_ <= 1;
  const std::string_view weak(etag_.data(), etag_size_);
  return {fresh ? weak : etag(), last_modified && *last_modified <= now ? last_modified : std::nullopt};
}

}  // namespace sallyport::route
