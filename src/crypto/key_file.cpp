// The master key's file: who may read it, and how a new one is written.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <string>

#include "base/descriptor.hpp"
#include "base/file_io.hpp"
#include "base/file_place.hpp"
#include "crypto/base64url.hpp"
#include "crypto/master_key.hpp"
#include "crypto/random.hpp"
#include "crypto/secret_file.hpp"

namespace sallyport::crypto {
namespace {

constexpr std::size_t largest_file = 4096;

KeyFinding finding_of(SecretFileFault fault) noexcept {
  switch (fault) {
    case SecretFileFault::none:
      return KeyFinding::none;
    case SecretFileFault::missing:
      return KeyFinding::missing;
    case SecretFileFault::symbolic_link:
      return KeyFinding::symbolic_link;
    case SecretFileFault::not_a_file:
      return KeyFinding::not_a_file;
    case SecretFileFault::wrong_owner:
      return KeyFinding::wrong_owner;
    case SecretFileFault::too_accessible:
      return KeyFinding::too_accessible;
    case SecretFileFault::unreadable:
      return KeyFinding::unreadable;
  }
  return KeyFinding::unreadable;
}

}  // namespace

std::optional<MasterKey> MasterKey::load(const char* path, KeyFinding& finding) {
  Scratch<largest_file + 1> content;
  const SecretFileRead read = read_secret_file(path, content.bytes);
  finding = read.size > largest_file ? KeyFinding::too_large : finding_of(read.fault);
  if (finding != KeyFinding::none) return std::nullopt;
  return parse(ByteView{content.bytes}.first(read.size), finding);
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

  if (const auto problem = base::make_folders(path); problem.error != 0) return problem.error;
  // Written under another name first: a second process that starts now sees the whole key or none.
  const std::string draft = std::string(path) + '.' + encode_base64url(random_128());
  const base::Descriptor file(
      ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return errno;
  int error = base::write_all(file.get(), text.bytes);
  if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  if (error == 0 && ::link(draft.c_str(), path) != 0) error = errno;  // unlike rename, never replaces a file
  ::unlink(draft.c_str());
  return error;
} catch (const std::bad_alloc&) {
  return ENOMEM;
}

}  // namespace sallyport::crypto
