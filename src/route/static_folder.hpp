// A folder whose files are served: only files inside it, and only by names that mean exactly one file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "http/conditional.hpp"
#include "http/content_coding.hpp"
#include "http/file_types.hpp"

namespace sallyport::route {

using base::Descriptor;

/// A file to be sent, open. Send `size` bytes at most: the file may grow, and it may end early.
class OpenFile {
 public:
  Descriptor descriptor;
  std::uint64_t size = 0;                        ///< of these bytes, compressed or not
  std::optional<std::int64_t> last_modified;     ///< seconds since the epoch
  http::FileType type;                           ///< of what the client gets when it has undone `coding`
  http::Coding coding = http::Coding::identity;  ///< for Content-Encoding
  bool hashed_name = false;                      ///< cacheable without limit: see is_hashed_name

  /// A strong ETag with its quotes, or nothing where times can't be trusted; lives in this object. It is made from the
  /// size, the modification time in nanoseconds and the coding, and from nothing that differs from one machine to the
  /// next: machines behind a balancer agree when files were copied with their times, and otherwise send a file again that
  /// the client has. Hashed, so that it tells nothing about the machine; the hash's key is no secret.
  ///
  /// A time before 1990 is what reproducible packers stamp on everything (Nix, Bazel, zip): new content of the same length
  /// would look unchanged. Such files have neither ETag nor Last-Modified.
  [[nodiscard]] std::string_view etag() const noexcept { return {etag_.data(), etag_size_}; }

  /// What conditions are checked against, and what to send. A time that is yet to come is not sent (RFC 9110 8.8.2.1).
  [[nodiscard]] http::Validators validators(std::int64_t now) const noexcept {
    return {etag(), last_modified && *last_modified <= now ? last_modified : std::nullopt};
  }

 private:
  friend class StaticFolder;
  std::array<char, 18> etag_{};
  std::uint8_t etag_size_ = 0;
};

enum class OpenStatus : std::uint8_t {
  opened,
  not_found,   ///< for every reason; the client is not told which
  overloaded,  ///< no more descriptors or memory: answer 503
};

/// A folder, held open from the start on: renaming it, or putting another in its place, changes nothing. May be used from
/// any thread. Opening a file waits for the disk.
///
/// Files are found by the kernel's own rule (openat2 with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS): the
/// path can't leave the folder, whatever its text is and even if directories are moved meanwhile, and no link is
/// followed. On top of that a path is refused when a segment is empty or begins with a dot, or when it holds a backslash,
/// a colon or a control character. Only regular files are opened.
class StaticFolder {
 public:
  static constexpr std::size_t max_path_size = 1024;

  /// `path` itself may be a link (`current -> releases/7`). Without a value, `problem` says why in one sentence part.
  [[nodiscard]] static std::optional<StaticFolder> at(const std::string& path, std::string& problem);

  /// Opens a file by its path in the folder, decoded, without a leading slash; `index.html` of the directory when it is
  /// empty or ends in a slash. `file` is touched only when it was opened.
  ///
  /// For types that gain from it, a file beside it called `….br` or `….gz` is opened instead when the client takes that
  /// coding and it is not older than the original: such answers need `Vary: Accept-Encoding`, compressed or not. A client
  /// that takes nothing that is there gets the original (RFC 9110 12.1).
  [[nodiscard]] OpenStatus open(std::string_view path, const http::AcceptEncoding& accepted,
                                OpenFile& file) const noexcept;

  /// For calls relative to it (`openat`).
  [[nodiscard]] int descriptor() const noexcept { return folder_.get(); }

 private:
  explicit StaticFolder(Descriptor folder) noexcept : folder_(std::move(folder)) {}

  Descriptor folder_;
};

}  // namespace sallyport::route
