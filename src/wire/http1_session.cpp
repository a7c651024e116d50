// An HTTP/1.1 connection as a state machine: head, body, work, answer, and again.
#include "wire/http1_session.hpp"

#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "gate/site.hpp"
#include "wire/response_bytes.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <utility>

namespace sallyport::wire {
namespace {

using std::chrono::seconds;

constexpr std::size_t first_capacity = 2048 - body_padding;  // holds a browser's request; grows to the limit of a head
constexpr std::size_t rest_capacity = 16'384;
constexpr std::size_t pipelined_capacity = 16'384 - body_padding;  // for a client that does not wait for answers
constexpr std::size_t body_step = 16'384;    // a body's memory grows with what has arrived, not with what was announced
constexpr std::size_t output_kept = 65'536;  // memory that an idle connection may keep
constexpr seconds first_request{2};          // for a connection that is new when the service stops
constexpr std::chrono::milliseconds probe_after{
    500};  // most answers are there sooner, so that few clients see an interim one

}  // namespace

Http1Session::Http1Session(const gate::Site& site, gate::Loop& loop, Driver& driver, const base::IpAddress& peer,
                           bool redirects)
    : RequestLifecycle(site, loop, peer, redirects),
      driver_(driver),
      loop_(loop),
      pace_(limits, driver),
      deadline_(loop.clock.now() + seconds(limits.idle_seconds)) {}

Session::Next Http1Session::next() noexcept {
  if (sent_ < output_.size()) return Next::write;
  switch (state_) {
    case State::waiting:
    case State::pieces:
      return Next::wait;
    case State::file:
      return Next::send_file;
    case State::closing:
      return Next::close;
    case State::head:
    case State::body:
    case State::piece:
    case State::draining:
    case State::skipping:
      break;
  }
  return Next::read;
}

// --- Input

void Http1Session::grow(std::size_t capacity) {
  auto larger = std::make_unique_for_overwrite<char[]>(capacity + body_padding);
  if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

std::string_view Http1Session::input() const noexcept {
  if (begin_ < end_) return {buffer_.get() + begin_, end_ - begin_};
  return {rest_.get() + rest_begin_, rest_end_ - rest_begin_};
}

void Http1Session::consume(std::size_t bytes) noexcept { (begin_ < end_ ? begin_ : rest_begin_) += bytes; }

// The next request's bytes that came along with a body.
void Http1Session::adopt_rest() {
  const std::size_t size = rest_end_ - rest_begin_;
  if (size > 0) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (capacity_ - end_ < size) grow(end_ + size);
    std::memcpy(buffer_.get() + end_, rest_.get() + rest_begin_, size);
    end_ += size;
  }
  rest_.reset();
  rest_begin_ = rest_end_ = 0;
}

std::span<char> Http1Session::receive_space() {
  switch (state_) {
    case State::body:
      if (!sized()) break;
      if (body_.size() == body_size_) {
        const std::size_t step = std::max<std::size_t>(body_step, body_.size());
        body_.resize(static_cast<std::size_t>(body_size_ + std::min<std::uint64_t>(body_left(), step)));
      }
      return {body_.data() + body_size_, body_.size() - static_cast<std::size_t>(body_size_)};
    case State::piece:
    case State::draining:
    case State::skipping:
      break;
    default:
      // Nothing points into the buffer between two requests.
      if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
      }
      if (end_ == 0 && pipelining_ && capacity_ < pipelined_capacity) grow(pipelined_capacity);
      if (end_ == capacity_) grow(capacity_ == 0 ? first_capacity : std::max(capacity_ * 2, limits.header_bytes + 1));
      return {buffer_.get() + end_, capacity_ - end_};
  }
  if (!rest_) rest_ = std::make_unique_for_overwrite<char[]>(rest_capacity);
  rest_begin_ = rest_end_ = 0;  // all of it has been used
  return {rest_.get(),
          static_cast<std::size_t>(sized() ? std::min<std::uint64_t>(rest_capacity, body_left()) : rest_capacity)};
}

