// One connection's protocol without its socket: bytes in, bytes out, deadlines. Its driver reads, writes and keeps the time.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace sallyport::wire {

// What the protocols have in common.
inline constexpr std::size_t body_padding = 64;       ///< readable bytes that the JSON reader wants after a body
inline constexpr std::size_t output_enough = 65'536;  ///< with this much output waiting, no more is made
inline constexpr std::chrono::seconds heartbeat{
    15};  ///< after which a silent event stream sends a comment, so that intermediaries do not close it
inline constexpr std::string_view heartbeat_text = ":\n\n";

class Session {
 public:
  using Time = base::Clock::SteadyTime;

  /// What a session asks of its driver, or tells it when the driver has not called it.
  class Driver {
   public:
    /// What the session needs has changed: call `next`.
    virtual void session_moved() noexcept = 0;
    virtual std::shared_ptr<void> hold() noexcept = 0;
    /// Whether `Next::send_file` can be done; without, the session reads files itself.
    [[nodiscard]] virtual bool can_send_files() const noexcept = 0;
    /// How many bytes the peer's system has acknowledged so far; nothing where that is not known.
    [[nodiscard]] virtual std::optional<std::uint64_t> acknowledged() const noexcept { return std::nullopt; }

   protected:
    ~Driver() = default;
  };

  /// What the session needs next.
  enum class Next : std::uint8_t {
    read,       ///< read into `receive_space`, then call `received`
    write,      ///< write `output`, then call `sent`
    send_file,  ///< send from `file`, then call `file_sent`
    wait,       ///< nothing: a job runs, and `session_moved` will be called
    close,      ///< everything was sent: shut down for writing, linger, close
  };

  /// Where the next bytes of a file are.
  struct FilePiece {
    int descriptor;
    std::uint64_t offset;
    std::uint64_t size;
  };

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  [[nodiscard]] virtual Next next() noexcept = 0;
  /// Whether input may be read although `next` is something else: a protocol of many requests at once goes on reading while
  /// it waits for its output to be taken.
  [[nodiscard]] virtual bool reads_meanwhile() const noexcept { return false; }

  /// Where the next bytes go. Never empty while `next` is `read` or `reads_meanwhile`. It stays where it is until `received`.
  [[nodiscard]] virtual std::span<char> receive_space() = 0;
  /// None: nothing is there yet, and the memory is not needed until there is.
  virtual void received(std::size_t bytes) noexcept = 0;
  /// The peer will send nothing more; what it has asked for is still answered.
  virtual void end_of_input() noexcept = 0;
  /// While `next` is `wait` and nothing is read: the peer has shut down its sending side. Most have gone, some still read (decision 37).
  virtual void peer_finished() noexcept {}

  /// What to write; `sent` follows at once, with 0 when the socket takes nothing now. What was not taken stays at the
  /// front.
  [[nodiscard]] virtual std::string_view output() noexcept = 0;
  virtual void sent(std::size_t bytes) noexcept = 0;
  [[nodiscard]] virtual FilePiece file() const noexcept { return {-1, 0, 0}; }
  /// `bytes` of the file were sent; 0: the file has become shorter.
  virtual void file_sent(std::size_t) noexcept {}

  /// When `expired` is to be called, unless the session has made progress by then. Asked for whenever the driver begins to
  /// wait.
  [[nodiscard]] virtual Time deadline() noexcept = 0;
  /// False: the peer does not read; cut the connection.
  [[nodiscard]] virtual bool expired() noexcept = 0;
  /// The service stops: no further request on this connection.
  virtual void stop() noexcept = 0;
  /// The connection is gone: pending work is abandoned.
  virtual void abandon() noexcept = 0;

 protected:
  Session() = default;
};

}  // namespace sallyport::wire
