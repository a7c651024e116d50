// A small file's whole text, read and replaced.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::base {

/// The text of a plain file of at most `most` bytes. Nothing, with errno set, where there is none.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::size_t most);

/// Puts `text` in the file's place: writes it to `path.new` first, so that `path` is never incomplete. False with errno
/// set.
[[nodiscard]] bool replace_file(const std::string& path, std::string_view text);

}  // namespace sallyport::base
