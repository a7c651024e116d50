// Asks the kernel by TCP_INFO. The C library's own struct ends before the counters of bytes.
#include "net/tcp_state.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sallyport::net {
namespace {

// States of a connection, as tcp_info names them by number.
constexpr std::uint8_t state_close = 7;
constexpr std::uint8_t state_close_wait = 8;

}  // namespace

TcpState tcp_state(int socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return {.peer_finished = info.tcpi_state == state_close_wait,
          .closed = info.tcpi_state == state_close,
          .delivered = info.tcpi_unacked == 0 && info.tcpi_notsent_bytes == 0,
          .acknowledged = info.tcpi_bytes_acked};
}

}  // namespace sallyport::net
