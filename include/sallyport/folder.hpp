// Folder: files by name in one folder, for what users send and fetch.
#pragma once

#include <sallyport/detail/frame_maker.hpp>
#include <sallyport/detail/slot_value.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/response.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport {

namespace route {
class KeptFolder;
}

namespace detail {

/// What every `Folder` does; compiled once.
class FolderFiles {
 public:
  explicit FolderFiles(std::string path) noexcept : path_(std::move(path)) {}
  FolderFiles(const FolderFiles&) = delete;
  FolderFiles& operator=(const FolderFiles&) = delete;

  /// The file as the answer: saved by the browser under its name and never shown, its type by its ending, `nosniff`, with ranges. 404 where
  /// there is none.
  template <TextValue Name>
  [[nodiscard]] Response file(const Name& name) const {
    return answer_with(text(hold_text(name)));
  }
  /// Its bytes, or nothing where there is none. One of more than `most` bytes throws `std::length_error`.
  template <TextValue Name>
  [[nodiscard]] Maybe<std::string> read(const Name& name, std::size_t most = std::size_t{16} << 20) const {
    return bytes_of(text(hold_text(name)), most);
  }
  template <TextValue Name>
  [[nodiscard]] bool contains(const Name& name) const {
    return has(text(hold_text(name)));
  }
  /// The names of its files, in alphabetical order; 10,000 at most.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Writes a new file, wholly or not at all. False where there is one of this name already: nothing is overwritten. A text that is no name
  /// for a file is answered 422; one to rely on is an id of your own, `sp::Id<Upload>::random()`.
  template <TextValue Name>
  [[nodiscard]] bool write_new(const Name& name, std::string_view bytes) {
    return write(text(hold_text(name)), bytes);
  }
  /// False where there was none.
  template <TextValue Name>
  bool remove(const Name& name) {
    return take_away(text(hold_text(name)));
  }

  // For the kernel.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  void lies_at(std::string path) noexcept { path_ = std::move(path); }
  void opened(std::shared_ptr<const route::KeptFolder> folder) noexcept { open_ = std::move(folder); }

 private:
  static std::string text(std::string_view name) { return std::string(name); }
  template <Integer Number>
  static std::string text(Number number) {
    return std::to_string(number);
  }
  [[nodiscard]] Response answer_with(const std::string& name) const;
  [[nodiscard]] Maybe<std::string> bytes_of(const std::string& name, std::size_t most) const;
  [[nodiscard]] bool has(const std::string& name) const;
  [[nodiscard]] bool write(const std::string& name, std::string_view bytes);
  bool take_away(const std::string& name);

  std::string path_;
  std::shared_ptr<const route::KeptFolder> open_;
};

}  // namespace detail

/// A folder of the service's own, given with `app.folder<"uploads">("/var/lib/notes/uploads")`. Handlers take it by its name, `Folder<"uploads">&`
/// to write and `const Folder<"uploads">&` to read:
///
///     sp::Response download(sp::Path<"name", sp::Line<1, 100>> name, const sp::Folder<"uploads">& uploads) {
///       return uploads.file(*name);
///     }
///
/// A name is that of one file directly in the folder, whatever a client sends: without separators, colons and control characters, not beginning
/// with a dot, no device of Windows, 255 bytes at most. Links are not followed. The start is refused where the folder does not exist,
/// or where `app.files` serves it. The calls wait for the disk, as `app.files` does.
template <detail::FixedString Name>
class Folder final : public detail::FolderFiles {
  using FolderFiles::FolderFiles;
};

namespace detail {
template <FixedString Name>
inline constexpr bool lives_with_request<Folder<Name>> = true;
}  // namespace detail

}  // namespace sallyport
