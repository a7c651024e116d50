// Makes one system call, or one allocation, of an event loop in this process fail, as an operating system does now and then.
#pragma once

#include <cstdint>

namespace sallyport::testing {

/// Which calls are counted. Only those of event loops' threads: those that have called epoll_wait.
enum class FailingCalls : std::uint8_t {
  connection,  ///< making, reading and writing sockets, on files that are sent, and epoll_ctl
  accept,
  wait,  ///< epoll_wait
  allocation,
};

/// From its construction on the n-th such call fails with `error`, once. One at a time, and while no loop is at work.
class IoFailure {
 public:
  /// Instead of an errno: the call goes well, but for one byte only.
  static constexpr int only_one_byte = 0;

  IoFailure(FailingCalls calls, std::uint32_t nth, int error) noexcept;
  ~IoFailure();
  IoFailure(const IoFailure&) = delete;
  IoFailure& operator=(const IoFailure&) = delete;

  /// The name of the call that has failed; null: there were fewer than n.
  [[nodiscard]] static const char* failed_call() noexcept;
  /// That call moves bytes to or from a socket, and the failure was one that passes: the kernel did less than it was asked for, for now.
  [[nodiscard]] static bool is_transient() noexcept;
  /// Whether the next allocation of this thread is the one to fail.
  [[nodiscard]] static bool allocation_fails() noexcept;
};

}  // namespace sallyport::testing
