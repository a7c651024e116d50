// mkdir for each folder of a path, or what it would answer.
#include "base/file_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sallyport::base {

std::string PlaceProblem::text() const {
  const std::string reason = std::generic_category().message(error);
  return folder.empty() ? reason : "can't make " + folder + ": " + reason;
}

PlaceProblem make_folders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
    std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return {errno, std::move(folder)};
  }
  return {};
}

PlaceProblem look_at_place(const std::string& path) {
  const auto writable = [](const std::string& folder) {
    return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  };
  std::string above = path.starts_with('/') ? "/" : ".";
  for (std::size_t slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
    std::string folder = path.substr(0, slash);
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) {
      if (errno != ENOENT || !writable(above)) return {errno, std::move(folder)};
      return {};
    }
    if (!S_ISDIR(status.st_mode)) return {ENOTDIR, {}};
    above = std::move(folder);
  }
  if (!writable(above)) return {errno, {}};
  return {};
}

}  // namespace sallyport::base