void Http1Session::received(std::size_t bytes) noexcept {
  if (bytes == 0) {
    if (state_ == State::head && end_ == 0) {
      buffer_.reset();
      capacity_ = 0;
    }
    return;
  }
  switch (state_) {
    case State::closing:  // input after the last answer is discarded
      return;
    case State::body:
    case State::piece:
    case State::draining:
    case State::skipping:
      if (state_ == State::body && sized()) {
        body_size_ += bytes;
      } else {
        rest_end_ += bytes;
      }
      break;
    default:
      end_ += bytes;
  }
  const std::uint32_t before = requests_;
  run();
  if (requests_ - before > 1) pipelining_ = true;
  give_memory_back();  // after a body that was drained
}

void Http1Session::end_of_input() noexcept {
  end_of_input_ = true;
  if (state_ == State::waiting || state_ == State::pieces || state_ == State::file) return;
  abandon_exchange();  // the rest of the body will not come
  state_ = State::closing;
}

// A client that has closed its socket looks like one that has only said that it will send nothing more. An event stream is endless: nobody
// opens one in that way. Any other request gets its answer; while it takes long, an interim response (RFC 9110 15.2) tells the two apart,
// because a system whose socket is closed resets the connection.
void Http1Session::peer_finished() noexcept {
  if (state_ != State::waiting) return;
  if (sends_events()) {
    abandon_exchange();
    state_ = State::closing;
  } else if ((!answered || chunked()) && !std::exchange(probed_, true)) {
    probe_ = now() + probe_after;
  }
}

// --- Output

std::string_view Http1Session::output() noexcept { return output_.view().substr(sent_); }

Session::FilePiece Http1Session::file() const noexcept {
  const gate::FilePart& part = exchange->answer.file;
  return {part.descriptor.get(), part.offset, part.size};
}

void Http1Session::sent(std::size_t bytes) noexcept {
  sent_ += bytes;
  if (pace_.waiting()) pace_.moved(now(), bytes);
  if (sent_ < output_.size()) return;
  output_.clear(output_kept);
  sent_ = 0;
  if (stopping_) stop();  // it was delayed until now
  run();
  give_memory_back();
}

void Http1Session::file_sent(std::size_t bytes) noexcept {
  if (pace_.waiting()) pace_.moved(now(), bytes);
  gate::FilePart& part = exchange->answer.file;
  if (bytes == 0)
    return give_up();  // the file has become shorter: the client sees that the body is not as long as announced
  part.offset += bytes;
  part.size -= bytes;
  exchange->bytes_sent += bytes;
  run();
  give_memory_back();
}

// Between two requests a connection keeps no memory that the next request can get again.
void Http1Session::give_memory_back() noexcept {
  if (state_ != State::head || output_.size() != 0) return;
  exchange = nullptr;
  if (loop_.spare_output.capacity() == 0) {
    output_.swap(loop_.spare_output);
  } else {
    output_.clear(0);
  }
  if (begin_ == end_ && capacity_ > first_capacity) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
  std::string().swap(body_);
}

// --- One request after the other

void Http1Session::run() noexcept {
  try {
    // The bound counts answers, so there is output to write when it ends the loop: the session is run again after that.
    const std::uint32_t before = requests_;
    while (requests_ - before < limits.pipelined && step()) {
    }
  } catch (...) {
    give_up();  // out of memory outside of a handler: only this connection ends
  }
}

// One step forward. False when it has to wait: for input, until the client takes output, or for a job.
bool Http1Session::step() {
  if (output_.size() - sent_ >= output_enough) return false;
  switch (state_) {
    case State::head:
      return read_head();
    case State::body:
      return read_whole_body();
    case State::piece:
      return read_piece();
    case State::pieces:
      make_piece();
      return true;
    case State::file:
      return read_file();
    case State::draining:
      return drain();
    case State::skipping:
      return skip_body();
    case State::waiting:
    case State::closing:
      break;
  }
  return false;
}

