// A connection that this process has made, plain or TLS: coroutines read and write it, and each wait has a deadline.
#pragma once

#include <sallyport/job.hpp>

#include "net/event_loop.hpp"
#include "net/failure.hpp"
#include "net/resolver.hpp"

#include <openssl/types.h>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::net {

using Deadline = base::Clock::SteadyTime;
inline constexpr Deadline no_deadline = Deadline::max();

/// The result of a read or a write. After any failure the stream can't be used any more.
struct Transfer {
  std::size_t bytes = 0;
  Failure failure;
};

struct Target;

namespace detail {

class StreamCore;

/// An operation that waits for a socket. Ends at its deadline; destroying it cancels it.
class StreamOperation : public sallyport::detail::Wait, private base::TimingWheel::Timer, private Deferred {
 public:
  enum class Step : std::uint8_t { done, readable, writable, again };

  [[nodiscard]] bool await_ready() noexcept { return try_now(); }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits_here(waiter, *waiter.promise().context);
    return suspend();
  }

 protected:
  StreamOperation(std::shared_ptr<StreamCore> core, bool writes, Deadline deadline) noexcept;
  ~StreamOperation();
  /// `failure_`, where it has failed, is part of `done`.
  [[nodiscard]] virtual Step attempt(StreamCore& core) noexcept = 0;

  /// True when it has completed.
  [[nodiscard]] bool try_now() noexcept;
  /// After try_now() has returned false. False when it has failed at once.
  [[nodiscard]] bool suspend() noexcept;

  Failure failure_;

 private:
  friend class StreamCore;
  void expired() noexcept override;
  void run_deferred() noexcept override;

  const std::shared_ptr<StreamCore> core_;
  const Deadline deadline_;
  const bool writes_;
  bool pending_ = false;
  Step step_ = Step::again;
};

}  // namespace detail

/// `co_await stream.read(…)` answers a Transfer: at least one byte, or a failure; `closed` at the end of the input.
class [[nodiscard]] Reading : public detail::StreamOperation {
 public:
  Reading(std::shared_ptr<detail::StreamCore> core, std::span<char> space, Deadline deadline) noexcept
      : StreamOperation(std::move(core), false, deadline), space_(space) {}
  [[nodiscard]] Transfer await_resume() const noexcept { return {bytes_, failure_}; }

 private:
  Step attempt(detail::StreamCore& core) noexcept override;
  const std::span<char> space_;
  std::size_t bytes_ = 0;
};

/// `co_await stream.write(…)` answers a Transfer: all of the bytes have been taken by the system, or a failure.
class [[nodiscard]] Writing final : public detail::StreamOperation {
 public:
  Writing(std::shared_ptr<detail::StreamCore> core, std::string_view bytes, Deadline deadline) noexcept
      : StreamOperation(std::move(core), true, deadline), bytes_(bytes) {}
  [[nodiscard]] Transfer await_resume() const noexcept { return {written_, failure_}; }

 private:
  Step attempt(detail::StreamCore& core) noexcept override;
  const std::string_view bytes_;
  std::size_t written_ = 0;
};

/// Owns a connection; the destructor closes it. One coroutine may read while another writes. Operations and the stream must be destroyed
/// before the loop.
class OutboundStream {
 public:
  OutboundStream() noexcept = default;
  explicit OutboundStream(std::shared_ptr<detail::StreamCore> core) noexcept : core_(std::move(core)) {}
  OutboundStream(OutboundStream&& other) noexcept = default;
  OutboundStream& operator=(OutboundStream&& other) noexcept;
  ~OutboundStream() { close(); }

  [[nodiscard]] explicit operator bool() const noexcept { return core_ != nullptr; }

  /// Some bytes, as soon as there are any. What is not read stays in the socket, which slows the peer down
  /// (back-pressure).
  [[nodiscard]] Reading read(std::span<char> space, Deadline deadline) noexcept { return {core_, space, deadline}; }
  /// All of the bytes. They must stay where they are until then. A write that is cancelled in the middle breaks the
  /// stream.
  [[nodiscard]] Writing write(std::string_view bytes, Deadline deadline) noexcept { return {core_, bytes, deadline}; }
  /// Ends writing: the peer reads an end, and may still answer.
  void end_writing() noexcept;
  /// Fails all waiting operations with `failure`, and closes the connection.
  void give_up(Failure failure) noexcept;
  /// Closes at once. Bytes that were written may still reach the peer. No operation may be waiting.
  void close() noexcept;

  /// Nothing has failed, no operation waits, and there is no unexpected input: the connection can be used again.
  [[nodiscard]] bool quiet() noexcept;
  /// What ALPN chose; empty: nothing.
  [[nodiscard]] std::string_view protocol() const noexcept;

  /// A read that no coroutine awaits: it watches a connection that is not in use.
  [[nodiscard]] const std::shared_ptr<detail::StreamCore>& core() const noexcept { return core_; }

 private:
  std::shared_ptr<detail::StreamCore> core_;
};

}  // namespace sallyport::net
