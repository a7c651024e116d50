// A stream of an HTTP/2 connection: one request, and the state it is in. For the files of Http2Session only.
#pragma once

#include "base/minimum_rate.hpp"
#include "gate/exchange.hpp"
#include "http/http2_head.hpp"
#include "wire/http2_session.hpp"
#include "wire/request_lifecycle.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::wire {

/// A connection without a request for this long gives its memory back. Sooner, the next batch of requests would only have to allocate it again.
inline constexpr std::chrono::seconds trim_after{1};
/// The time a client gets to notice that its body is not read.
inline constexpr std::chrono::seconds final_wait{2};

/// The state of a stream.
enum class Http2Session::Stage : std::uint8_t {
  free,
  head,    // its header block is arriving
  open,    // its request is served
  dead,    // reset, and waits for that to be sent
  orphan,  // ended, but a job still uses it
};

/// What a request waits for.
enum class Http2Session::Waits : std::uint8_t {
  nothing,
  body,
  work,
  end,  // the answer is complete: waits for the client's END_STREAM
};

/// What is forgotten when the next request comes.
struct Http2Session::StreamState {
  std::int32_t id = 0;
  Stage stage = Stage::free;
  Waits waits = Waits::nothing;
  bool ended = false;        // the client has sent all of the request
  bool head_ready = false;   // its head has arrived
  bool moved = false;        // its exchange can go on
  bool wants_piece = false;  // the next piece of the answer can be sent
  bool last = false;         // nothing follows `rest`
  bool piece_waits = false;  // a piece is there, behind `rest`
  bool broken = false;       // the answer can't be completed
  bool logged = false;       // the error has been logged
  bool was_shut =
      false;  // its client has let its window close, or that of the connection: what it opens again it has read
  http::HeadVerdict fault{200, {}};
  std::uint64_t arrived = 0;       // bytes of the request's body
  std::size_t unacknowledged = 0;  // bytes that have arrived and were not given back to the client's window
  std::size_t borrowed = 0;        // those of them that the handler is reading
  std::size_t drained = 0;         // bytes that were discarded
  std::string_view rest;           // what is to be sent, from memory
  Time due{};                      // the deadline of the current wait
  Time written_by{};
};

/// A stream of HTTP/2: one request. Reused for the next one.
class Http2Session::Stream final : public StreamState, public RequestLifecycle {
 public:
  using Time = Session::Time;

  Stream(Http2Session& the_session, const gate::Site& site)
      : RequestLifecycle(site, the_session.loop_, the_session.peer_),
        session(the_session),
        head(the_session.head_limits_),
        writing(fresh_writing()) {}

  /// Throws std::bad_alloc.
  void begin(std::int32_t the_id) {
    take_exchange();
    static_cast<StreamState&>(*this) = StreamState{};
    id = the_id;
    stage = Stage::head;
    head.begin();
    body.clear();
    piece.clear();
    begin_writing();
  }
  void begin_writing() noexcept { writing = fresh_writing(); }
  /// A handler may still ask for the request's body.
  [[nodiscard]] bool wants_input() const noexcept {
    return stage == Stage::open && (!answered || exchange->call->makes_more());
  }

  void exchange_moved(gate::Exchange&) noexcept override;
  std::shared_ptr<void> hold() noexcept override { return session.driver_.hold(); }

  Http2Session& session;
  http::Http2Head head;
  std::string body;   // has arrived and was not handed out yet; or all of it, for a handler that wants it whole
  std::string piece;  // the piece that the handler is reading
  base::MinimumRate writing;
  bool is_ready = false;

 private:
  // RequestLifecycle
  [[nodiscard]] Time now() noexcept override { return session.now(); }
  [[nodiscard]] bool stopping() const noexcept override { return session.stopping_; }
  bool read_body() override { return session.body_ready(*this); }
  void wait_for_work(Time until) override;
  void send_head() override { session.send_head(*this); }
  void send_piece() override { session.piece_made(*this); }
  void send_heartbeat() override { session.send_heartbeat(*this); }
  void send_end() override { session.send_end(*this); }
  void break_off(Cut why) override;

  [[nodiscard]] base::MinimumRate fresh_writing() const noexcept { return AnswerPace::rate_of(session.limits_); }
};

/// A call from outside. The time is read once in it.
class Http2Session::Call {
 public:
  explicit Call(Http2Session& session) noexcept : session_(session) {
    if (session_.depth_++ == 0) session_.now_.reset();
  }
  ~Call() { --session_.depth_; }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  Http2Session& session_;
};

}  // namespace sallyport::wire
