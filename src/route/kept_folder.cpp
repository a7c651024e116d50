// Files by name in a folder of the service's own, and what Folder does with them.
#include "route/kept_folder.hpp"

#include <sallyport/detail/misuse.hpp>
#include <sallyport/folder.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/file_io.hpp"
#include "base/utf8.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hex.hpp"
#include "crypto/random.hpp"

namespace sallyport::route {

[[noreturn]] static void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

namespace {

// In either case, alone or before a dot.
bool is_device(std::string_view name) noexcept {
  name = name.substr(0, name.find('.'));
  std::array<char, 4> low{};
  if (name.size() < 3 || name.size() > low.size()) return false;
  std::ranges::transform(name, low.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const std::string_view text(low.data(), name.size());
  if (text == "con" || text == "prn" || text == "aux" || text == "nul") return true;
  return (text.starts_with("com") || text.starts_with("lpt")) && text.size() == 4 && text[3] >= '0' && text[3] <= '9';
}

// A file that has no name yet, or a name that is never handed out, which goes away with it.
class NewFile {
 public:
  explicit NewFile(int folder) : folder_(folder) {
    descriptor_ = Descriptor(::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (descriptor_) return;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL) fail("making a file");
    name_ = ".new-" + crypto::encode_hex(crypto::random_128());
    descriptor_ =
        Descriptor(::openat(folder, name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!descriptor_) fail("making a file");
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (!name_.empty()) static_cast<void>(::unlinkat(folder_, name_.c_str(), 0));
  }

  [[nodiscard]] int descriptor() const noexcept { return descriptor_.get(); }
  /// False where there is a file of this name.
  [[nodiscard]] bool name(const std::string& name) const {
    const std::string self = "/proc/self/fd/" + std::to_string(descriptor_.get());
    const int done = name_.empty() ? ::linkat(AT_FDCWD, self.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW)
                                   : ::linkat(folder_, name_.c_str(), folder_, name.c_str(), 0);
    if (done != 0 && errno != EEXIST) fail("naming a file");
    return done == 0;
  }

 private:
  int folder_;
  Descriptor descriptor_;
  std::string name_;
};

}  // namespace

bool is_file_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 255 || name.front() == '.' || name.back() == '.' || name.back() == ' ')
    return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\' || byte == ':') return false;
    if (byte == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0) return false;
  }
  return base::valid_utf8(name) && !is_device(name);
}

std::shared_ptr<const KeptFolder> KeptFolder::at(const std::string& path, std::string& problem) {
  auto folder = StaticFolder::at(path, problem);
  if (!folder) return nullptr;
  return std::shared_ptr<const KeptFolder>(new KeptFolder(*std::move(folder)));
}

OpenStatus KeptFolder::open(std::string_view name, OpenFile& file) const noexcept {
  return is_file_name(name) ? folder_.open(name, {}, file) : OpenStatus::not_found;
}

bool KeptFolder::write_new(const std::string& name, std::string_view bytes) const {
  const StaticFolder::Now folder = folder_.now();
  if (folder.get() < 0) fail("opening a folder");
  const NewFile file(folder.get());
  if (base::write_all(file.descriptor(), crypto::bytes_of(bytes)) != 0 || ::fsync(file.descriptor()) != 0)
    fail("writing a file");
  return file.name(name);
}

bool KeptFolder::remove(const std::string& name) const {
  if (!is_file_name(name)) return false;
  const StaticFolder::Now folder = folder_.now();
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
    return false;
  if (::unlinkat(folder.get(), name.c_str(), 0) == 0) return true;
  if (errno != ENOENT) fail("removing a file");
  return false;
}

std::vector<std::string> KeptFolder::names() const {
  const StaticFolder::Now now = folder_.now();
  if (now.get() < 0) fail("opening a folder");
  const int descriptor = ::openat(now.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail("listing a folder");
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(descriptor), ::closedir);
  if (!folder) {
    ::close(descriptor);
    fail("listing a folder");
  }
  std::vector<std::string> names;
  while (names.size() < most_names) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): of a stream that no other thread has
    const dirent* const entry = ::readdir(folder.get());
    if (!entry) break;
    const std::string name = entry->d_name;
    struct stat status {};
    if (is_file_name(name) && ::fstatat(now.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(status.st_mode)) {
      names.push_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace sallyport::route

namespace sallyport::detail {
namespace {

const route::KeptFolder& kept(const std::shared_ptr<const route::KeptFolder>& folder) {
  if (!folder) misused("a Folder is made by app.folder<\"name\">(\"path\") and taken as a parameter of a handler");
  return *folder;
}
void check_may_write() {
  if (current_context && current_context->only_reads())
    misused("a file was written or removed while a GET is answered: register the route with post");
}

}  // namespace

Response FolderFiles::answer_with(const std::string& name) const {
  auto file = std::make_shared<route::OpenFile>();
  switch (kept(open_).open(name, *file)) {
    case route::OpenStatus::opened:
      break;
    case route::OpenStatus::not_found:
      throw Problem(404, "Not Found");
    case route::OpenStatus::overloaded:
      throw Overloaded();
  }
  Response response(Response::Kind::file, 200);
  response.file_ = std::move(file);
  return std::move(response).header(attachment(name));
}

Maybe<std::string> FolderFiles::bytes_of(const std::string& name, std::size_t most) const {
  route::OpenFile file;
  switch (kept(open_).open(name, file)) {
    case route::OpenStatus::opened:
      break;
    case route::OpenStatus::not_found:
      return std::nullopt;
    case route::OpenStatus::overloaded:
      throw Overloaded();
  }
  if (file.size > most) throw std::length_error("a file of a Folder is larger than what read() was given");
  std::string bytes(static_cast<std::size_t>(file.size), '\0');
  const ssize_t read = base::read_at(file.descriptor.get(), bytes, 0);
  if (read < 0) route::fail("reading a file");
  bytes.resize(static_cast<std::size_t>(read));  // it may have become shorter
  return bytes;
}

bool FolderFiles::has(const std::string& name) const {
  route::OpenFile file;
  return kept(open_).open(name, file) == route::OpenStatus::opened;
}

std::vector<std::string> FolderFiles::names() const { return kept(open_).names(); }

bool FolderFiles::write(const std::string& name, std::string_view bytes) {
  check_may_write();
  if (!route::is_file_name(name)) throw Problem(422, "This is no name for a file");
  return kept(open_).write_new(name, bytes);
}

bool FolderFiles::take_away(const std::string& name) {
  check_may_write();
  return kept(open_).remove(name);
}

}  // namespace sallyport::detail
