// The log: JSON lines that event loops put into buffers of their own and one thread writes to the sink.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/timestamp.hpp"
#include "ops/finding.hpp"
#include "ops/json_line.hpp"

namespace sallyport::ops {

struct LogOptions {
  std::string file = {};                     ///< appended to, made with mode 0600; empty: standard output
  Severity level = Severity::info;           ///< the least severity that is written
  bool access = true;                        ///< whether access() writes anything
  std::string app = {};                      ///< `app` of every line
  std::string version = {};                  ///< `ver` of every line
  std::chrono::milliseconds patience{2000};  ///< how long a sink that takes nothing is waited for at the end
};

/// One answered request. Empty strings are left out of the line.
struct AccessLine {
  std::string_view method = {};  ///< `GET`
  std::string_view route = {};   ///< the route's template, never the path: `/api/notes/:id`
  std::uint16_t status = 0;
  std::uint64_t bytes = 0;       ///< of the answer
  std::uint64_t micros = 0;      ///< from the first byte of the request to the last of the answer
  std::string_view client = {};  ///< the client's address
  std::string_view request_id = {};
  std::string_view user = {};  ///< internal id
};

class Log;

/// Where one thread puts its lines: a ring of bytes with that thread as its only producer and the log's thread as its only
/// consumer. Neither waits for the other: no lock, no allocation; a line that does not fit is counted, and the count logged.
class LogBuffer {
 public:
  /// Calls `use(buffer)` with the log's shared buffer, which any thread may use.
  template <class Use>
  void with_shared_buffer(Use&& use);

  static constexpr std::size_t capacity = 262'144;  ///< bytes, a power of two

  LogBuffer(Log& log, std::string_view constant_members);
  LogBuffer(const LogBuffer&) = delete;
  LogBuffer& operator=(const LogBuffer&) = delete;

  /// Whether lines of this severity are written: call it before composing a line.
  [[nodiscard]] bool wants(Severity severity) const noexcept;
  /// A line that has the time, severity, event, app and ver.
  [[nodiscard]] JsonLine line(Severity severity, EventName event) noexcept;
  /// Finishes the line and queues it, unless its severity is not wanted.
  void write(JsonLine& line) noexcept;
  void write(JsonLine&& line) noexcept { write(line); }
  /// Queues the access line, unless access lines are off.
  void access(const AccessLine& access) noexcept;

 private:
  friend class Log;

  void push(std::string_view text) noexcept;

  Log& log_;
  std::string_view constant_members_;
  base::Timestamp timestamp_;
  std::unique_ptr<char[]> bytes_;
  std::size_t seen_tail_ = 0;  // the producer's last look at tail_

  // Counts of bytes ever queued and taken: they only grow, and their difference is what waits. On cache lines of their own.
  alignas(64) std::atomic<std::size_t> head_{0};
  std::atomic<std::uint64_t> dropped_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

/// The sink and its thread. Buffers are written ten times a second, and sooner when one is half full. When the sink fails, the
/// lines are lost and counted, standard error gets one line, and no thread waits.
class Log {
 public:
  /// Opens the sink and starts the thread. When the sink can't be written, adds CFG-032 and returns nothing.
  [[nodiscard]] static std::unique_ptr<Log> open(LogOptions options, const base::Clock& clock, Findings& findings);

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  /// Writes what is queued. Gives up on a sink that takes nothing for longer than the patience.
  ~Log();

  /// A buffer for the calling thread, which alone may use it, as long as the log lives.
  [[nodiscard]] LogBuffer& new_buffer();

  /// Calls `use(buffer)` with a buffer shared under a lock: for start-up, shutdown and other rare places, from any thread.
  template <class Use>
  void with_shared_buffer(Use&& use) {
    const std::lock_guard lock{shared_mutex_};
    std::forward<Use>(use)(shared_buffer_);
  }

  /// Opens the file by its name again, after it was moved away. Done by the log's thread, soon; if it fails, the old file
  /// stays in use.
  void reopen() noexcept;

  /// Returns when all that was queued before the call is written, or lost to an error.
  void flush();

  [[nodiscard]] std::uint64_t write_errors() const noexcept { return write_errors_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t dropped_lines() const noexcept { return dropped_lines_.load(std::memory_order_relaxed); }

 private:
  friend class LogBuffer;

  /// A file descriptor that is closed with its owner, unless it is borrowed.
  class Sink {
   public:
    Sink() noexcept = default;
    Sink(int fd, bool owned) noexcept;
    Sink(Sink&& other) noexcept { swap(other); }
    Sink& operator=(Sink&& other) noexcept {
      swap(other);
      return *this;
    }
    ~Sink();
    [[nodiscard]] int fd() const noexcept { return fd_; }
    /// Whether a write can block: pipes, terminals, sockets.
    [[nodiscard]] bool can_block() const noexcept { return can_block_; }

   private:
    void swap(Sink& other) noexcept {
      std::swap(fd_, other.fd_);
      std::swap(owned_, other.owned_);
      std::swap(can_block_, other.can_block_);
    }
    int fd_ = -1;
    bool owned_ = false;
    bool can_block_ = false;
  };

  Log(LogOptions options, const base::Clock& clock, Sink sink, Sink wake);

  [[nodiscard]] static Sink open_sink(const std::string& file) noexcept;
  void wake() noexcept;
  void wait_for_work() noexcept;
  void run();
  void drain(LogBuffer& buffer) noexcept;
  void write_out(std::string_view text) noexcept;
  [[nodiscard]] bool wait_writable() noexcept;
  void failed(std::string_view what) noexcept;
  void reopen_sink() noexcept;

  const LogOptions options_;
  const base::Clock& clock_;
  const std::string constant_members_;
  std::atomic<std::uint64_t> write_errors_{0};
  std::atomic<std::uint64_t> dropped_lines_{0};
  std::atomic<bool> wake_asked_{false};
  std::atomic<bool> reopen_asked_{false};
  std::atomic<bool> stopping_{false};

  // The thread's own.
  Sink sink_;
  bool line_incomplete_ = false;        // the last write ended inside a line
  std::chrono::milliseconds patience_;  // what is left of it
  base::Timestamp timestamp_;

  const Sink wake_;  // an eventfd
  std::mutex mutex_;
  std::condition_variable flushed_changed_;
  std::uint64_t flush_asked_ = 0;
  std::uint64_t flushed_ = 0;
  std::vector<std::unique_ptr<LogBuffer>> buffers_;

  std::mutex shared_mutex_;
  LogBuffer& shared_buffer_;
  std::thread thread_;
};

template <class Use>
void LogBuffer::with_shared_buffer(Use&& use) {
  log_.with_shared_buffer(std::forward<Use>(use));
}

}  // namespace sallyport::ops
