// The folders above a file that may not be there yet: made, or looked at whether they could be.
#pragma once

#include <string>

namespace sallyport::base {

/// Why there is no place for a file.
struct PlaceProblem {
  int error = 0;       ///< 0: nothing is in the way
  std::string folder;  ///< that can't be made; empty: the file itself can't

  /// "can't make var: Permission denied", or the system's words alone.
  [[nodiscard]] std::string text() const;
};

/// Makes the folders above `path` that are missing, for this user alone (0700).
[[nodiscard]] PlaceProblem make_folders(const std::string& path);

/// What making those folders, and then a file at `path`, would meet. Makes nothing.
[[nodiscard]] PlaceProblem look_at_place(const std::string& path);

}  // namespace sallyport::base
