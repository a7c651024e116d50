// A stream of an HTTP/2 connection: one request, and how far it is. For the files of Http2Session only.
#pragma once

#include "base/minimum_rate.hpp"
#include "gate/exchange.hpp"
#include "http/http2_head.hpp"
#include "wire/http2_session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::wire {

/// For a client to see that its body is not wanted.
inline constexpr std::chrono::seconds last_word{2};

/// Where a stream is in its life.
enum class Http2Session::Stage : std::uint8_t {
  free,
  head,    // its header block is arriving
  open,    // its request is served
  dead,    // reset, and waits for that to be sent
  orphan,  // gone, but work for it goes on elsewhere
};

/// What a request waits for.
enum class Http2Session::Waits : std::uint8_t {
  nothing,
  body,
  work,
  end,  // all has been answered: the client's last word is missing
};

/// What is forgotten when the next request comes.
struct Http2Session::StreamState {
  std::int32_t id = 0;
  Stage stage = Stage::free;
  Waits waits = Waits::nothing;
  bool ended = false;        // the client has sent all of the request
  bool head_ready = false;   // its head has arrived
  bool moved = false;        // its exchange has gone on
  bool wants_piece = false;  // the next piece of the answer can be sent
  bool body_begun = false;   // somebody has asked for the request's body
  bool answered = false;     // the answer's head is on its way
  bool last = false;         // nothing follows `rest`
  bool piece_waits = false;  // a piece is there, behind `rest`
  bool broken = false;       // the answer can't be completed
  bool logged = false;       // what was wrong
  http::HeadVerdict fault{200, {}};
  std::uint64_t arrived = 0;       // bytes of the request's body
  std::size_t unacknowledged = 0;  // bytes that have arrived and were not given back to the client's window
  std::size_t borrowed = 0;        // those of them that the handler has
  std::size_t drained = 0;         // bytes that nobody wants
  std::string_view rest;           // what is to be sent, from memory
  Time due{};                      // of what is waited for
  Time whole_by{};                 // of a whole body
  Time written_by{};
  Time events_until{};
};

/// A stream of HTTP/2: one request. Reused for the next one.
class Http2Session::Stream final : public StreamState, public gate::ExchangeOwner {
 public:
  Stream(Http2Session& the_session, const gate::Site& site)
      : session(the_session),
        exchange(site, the_session.loop_, *this, the_session.peer_),
        head(the_session.head_limits_),
        reading(fresh_reading()),
        writing(fresh_writing()) {}

  void begin(std::int32_t the_id) noexcept {
    static_cast<StreamState&>(*this) = StreamState{};
    id = the_id;
    stage = Stage::head;
    head.begin();
    body.clear();
    piece.clear();
    reading = fresh_reading();
    begin_writing();
  }
  void begin_writing() noexcept { writing = fresh_writing(); }
  /// The request's body still has somebody who may ask for it.
  [[nodiscard]] bool wants_input() const noexcept {
    return stage == Stage::open && (!answered || exchange.call->makes_more());
  }

  void exchange_moved(gate::Exchange&) noexcept override;
  std::shared_ptr<void> hold() noexcept override { return session.driver_.hold(); }

  Http2Session& session;
  gate::Exchange exchange;
  http::Http2Head head;
  std::string body;   // has arrived, nobody has it yet; or all of it, for a handler that wants it whole
  std::string piece;  // what the handler has
  base::MinimumRate reading;
  base::MinimumRate writing;
  bool is_ready = false;

 private:
  [[nodiscard]] base::MinimumRate fresh_reading() const noexcept {
    return {std::chrono::seconds(session.limits_.body_grace_seconds), session.limits_.body_bytes_per_second};
  }
  [[nodiscard]] base::MinimumRate fresh_writing() const noexcept {
    return {std::chrono::seconds(session.limits_.write_seconds), session.limits_.write_bytes_per_second};
  }
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
