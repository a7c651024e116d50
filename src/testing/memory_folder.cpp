// Makes and removes the folders of test services.
#include "testing/memory_folder.hpp"

#include <sallyport/testing/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace sallyport::test::detail {
namespace {

constexpr std::string_view prefix = "sallyport-test-";
constexpr const char* lock_name = "/lock";

std::string place_of_folders() {
  return ::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path().string();
}

}  // namespace

// A folder whose lock is not there yet is being made.
void remove_left_folders(const std::string& place) noexcept try {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(place, ignored)) {
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    const base::Descriptor lock(::open((entry.path().string() + lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) std::filesystem::remove_all(entry.path(), ignored);
  }
} catch (...) {
  return;  // the next one tries again
}

MemoryFolder::MemoryFolder() {
  const std::string place = place_of_folders();
  static const bool looked = (remove_left_folders(place), true);
  static_cast<void>(looked);
  path_ = place + "/" + std::string(prefix) + "XXXXXX";
  if (!::mkdtemp(path_.data())) throw Failure("no folder for the test's files can be made in " + place);
  lock_ = base::Descriptor(::open((path_ + lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_ || ::flock(lock_.get(), LOCK_EX) != 0)
    throw Failure("the folder of the test's files can't be used: " + path_);
}

MemoryFolder::~MemoryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sallyport::test::detail
