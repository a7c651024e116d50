// Opens /dev/null where nothing is open.
#include "start/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace sallyport::start {

bool open_closed_streams() noexcept {
  const bool has_output = ::fcntl(STDOUT_FILENO, F_GETFD) >= 0;
  // The lowest free number is taken. Programs that this one starts have them, too: no O_CLOEXEC.
  int last = STDIN_FILENO;
  while (last >= STDIN_FILENO && last <= STDERR_FILENO) last = ::open("/dev/null", O_RDWR);
  if (last > STDERR_FILENO) ::close(last);
  return has_output;
}

}  // namespace sallyport::start
