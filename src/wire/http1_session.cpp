// The life of an HTTP/1.1 connection as a state machine: head, body, work, answer, and again.
#include "wire/http1_session.hpp"

#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "route/service.hpp"
#include "wire/response_bytes.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace sallyport::wire {
namespace {

constexpr std::size_t first_capacity = 4096;  // holds a browser's request; grows to the limit of a head
constexpr std::size_t padding = 64;           // readable bytes that the JSON reader wants after a body
constexpr std::size_t chunk_room = 2048;      // room for the chunks that follow a long head
constexpr std::size_t body_step = 16'384;    // a body's memory grows with what has arrived, not with what was announced
constexpr std::size_t output_kept = 65'536;  // memory that an idle connection may keep

}  // namespace

Http1Session::Http1Session(const route::Service& service, gate::Loop& loop, Driver& driver, const ops::IpAddress& peer)
    : limits_(service.settings.limits),
      driver_(driver),
      loop_(loop),
      exchange_(service, service.rules, loop, *this, peer),
      deadline_(now() + std::chrono::seconds(limits_.idle_seconds)) {}

Http1Session::Next Http1Session::next() const noexcept {
  if (sent_ < output_.size()) return Next::write;
  switch (state_) {
    case State::waiting:
      return Next::wait;
    case State::closing:
      return Next::close;
    case State::head:
    case State::body:
      break;
  }
  return Next::read;
}

// --- Input

