// One HTTP/1.1 connection without its socket.
#pragma once

#include "base/byte_buffer.hpp"
#include "gate/exchange.hpp"
#include "gate/site.hpp"
#include "http/chunked_decoder.hpp"
#include "http/http1_parser.hpp"
#include "ops/settings.hpp"
#include "wire/answer_pace.hpp"
#include "wire/request_lifecycle.hpp"
#include "wire/session.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::wire {

class Http1Session final : public Session, private RequestLifecycle {
 public:
  using Session::Time;

  /// `redirects`: the listener without TLS of a service that speaks TLS: it only redirects, without HSTS.
  Http1Session(const gate::Site& site, gate::Loop& loop, Driver& driver, const base::IpAddress& peer,
               bool redirects = false);

  /// Instead of serving: one answer with this status (503 says when to come again), and the end. `rule` is logged unless it is
  /// empty.
  void refuse(int status, std::string_view rule);

  /// Another thread works for the request: `session_moved` will be called, whether or not time passes.
  [[nodiscard]] bool waits_for_job() const noexcept { return exchange && exchange->waits_for_job(); }

  [[nodiscard]] Next next() noexcept override;
  [[nodiscard]] std::span<char> receive_space() override;
  void received(std::size_t bytes) noexcept override;
  void end_of_input() noexcept override;
  void peer_finished() noexcept override;
  [[nodiscard]] std::string_view output() noexcept override;
  void sent(std::size_t bytes) noexcept override;
  [[nodiscard]] FilePiece file() const noexcept override;
  void file_sent(std::size_t bytes) noexcept override;
  [[nodiscard]] Time deadline() noexcept override;
  [[nodiscard]] bool expired() noexcept override;
  void stop() noexcept override;
  void abandon() noexcept override;

 private:
  enum class State : std::uint8_t {
    head,      // reads a request's head
    body,      // reads a whole body
    piece,     // reads a piece of a body, for a handler that waits for it
    waiting,   // waits for a job or a timer
    pieces,    // sends an answer that is made in pieces
    file,      // sends a file
    draining,  // reads and discards the rest of a body
    skipping,  // the same before the request is served
    closing,
  };

  // gate::ExchangeOwner
  void exchange_moved(gate::Exchange&) noexcept override;
  std::shared_ptr<void> hold() noexcept override { return driver_.hold(); }

  // RequestLifecycle
  [[nodiscard]] Time now() noexcept override { return loop_.clock.now(); }
  [[nodiscard]] bool stopping() const noexcept override { return stopping_; }
  bool read_body() override;
  void wait_for_work(Time until) override;
  void send_head() override;
  void send_piece() override;
  void send_heartbeat() override;
  void send_end() override;
  void break_off(Cut) override;

  void run() noexcept;

  bool step();
  bool read_head();
  bool read_whole_body();
  bool read_sized_body();
  bool read_chunked_body();
  http::ChunkedDecoder::Piece decode();
  bool read_piece();
  bool read_file();
  bool drain();
  [[nodiscard]] bool must_skip_body() const noexcept;
  bool skip_body();

  [[nodiscard]] http::ChunkError error_at_hand() const noexcept;
  void body_done(std::string_view body);
  void hand_over(std::string_view piece, bool ended);
  [[nodiscard]] bool body_can_be_skipped() const noexcept;

  void append_chunk(std::string_view bytes);
  void complete();
  void malformed(int status, std::string_view rule);
  void give_up() noexcept;
  void end_events_if_stopping();

  void give_memory_back() noexcept;
  void grow(std::size_t capacity);
  void adopt_rest();
  [[nodiscard]] std::string_view input() const noexcept;
  void consume(std::size_t bytes) noexcept;
  [[nodiscard]] std::uint64_t body_left() const noexcept { return exchange->head.content_length - body_size_; }
  [[nodiscard]] bool chunked() const noexcept {
    return exchange->head.minor_version != 0 && exchange->answer.open_ended();
  }
  [[nodiscard]] bool sized() const noexcept { return exchange->head.framing == http::BodyFraming::length; }
  [[nodiscard]] Time body_deadline() const noexcept;

  Driver& driver_;
  gate::Loop& loop_;

  // Heads are read into buffer_; [begin_, end_) has not been used yet, the views of the current head point before begin_. They must
  // stay while the request is served, so the rest of a body that did not come together with its head is read into rest_.
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;  // bytes of an incomplete head that the parser has seen
  std::unique_ptr<char[]> rest_;
  std::size_t rest_begin_ = 0;
  std::size_t rest_end_ = 0;

  std::string body_;             // a whole body that did not arrive together with its head
  std::uint64_t body_size_ = 0;  // bytes of the body (of its content, where it is chunked) that have arrived
  std::size_t drained_ = 0;
  http::ChunkedDecoder chunks_;

  base::ByteBuffer output_;
  std::size_t sent_ = 0;
  AnswerPace pace_;

  State state_ = State::head;
  bool body_pending_ = false;  // the current request has a body that has not been read to its end
  bool keep_ = false;          // the connection goes on after this answer
  bool end_of_input_ = false;
  bool stopping_ = false;
  bool pipelining_ = false;  // bytes that came at once held more than one request
  std::uint32_t requests_ = 0;
  Time deadline_;
  std::optional<Time> probe_;  // when a client that may have gone is asked, by an answer that is none yet
  bool probed_ = false;
  bool status_line_begun_ = false;  // its first letter has been sent
};

}  // namespace sallyport::wire
