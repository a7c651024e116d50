// One connection's protocol without its socket: bytes in, bytes out, deadlines told. What drives it reads, writes and keeps time.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sallyport::wire {

// What the protocols have in common.
inline constexpr std::size_t body_padding = 64;       ///< readable bytes that the JSON reader wants after a body
inline constexpr std::size_t output_enough = 65'536;  ///< more is not made before the client has taken this
inline constexpr std::chrono::seconds heartbeat{
    15};  ///< of a silent event stream: keeps intermediaries from closing it
inline constexpr std::string_view heartbeat_text = ":\n\n";

class Session {
 public:
  using Time = base::Clock::SteadyTime;

  /// What a session asks of whoever drives it, or tells it outside of a call that the driver made.
  class Driver {
   public:
    /// The session wants something else than before: ask `next`.
    virtual void session_moved() noexcept = 0;
    virtual std::shared_ptr<void> hold() noexcept = 0;
    /// Whether `Next::send_file` can be done; without, the session reads files itself.
    [[nodiscard]] virtual bool can_send_files() const noexcept = 0;

   protected:
    ~Driver() = default;
  };

  /// What the session needs next.
  enum class Next : std::uint8_t {
    read,       ///< read into `receive_space`, then call `received`
    write,      ///< write `output`, then call `sent`
    send_file,  ///< send from `file`, then call `file_sent`
    wait,       ///< nothing: work elsewhere goes on, `session_moved` will be called
    close,      ///< all has been said: shut down for writing, linger, close
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

  /// What to write; `sent` follows at once, with 0 when the peer takes nothing now. What was not taken stays at the front.
  [[nodiscard]] virtual std::string_view output() noexcept = 0;
  virtual void sent(std::size_t bytes) noexcept = 0;
  [[nodiscard]] virtual FilePiece file() const noexcept { return {-1, 0, 0}; }
  /// So many bytes of the file are on their way; none: it is shorter than it was.
  virtual void file_sent(std::size_t) noexcept {}

  /// When `expired` is to be called, unless the session has moved on by then. Asked for whenever the driver begins to wait.
  [[nodiscard]] virtual Time deadline() noexcept = 0;
  /// False: the peer does not even take what it is sent; cut the connection.
  [[nodiscard]] virtual bool expired() noexcept = 0;
  /// The service stops: no further request on this connection.
  virtual void stop() noexcept = 0;
  /// The connection is gone: work that goes on elsewhere loses its audience.
  virtual void abandon() noexcept = 0;

 protected:
  Session() = default;
};

}  // namespace sallyport::wire