void Http1Session::grow(std::size_t capacity) {
  auto larger = std::make_unique<char[]>(capacity + padding);
  if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

std::span<char> Http1Session::receive_space() {
  if (state_ == State::body && exchange_.head.framing == BodyFraming::length) {
    const std::size_t whole = static_cast<std::size_t>(exchange_.head.content_length);
    if (body_.size() == body_size_) body_.resize(std::min(whole, body_size_ + std::max(body_step, body_size_)));
    return {body_.data() + body_size_, body_.size() - body_size_};
  }
  if (state_ == State::head) {
    // Nothing points into the buffer between two requests.
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_) grow(capacity_ == 0 ? first_capacity : std::max(capacity_ * 2, limits_.header_bytes + 1));
  } else if (begin_ == end_) {
    begin_ = end_ = head_end_;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

void Http1Session::received(std::size_t bytes) noexcept {
  if (state_ == State::closing) return;  // what comes after the last answer is nobody's
  if (state_ == State::body && exchange_.head.framing == BodyFraming::length) {
    body_size_ += bytes;
  } else {
    end_ += bytes;
  }
  run();
}

void Http1Session::end_of_input() noexcept {
  end_of_input_ = true;
  if (state_ != State::waiting) state_ = State::closing;
}

void Http1Session::sent(std::size_t bytes) noexcept {
  writing_ = false;
  sent_ += bytes;
  if (sent_ < output_.size()) {
    deadline_ = now() + std::chrono::seconds(limits_.body_seconds);
    return;
  }
  output_.clear(output_kept);
  sent_ = 0;
  if (std::exchange(resume_after_write_, false)) {
    if (state_ == State::waiting) resume();  // the driver asks what is next when we return: it is not told twice
  } else {
    run();
  }
}

// --- One request after the other

void Http1Session::run() noexcept {
  try {
    for (std::uint32_t answered = 0; answered < limits_.pipelined;) {
      if (state_ == State::head) {
        if (!read_head()) break;
      } else if (state_ == State::body) {
        if (!read_body()) break;
      } else {
        break;
      }
      if (state_ == State::head) ++answered;
    }
  } catch (...) {
    // Out of memory outside of a handler: this connection ends, the others live.
    output_.clear(0);
    sent_ = 0;
    state_ = State::closing;
  }
}

bool Http1Session::read_head() {
  if (begin_ == end_) return false;
  const HeadLimits limits{limits_.request_line, limits_.header_bytes, limits_.header_count};
  const ParseResult result = parse_request_head(unread(), exchange_.head, limits, scanned_);
  if (result.state == ParseResult::State::incomplete) {
    // From its first byte on; a head that comes whole costs no look at the clock.
    if (scanned_ == 0) deadline_ = now() + std::chrono::seconds(limits_.header_seconds);
    scanned_ = end_ - begin_;
    return false;
  }
  scanned_ = 0;
  if (result.state == ParseResult::State::error) {
    malformed(status_of(result.error), rule_name(result.error));
    return false;
  }
  begin_ += result.consumed;
  head_end_ = begin_;
  if (exchange_.head.framing == BodyFraming::chunked && capacity_ - end_ < chunk_room) {
    const std::unique_ptr<char[]> old = std::exchange(buffer_, nullptr);
    buffer_ = std::make_unique<char[]>(capacity_ + chunk_room + padding);
    std::memcpy(buffer_.get(), old.get(), end_);
    capacity_ += chunk_room;
    exchange_.head.rebase(old.get(), buffer_.get());
  }
  exchange_.started = now();
  body_pending_ = exchange_.head.framing != BodyFraming::none;
  follow(route::head_complete(exchange_));
  return true;
}

void Http1Session::follow(route::Progress progress) {
  switch (progress) {
    case route::Progress::answered:
      finish();
      break;
    case route::Progress::wants_body:
      start_body();
      break;
    case route::Progress::waiting:
      state_ = State::waiting;
      deadline_ = now() + std::chrono::seconds(limits_.handler_seconds);
      break;
  }
}

// --- Bodies

void Http1Session::start_body() {
  state_ = State::body;
  body_size_ = 0;
  body_.clear();
  chunks_ = ChunkedDecoder();
  body_started_ = now();
  deadline_ = body_deadline();
  if (!body_pending_) {
    exchange_.body = {};
    follow(route::body_complete(exchange_));
    return;
  }
  if (exchange_.head.framing == BodyFraming::length && unread().size() < exchange_.head.content_length) {
    body_.assign(unread());
    body_size_ = body_.size();
    begin_ = end_ = head_end_;
  }
  if (exchange_.head.expect_continue && begin_ == end_) output_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

// The body must be whole within its time, and must not drip: so many bytes a second once the grace is over.
Http1Session::Time Http1Session::body_deadline() const noexcept {
  const Time whole = body_started_ + std::chrono::seconds(limits_.body_seconds);
  if (limits_.body_bytes_per_second == 0) return whole;
  const auto paid_ms = static_cast<std::int64_t>(body_size_) * 1000 / limits_.body_bytes_per_second;
  const Time paced =
      body_started_ + std::chrono::seconds(limits_.body_grace_seconds) + std::chrono::milliseconds(paid_ms);
  return std::min(whole, paced);
}

bool Http1Session::read_body() {
  return exchange_.head.framing == BodyFraming::length ? read_sized_body() : read_chunked_body();
}

bool Http1Session::read_sized_body() {
  const auto whole = static_cast<std::size_t>(exchange_.head.content_length);
  if (body_size_ == 0 && unread().size() >= whole) {
    exchange_.body = unread().substr(0, whole);  // where it is: the buffer has its padding
    begin_ += whole;
  } else if (body_size_ < whole) {
    deadline_ = body_deadline();
    return false;
  } else {
    body_.reserve(whole + padding);
    exchange_.body = std::string_view(body_).substr(0, whole);
  }
  body_pending_ = false;
  follow(route::body_complete(exchange_));
  return true;
}

bool Http1Session::read_chunked_body() {
  while (begin_ < end_) {
    const ChunkedDecoder::Piece piece = chunks_.feed(unread());
    begin_ += piece.consumed;
    if (piece.state == ChunkedDecoder::State::error) {
      refuse_body(gate::problem_for(status_of(piece.error)), rule_name(piece.error));
      return false;
    }
    if (piece.data.size() + chunks_.chunk_remaining() > exchange_.body_limit - body_size_) {
      refuse_body(gate::problems::too_large, "limit/body");
      return false;
    }
    body_.append(piece.data);
    body_size_ = body_.size();
    if (piece.state != ChunkedDecoder::State::done) continue;
    body_.reserve(body_size_ + padding);
    exchange_.body = body_;
    body_pending_ = false;
    follow(route::body_complete(exchange_));
    return true;
  }
  deadline_ = body_deadline();
  return false;
}

// A body that nobody wants: skipped when it is here already, else the connection ends after the answer.
bool Http1Session::discard_body() {
  if (exchange_.head.framing == BodyFraming::length) {
    if (state_ == State::body || unread().size() < exchange_.head.content_length) return false;
    begin_ += static_cast<std::size_t>(exchange_.head.content_length);
    return true;
  }
  if (state_ == State::body) return false;
  ChunkedDecoder decoder;
  while (begin_ < end_) {
    const ChunkedDecoder::Piece piece = decoder.feed(unread());
    begin_ += piece.consumed;
    if (piece.state == ChunkedDecoder::State::done) return true;
    if (piece.state == ChunkedDecoder::State::error) return false;
  }
  return false;
}

// --- Answers

void Http1Session::finish() {
  gate::Answer& answer = exchange_.answer;
  if (body_pending_ && !discard_body()) answer.close = true;
  if (answer.status == 0) gate::refuse(exchange_, gate::problems::internal);
  ++requests_;
  const bool keep = exchange_.head.keep_alive && !answer.close && !stopping_ && !end_of_input_ &&
                    requests_ < limits_.keep_alive_requests;
  append_response(output_, exchange_, keep);
  const Time finished = now();
  state_ = keep ? State::head : State::closing;
  deadline_ = finished + std::chrono::seconds(keep ? limits_.idle_seconds : limits_.body_seconds);
  if (exchange_.service.settings.log.access) {
    std::string user;
    if (exchange_.principal) user = exchange_.principal->id.text();
    loop_.log.access(
        {.method = exchange_.head.method_text,
         .route = exchange_.facts ? std::string_view(exchange_.facts->pattern) : std::string_view{},
         .status = static_cast<std::uint16_t>(answer.status),
         .bytes = answer.bytes().size(),
         .micros = static_cast<std::uint64_t>((finished - exchange_.started) / std::chrono::microseconds(1)),
         .client = client_text(),
         .request_id = exchange_.id(),
         .user = user});
  }
  if (exchange_.waiting()) return;  // timed out: what goes on elsewhere still uses the request
  exchange_.reset();
  body_pending_ = false;
  // Not when the connection ends: a read into it may still be under way.
  if (keep && body_.capacity() > output_kept) std::string().swap(body_);
}

// The peer's text is written once per connection: formatting an address costs as much as parsing a request.
std::string_view Http1Session::client_text() {
  if (client_text_.empty() || exchange_.client != client_) {
    client_ = exchange_.client;
    client_text_ = client_.text();
  }
  return client_text_;
}

// A head that broke a rule. What it said can't be trusted, nor where the next request would start.
void Http1Session::malformed(int status, std::string_view rule) {
  exchange_.reset();
  exchange_.head = RequestHead();
  exchange_.started = now();
  body_pending_ = false;
  exchange_.answer.close = true;
  gate::security_event(exchange_, "http_malformed", rule);
  gate::refuse(exchange_, gate::problem_for(status));
  finish();
}

void Http1Session::refuse_body(const Problem& problem, std::string_view reason) {
  exchange_.answer.close = true;
  gate::security_event(exchange_, "http_malformed", reason);
  gate::refuse(exchange_, problem);
  finish();
}

// --- Work elsewhere

void Http1Session::task_finished() noexcept {
  if (state_ != State::waiting) return;  // timed out and answered
  if (writing_) {
    resume_after_write_ = true;
    return;
  }
  resume();
  driver_.session_moved();
}

void Http1Session::resume() noexcept {
  try {
    follow(route::resumed(exchange_));
  } catch (...) {
    state_ = State::closing;
  }
  run();
}

// --- Time and ends

void Http1Session::expired() noexcept {
  try {
    switch (state_) {
      case State::head:
        if (begin_ == end_) {
          state_ = State::closing;
        } else {
          malformed(408, "deadline/head");
        }
        break;
      case State::body:
        refuse_body(gate::problems::timeout, "deadline/body");
        break;
      case State::waiting:
        exchange_.abandon();
        exchange_.answer.close = true;
        gate::security_event(exchange_, "sys_overload", "deadline/handler", ops::Severity::error);
        gate::refuse_until(exchange_, gate::problems::busy, 1);
        finish();
        break;
      case State::closing:
        break;
    }
  } catch (...) {
    state_ = State::closing;
  }
}

void Http1Session::stop() noexcept {
  stopping_ = true;
  if (state_ == State::head && begin_ == end_ && sent_ == output_.size()) state_ = State::closing;
}

void Http1Session::abandon() noexcept {
  if (exchange_.waiting()) exchange_.abandon();
}

}  // namespace sallyport::wire
