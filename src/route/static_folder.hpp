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

struct stat;

namespace sallyport::route {

using base::Descriptor;

/// A file to be sent, open. Send `size` bytes at most: the file may grow, and it may end early.
class OpenFile {
 public:
  Descriptor descriptor;
  std::uint64_t size = 0;                        ///< of these bytes, compressed or not
  std::optional<std::int64_t> last_modified;     ///< when these bytes came here, in seconds since the epoch
  http::FileType type;                           ///< of what the client gets when it has undone `coding`
  http::Coding coding = http::Coding::identity;  ///< for Content-Encoding
  bool hashed_name = false;                      ///< cacheable without limit: see is_hashed_name

  /// A strong ETag with its quotes; lives in this object. It names the inode and the time at which the kernel last saw it change, which
  /// nobody can set: a file that was replaced by another of the same size and modification time (unpacked, copied with its times) has
  /// another tag (decision 38). Hashed, so that it tells nothing about the machine; the hash's key is no secret.
  [[nodiscard]] std::string_view etag() const noexcept {
    return etag_size_ == 0 ? std::string_view() : std::string_view(etag_.data(), etag_size_).substr(2);
  }

  /// What conditions are checked against, and what to send. The kernel's clock of files turns in steps: of a file that changed within
  /// the last second the tag is weak, since it may change again within the same step. A time that is yet to come is not sent (RFC
  /// 9110 8.8.2.1).
  [[nodiscard]] http::Validators validators(std::int64_t now) const noexcept;

 private:
  friend class StaticFolder;
  void set_validators(const struct stat& status) noexcept;

  std::array<char, 20> etag_{};  // the weak one: `W/"…"`
  std::uint8_t etag_size_ = 0;
  std::int64_t changed_ = 0;
};

enum class OpenStatus : std::uint8_t {
  opened,
  not_found,   ///< for every reason; the client is not told which
  overloaded,  ///< no more descriptors or memory: answer 503
};

/// A folder. Its path is followed anew for each request: one that was made again, or a link that points to another release, is served at
/// once. May be used from any thread. Opening a file waits for the disk.
///
/// Within one request all is found in the folder that was there when it began. Files are found by the kernel's own rule (openat2 with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS): the
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

  /// The folder that is there now.
  class Now {
   public:
    /// For calls relative to it (`openat`); negative when there is none, with the reason in `errno`.
    [[nodiscard]] int get() const noexcept { return own_ ? own_.get() : other_; }

   private:
    friend class StaticFolder;
    Now(Descriptor own, int other) noexcept : own_(std::move(own)), other_(other) {}
    Descriptor own_;
    int other_;
  };
  [[nodiscard]] Now now() const noexcept;

 private:
  StaticFolder(std::string path, Descriptor folder) noexcept : path_(std::move(path)), folder_(std::move(folder)) {}

  std::string path_;
  Descriptor folder_;  // the one of the start
};

}  // namespace sallyport::route
