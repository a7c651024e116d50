// BodyStream: a request's body as it arrives, for handlers that take more than fits into memory.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sallyport {

namespace gate {
class Exchange;
}

namespace detail {
struct Admit;

/// What every `BodyStream` does; compiled once.
class BodyPieces {
 public:
  /// Awaited: the next piece, or nothing at the end of the body. It views the connection's memory: use it before asking for the next.
  class [[nodiscard("nothing happens until it is awaited: write co_await before the call")]] Next {
   public:
    explicit Next(gate::Exchange& exchange) noexcept : exchange_(exchange) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiter) noexcept;
    [[nodiscard]] std::optional<std::string_view> await_resume() const noexcept;

   private:
    gate::Exchange& exchange_;
  };
  [[nodiscard]] Next next() noexcept { return Next(*exchange_); }

  /// The `Content-Type` as the client sent it: not checked against the content.
  [[nodiscard]] std::string_view content_type() const noexcept;

 protected:
  explicit BodyPieces(gate::Exchange& exchange) noexcept : exchange_(&exchange) {}

 private:
  gate::Exchange* exchange_;
};

}  // namespace detail

namespace detail {
inline constexpr std::size_t max_body_stream = std::size_t{16} << 30;
}

/// The body, piece by piece, of at most `Limit` bytes, which are 16 GiB at most:
///
///     sp::Task<sp::NoContent> import(sp::SignedIn me, sp::BodyStream<64_MiB> body, sp::Db& db) {
///       while (const auto piece = co_await body.next()) { … }
///       co_return sp::NoContent{};
///     }
///
/// The handler runs as soon as the request's head has been checked; the body is read only as fast as the handler asks
/// (back-pressure). A body beyond `Limit` answers 413, one that is too slow 408. If the body ends early, the handler is destroyed at
/// its suspension point: destructors run, and the loop above is not resumed. So write nothing that must be complete before the loop
/// has ended.
template <std::size_t Limit>
class BodyStream final : public detail::BodyPieces {
  static_assert(Limit > 0 && Limit <= detail::max_body_stream,
                "BODY-003: a streamed body has a limit, 16 GiB at most: BodyStream<64_MiB>");
  friend struct detail::Admit;
  using detail::BodyPieces::BodyPieces;
};

}  // namespace sallyport
