// Listening sockets: bound by this process, or bound by another one and passed to it.
#pragma once

#include "base/descriptor.hpp"
#include "base/ip_range.hpp"
#include "ops/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::wire {

using base::Descriptor;

/// The sockets of both ports, each in non-blocking mode.
struct Listeners {
  std::vector<Descriptor> main;
  std::vector<Descriptor> redirect;  ///< empty without `server.redirect_port`

  /// Takes over sockets that another process has bound. Empty when all went well; what went wrong when one of them does not
  /// listen on the settings' address and one of their ports (port 0 is content with any).
  [[nodiscard]] std::string adopt(std::vector<Descriptor> sockets, const ops::ServerSettings& settings);
  /// Binds `count` sockets to each port that has none yet: one for each event loop, among which the kernel then divides the
  /// connections (SO_REUSEPORT). With `both_loopbacks` as many to ::1, where this machine has it. Empty when all went well, else what went wrong; a port in use is an error.
  [[nodiscard]] std::string bind(const ops::ServerSettings& settings, std::size_t count);

  /// The main port; 0 before there are sockets.
  [[nodiscard]] std::uint16_t port() const noexcept;
};

/// Why a port can't be listened on.
struct PortProblem {
  int error = 0;  ///< 0: nothing is in the way
  base::IpAddress address = {};
  std::uint16_t port = 0;

  /// "port 80 of 127.0.0.1: Permission denied"
  [[nodiscard]] std::string text() const;
  /// This user may not; else there is something about the address.
  [[nodiscard]] bool denied() const noexcept;
};

/// What `bind` would meet, apart from a port in use, which passes: the service that runs has it, or will have gone. Keeps nothing.
[[nodiscard]] PortProblem try_ports(const ops::ServerSettings& settings);

/// The sockets of a systemd socket unit (sd_listen_fds(3)); empty when there are none for this process.
[[nodiscard]] std::vector<Descriptor> activated_sockets();

}  // namespace sallyport::wire