bool Http1Session::read_head() {
  if (begin_ == end_) return false;
  exchange = nullptr;
  take_exchange();
  const http::HeadLimits head_limits{limits.request_line, limits.header_bytes, limits.header_count};
  const http::ParseResult result =
      http::parse_request_head({buffer_.get() + begin_, end_ - begin_}, exchange->head, head_limits, scanned_);
  if (result.state == http::ParseResult::State::incomplete) {
    // From its first byte on; for a head that arrives whole the clock is not read.
    if (scanned_ == 0) deadline_ = now() + seconds(limits.header_seconds);
    scanned_ = end_ - begin_;
    exchange = nullptr;
    return false;
  }
  scanned_ = 0;
  if (result.state == http::ParseResult::State::error) {
    // A client that speaks TLS begins with a record of this type (RFC 8446 5.1).
    const bool tls = buffer_[begin_] == '\x16';
    malformed(http::status_of(result.error), tls ? "tls/on_plain_port" : http::rule_name(result.error));
    return false;
  }
  begin_ += result.consumed;
  probe_.reset();
  probed_ = false;
  if (output_.capacity() == 0) output_.swap(loop_.spare_output);
  exchange->started = now();
  body_pending_ = exchange->head.framing != http::BodyFraming::none;
  body_size_ = 0;
  if (const http::ChunkError error = error_at_hand(); error != http::ChunkError::none) {
    malformed(http::status_of(error), http::rule_name(error));
    return false;
  }
  if (must_skip_body()) {
    begin_body();
    chunks_ = http::ChunkedDecoder();
    drained_ = 0;
    deadline_ = body_deadline();
    state_ = State::skipping;
    return true;
  }
  follow(exchange->site.head_complete(*exchange));
  return true;
}

void Http1Session::wait_for_work(Time until) {
  state_ = State::waiting;
  deadline_ = until;
}

// --- Answers

void Http1Session::send_head() {
  gate::Answer& answer = exchange->answer;
  ++requests_;
  const bool until_close = answer.open_ended() && exchange->head.minor_version == 0;
  keep_ = exchange->head.keep_alive && !answer.close && !stopping_ && !end_of_input_ && !until_close &&
          requests_ < limits.keep_alive_requests && body_can_be_skipped();
  append_response(output_, *exchange, keep_, std::exchange(status_line_begun_, false));
  exchange->bytes_sent = answer.source == gate::BodySource::memory ? answer.bytes().size() : 0;
  const bool body_follows = answer.source != gate::BodySource::memory && !exchange->head_only() && !answer.bodiless();
  if (!body_follows) return complete();
  if (answer.source == gate::BodySource::file) {
    state_ = State::file;
    return;
  }
  state_ = State::pieces;
}

void Http1Session::send_piece() {
  exchange->bytes_sent += exchange->answer.body.size();
  append_chunk(exchange->answer.body);
  state_ = State::pieces;
}

// Never empty: that would be the last one.
void Http1Session::append_chunk(std::string_view bytes) {
  if (!chunked()) {
    output_.append(bytes);
    return;
  }
  std::array<char, 16> size;
  const char* const end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  output_.append({size.data(), static_cast<std::size_t>(end - size.data())});
  output_.append("\r\n");
  output_.append(bytes);
  output_.append("\r\n");
}

void Http1Session::send_heartbeat() { append_chunk(heartbeat_text); }

void Http1Session::send_end() {
  if (chunked()) output_.append("0\r\n\r\n");
  complete();
}

// For sockets without sendfile.
bool Http1Session::read_file() {
  gate::FilePart& part = exchange->answer.file;
  if (part.size == 0) {
    complete();
    return true;
  }
  if (driver_.can_send_files()) return false;
  const std::span<char> room =
      output_.room(static_cast<std::size_t>(std::min<std::uint64_t>(part.size, output_enough)));
  const ssize_t bytes = ::pread(part.descriptor.get(), room.data(), room.size(), static_cast<off_t>(part.offset));
  if (bytes <= 0) {
    cut(Cut::failed, "answer/file");
    return false;
  }
  output_.commit(static_cast<std::size_t>(bytes));
  part.offset += static_cast<std::uint64_t>(bytes);
  part.size -= static_cast<std::uint64_t>(bytes);
  exchange->bytes_sent += static_cast<std::uint64_t>(bytes);
  return true;
}

