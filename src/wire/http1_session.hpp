// One HTTP/1.1 connection without its socket: bytes in, bytes out, deadlines told. What drives it reads, writes and keeps time.
#pragma once

#include "gate/exchange.hpp"
#include "ops/clock.hpp"
#include "ops/settings.hpp"
#include "route/pipeline.hpp"
#include "wire/byte_buffer.hpp"
#include "wire/chunked_decoder.hpp"
#include "wire/http1_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::wire {

class Http1Session final : private gate::ExchangeOwner {
 public:
  using Time = ops::Clock::SteadyTime;

  /// What the session tells whoever drives it, outside of a call that the driver made.
  class Driver {
   public:
    /// An answer is ready, or the session wants something else than before: ask `next`.
    virtual void session_moved() noexcept = 0;
    virtual std::shared_ptr<void> keep_alive() noexcept = 0;

   protected:
    ~Driver() = default;
  };

  /// What the session needs next.
  enum class Next : std::uint8_t {
    read,   ///< read into `receive_space`, then call `received`
    write,  ///< write `output`, then call `sent`
    wait,   ///< nothing: work elsewhere goes on, `session_moved` will be called
    close,  ///< all has been said: shut down for writing, linger, close
  };

  Http1Session(const route::Service& service, gate::Loop& loop, Driver& driver, const ops::IpAddress& peer);

  [[nodiscard]] Next next() const noexcept;
  /// Where the next bytes go. Never empty while `next` is `read`.
  [[nodiscard]] std::span<char> receive_space();
  void received(std::size_t bytes) noexcept;
  /// The peer will send nothing more; what it has asked for is still answered.
  void end_of_input() noexcept;
  /// What to write. It stays where it is until `sent` is called, whatever happens meanwhile.
  [[nodiscard]] std::string_view output() noexcept {
    writing_ = true;
    return output_.view().substr(sent_);
  }
  void sent(std::size_t bytes) noexcept;

  /// When `expired` is to be called, unless the session has moved on by then.
  [[nodiscard]] Time deadline() const noexcept { return deadline_; }
  void expired() noexcept;
  /// The service stops: no further request on this connection.
  void stop() noexcept;
  /// The connection is gone: work that goes on elsewhere loses its audience.
  void abandon() noexcept;

 private:
  enum class State : std::uint8_t { head, body, waiting, closing };

  // gate::ExchangeOwner
  void task_finished() noexcept override;
  std::shared_ptr<void> keep_alive() noexcept override { return driver_.keep_alive(); }

  void run() noexcept;
  void resume() noexcept;
  bool read_head();
  bool read_body();
  bool read_sized_body();
  bool read_chunked_body();
  void follow(route::Progress progress);
  void start_body();
  void finish();
  void malformed(int status, std::string_view rule);
  void refuse_body(const Problem& problem, std::string_view reason);
  bool discard_body();
  void grow(std::size_t capacity);
  [[nodiscard]] std::string_view client_text();
  [[nodiscard]] Time now() const noexcept { return loop_.clock.now(); }
  [[nodiscard]] Time body_deadline() const noexcept;

  [[nodiscard]] std::string_view unread() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }

  const ops::LimitSettings& limits_;
  Driver& driver_;
  gate::Loop& loop_;
  gate::Exchange exchange_;

  // Input: [begin_, end_) of the buffer has not been used yet. The views of the current request's head point before begin_.
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t head_end_ = 0;  // where the bytes after the current head start
  std::size_t scanned_ = 0;   // bytes of an incomplete head that the parser has seen

  std::string body_;           // a body that did not arrive together with its head
  std::size_t body_size_ = 0;  // bytes of body_ that have arrived
  ChunkedDecoder chunks_;
  Time body_started_{};

  ByteBuffer output_;
  std::size_t sent_ = 0;
  bool writing_ = false;  // the driver holds a view of output_
  bool resume_after_write_ = false;

  State state_ = State::head;
  bool body_pending_ = false;  // the current request has a body that has not been read
  bool end_of_input_ = false;
  bool stopping_ = false;
  std::uint32_t requests_ = 0;
  ops::IpAddress client_;  // whom client_text_ names
  std::string client_text_;
  Time deadline_;
};

}  // namespace sallyport::wire
