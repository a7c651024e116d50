// Tells systemd, or whatever started the service with NOTIFY_SOCKET, when it serves, reloads and stops (sd_notify(3)).
#pragma once

#include "base/descriptor.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <string_view>

namespace sallyport::start {

/// Messages to the service manager. Without one nothing happens; what it does not take is lost, since a service does not wait for it.
class ServiceManager {
 public:
  /// `socket`: what NOTIFY_SOCKET says, a path, or a name that begins with @; null or anything else: there is no service manager.
  explicit ServiceManager(const char* socket) noexcept;

  /// `what` is one of the program's own texts, or the origin: one line.
  void ready(std::string_view what) const noexcept { tell("READY=1\nSTATUS=", what); }
  /// Call `ready` when it is over. Type=notify-reload waits for that.
  void reloading() const noexcept;
  void stopping(std::string_view why) const noexcept { tell("STOPPING=1\nSTATUS=", why); }

  [[nodiscard]] bool present() const noexcept { return static_cast<bool>(socket_); }

 private:
  void tell(std::string_view state, std::string_view text) const noexcept;

  base::Descriptor socket_;
  sockaddr_un to_{};
  socklen_t to_size_ = 0;
};

}  // namespace sallyport::start