// The answer is whole.
void Http1Session::complete() {
  answered = false;
  const Time finished = log_access();
  if (stopping_ || exchange->waiting()) keep_ = false;  // a job still uses the exchange
  state_ = !keep_ ? State::closing : body_pending_ ? State::draining : State::head;
  deadline_ = finished + seconds(!keep_ || body_pending_ ? limits.body_seconds : limits.idle_seconds);
  if (state_ == State::draining) {
    if (!body_begun) chunks_ = http::ChunkedDecoder();
    drained_ = 0;
  }
  if (exchange->waiting()) return;  // timed out: a job still uses the request
  if (state_ == State::draining) {
    exchange->answer.reset();  // the head is needed for the rest of the body, id and client are needed for the log
    exchange->call->abandon();
  } else if (sent_ == output_.size()) {
    exchange = nullptr;
  } else {
    exchange->head
        .clear();  // its views are about to dangle; id and client stay for the log until the answer is written
  }
  if (!keep_) return;  // a read into these may still be under way
  if (state_ == State::head) adopt_rest();
}

// A malformed head. Its fields can't be trusted, and the start of the next request is unknown.
void Http1Session::malformed(int status, std::string_view rule) {
  exchange = nullptr;
  take_exchange();
  exchange->started = now();
  body_pending_ = false;
  refuse_head(status, rule);
}

void Http1Session::refuse(int status, std::string_view rule) {
  take_exchange();
  exchange->started = now();
  refuse_head(status, rule);
}

// The connection ends with it, because the start of the next request is unknown.
void Http1Session::break_off(Cut) {
  keep_ = false;
  complete();
}

void Http1Session::give_up() noexcept {
  abandon_exchange();
  output_.clear(0);
  sent_ = 0;
  state_ = State::closing;
}

// --- Jobs on other threads

void Http1Session::exchange_moved(gate::Exchange&) noexcept {
  if (state_ != State::waiting) return;  // timed out and answered
  try {
    follow(exchange->site.resumed(*exchange));
  } catch (...) {
    give_up();
  }
  run();
  driver_.session_moved();
}

// --- Time and ends

Session::Time Http1Session::deadline() noexcept {
  if (sent_ < output_.size() || state_ == State::file) return pace_.wait(now());
  return state_ == State::waiting && probe_ ? std::min(deadline_, *probe_) : deadline_;
}

bool Http1Session::expired() noexcept {
  try {
    if (sent_ < output_.size() || state_ == State::file) {
      if (!pace_.over(now())) return true;
      log_event("http_cut", "deadline/write");
      return false;
    }
    switch (state_) {
      case State::head:
        if (begin_ == end_) {
          state_ = State::closing;
        } else {
          malformed(408, "deadline/head");
        }
        break;
      case State::body:
      case State::piece:
      case State::skipping:
        refuse_body(gate::problems::timeout, "deadline/body");
        break;
      case State::draining:
        log_event("http_malformed", "deadline/drain");
        state_ = State::closing;
        break;
      case State::waiting:
        if (probe_ && now() >= *probe_) {
          probe_.reset();
          // Where the answer has begun, the next chunk's size begins with a zero (RFC 9112 7.1: any number of digits). HTTP/1.0 knows no
          // interim answer; the first letter of the status line is known.
          if (!answered && exchange->head.minor_version == 0) {
            status_line_begun_ = true;
            output_.append("H");
          } else {
            output_.append(answered ? "0" : "HTTP/1.1 100 Continue\r\n\r\n");
          }
        }
        if (now() >= deadline_) work_overdue();
        break;
      case State::pieces:
      case State::file:
      case State::closing:
        break;
    }
  } catch (...) {
    give_up();
  }
  return true;
}

void Http1Session::stop() noexcept {
  stopping_ = true;
  try {
    if (sent_ < output_.size()) return;
    if (state_ == State::head && begin_ == end_) {
      // A new connection is about to send its first request: closing now would lose that request.
      if (requests_ > 0) {
        state_ = State::closing;
      } else {
        deadline_ = std::min(deadline_, now() + first_request);
      }
    }
    end_events_if_stopping();
  } catch (...) {
    give_up();
  }
}

void Http1Session::end_events_if_stopping() {
  if (stopping_ && state_ == State::waiting && sends_events()) end_events();
}

void Http1Session::abandon() noexcept { abandon_exchange(); }

}  // namespace sallyport::wire
