// What a call that does not wait has done.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sallyport::net {

enum class IoState : std::uint8_t {
  done,         ///< `bytes` were moved
  wants_read,   ///< call again when the socket is readable
  wants_write,  ///< call again when the socket is writable
  closed,       ///< no more input: the peer has closed the connection, with or without notice
  failed,       ///< the connection can't be used any more
};

struct IoResult {
  IoState state = IoState::failed;
  std::size_t bytes = 0;
};

}  // namespace sallyport::net
