// A plain socket with the interface of a TlsStream.
#pragma once

#include "net/asio.hpp"
#include "net/io_result.hpp"

#include <sys/sendfile.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sallyport::net {

class PlainStream {
 public:
  explicit PlainStream(Socket socket) noexcept : socket_(std::move(socket)) {}

  IoResult write(std::string_view bytes) noexcept {
    error_code error;
    const std::size_t written = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (!error) return {IoState::done, written};
    if (error == asio::error::would_block || error == asio::error::try_again || error == asio::error::interrupted) {
      return {IoState::wants_write, 0};
    }
    return {IoState::failed, 0};
  }

  [[nodiscard]] static constexpr bool can_send_file() noexcept { return true; }
  /// Sends from an open file without a copy. `done` with 0 bytes: the file ends before `offset`.
  IoResult send_file(int file, std::int64_t offset, std::size_t count) noexcept {
    off_t from = offset;
    const ssize_t bytes = ::sendfile(socket_.native_handle(), file, &from, count);
    if (bytes >= 0) return {IoState::done, static_cast<std::size_t>(bytes)};
    if (errno == EINTR) return {IoState::wants_write, 0};
    return {errno == EAGAIN ? IoState::wants_write : IoState::failed, 0};
  }

  void shutdown() noexcept {}

  [[nodiscard]] Socket& socket() noexcept { return socket_; }

 private:
  Socket socket_;
};

}  // namespace sallyport::net
