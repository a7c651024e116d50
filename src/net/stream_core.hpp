// The implementation of OutboundStream: one socket, and at most one waiting operation in each direction.
#pragma once

#include "net/asio.hpp"
#include "net/io_result.hpp"
#include "net/outbound_stream.hpp"
#include "net/tls_stream.hpp"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace sallyport::net::detail {

/// Kept alive by its stream, by operations, and by what Asio still holds.
class StreamCore : public std::enable_shared_from_this<StreamCore> {
 public:
  explicit StreamCore(EventLoop& the_loop) : loop(the_loop), plain_(the_loop.context()) {}

  EventLoop& loop;
  std::optional<TlsStream> tls;
  Failure failure;  ///< what ended it

  [[nodiscard]] Socket& socket() noexcept { return tls ? tls->socket() : plain_; }
  /// Takes a non-blocking socket over. False: out of memory, or the reactor can't watch it.
  [[nodiscard]] bool adopt(int family, int descriptor) noexcept;
  /// Uses TLS from here on; the handshake comes first.
  void begin_tls(const Target& target) noexcept;

  // Calls that do not wait. `failed` sets `why`.
  [[nodiscard]] IoResult read(std::span<char> space, Failure& why) noexcept;
  [[nodiscard]] IoResult write(std::string_view bytes, Failure& why) noexcept;
  [[nodiscard]] IoResult handshake(Failure& why) noexcept;

  void give_up(Failure why) noexcept;
  void close() noexcept;
  [[nodiscard]] bool busy() const noexcept { return waiting_[0] || waiting_[1]; }

 private:
  friend class StreamOperation;
  // A coroutine whose peer always has more ready does not keep the loop from the others.
  static constexpr int most_at_once = 16;

  [[nodiscard]] bool wait(StreamOperation::Step step) noexcept;
  void ready(bool writable, error_code error) noexcept;
  void go_on(StreamOperation& operation) noexcept;
  void over(StreamOperation& operation) noexcept;
  void release(StreamOperation& operation) noexcept;

  Socket plain_;
  std::array<StreamOperation*, 2> waiting_{};  // the reader, the writer
  std::array<bool, 2> awaited_{};              // readable, writable: Asio waits for it
  int at_once_ = 0;
  bool closed_ = false;
};

}  // namespace sallyport::net::detail
