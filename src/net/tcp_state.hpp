// What the kernel knows of a TCP connection, and no read or write tells.
#pragma once

#include <cstdint>

namespace sallyport::net {

struct TcpState {
  bool peer_finished = false;      ///< the peer has shut down its sending side, whatever is still to be read
  bool closed = false;             ///< nothing goes through any more: it was reset
  bool delivered = true;           ///< the peer's system has acknowledged all that was written
  std::uint64_t acknowledged = 0;  ///< bytes that it has acknowledged so far
};

/// Of a connected socket. What is no TCP socket is open, and everything has been delivered.
[[nodiscard]] TcpState tcp_state(int socket) noexcept;

}  // namespace sallyport::net
