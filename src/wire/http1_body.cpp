// Bodies of requests over HTTP/1.1: read whole, in pieces, or drained when no handler wants them.
#include "wire/http1_session.hpp"

#include "gate/refusal.hpp"
#include "gate/site.hpp"

#include <algorithm>
#include <chrono>

namespace sallyport::wire {

using std::chrono::seconds;

// Reads from the next step on.
bool Http1Session::read_body() {
  state_ = exchange->body_wanted() == gate::BodyWant::piece ? State::piece : State::body;
  if (!begin_body()) return false;
  body_.clear();
  chunks_ = http::ChunkedDecoder();
  deadline_ = body_deadline();
  if (!body_pending_) return false;
  if (exchange->head.expect_continue && begin_ == end_ && !answered) output_.append("HTTP/1.1 100 Continue\r\n\r\n");
  if (state_ == State::body && sized() && end_ - begin_ < exchange->head.content_length) {
    body_.assign(input());
    body_size_ = body_.size();
    begin_ = end_;
  }
  return false;
}

// What came along with the head is looked at before the request is served: a request whose body nobody reads, such as a GET's, would be
// answered as if it were whole.
http::ChunkError Http1Session::error_at_hand() const noexcept {
  if (exchange->head.framing != http::BodyFraming::chunked) return http::ChunkError::none;
  http::ChunkedDecoder chunks;
  for (std::string_view rest = input();;) {
    const http::ChunkedDecoder::Piece piece = chunks.feed(rest);
    if (piece.state != http::ChunkedDecoder::State::data) return piece.error;
    rest.remove_prefix(piece.consumed);
  }
}

// A whole body must arrive within its time, and not too slowly: after a grace period, at a minimum rate.
Session::Time Http1Session::body_deadline() const noexcept {
  const auto earned =
      std::chrono::milliseconds(static_cast<std::int64_t>(body_size_) * 1000 / limits.body_bytes_per_second);
  return std::min(whole_body_deadline(), body_started + seconds(limits.body_grace_seconds) + earned);
}

bool Http1Session::read_whole_body() {
  if (!body_pending_) {
    body_done({});
    return true;
  }
  return sized() ? read_sized_body() : read_chunked_body();
}

void Http1Session::body_done(std::string_view body) {
  body_pending_ = false;
  exchange->body = body;
  follow(exchange->site.body_arrived(*exchange));
}

bool Http1Session::read_sized_body() {
  const auto whole = static_cast<std::size_t>(exchange->head.content_length);
  if (body_size_ == 0 && end_ - begin_ >= whole) {
    const std::string_view body = input().substr(0, whole);  // used in place: the buffer has the padding
    begin_ += whole;
    body_done(body);
    return true;
  }
  if (body_size_ < whole) {
    deadline_ = body_deadline();
    return false;
  }
  body_.reserve(whole + body_padding);
  body_done(std::string_view(body_).substr(0, whole));
  return true;
}

// Reads the next piece of a chunked body. After an error, the refusal is the answer.
http::ChunkedDecoder::Piece Http1Session::decode() {
  http::ChunkedDecoder::Piece piece = chunks_.feed(input());
  consume(piece.consumed);
  if (piece.state == http::ChunkedDecoder::State::error) {
    refuse_body(gate::problem_for(http::status_of(piece.error)), http::rule_name(piece.error));
  } else if (piece.data.size() + chunks_.chunk_remaining() > exchange->body_limit - body_size_) {
    piece.state = http::ChunkedDecoder::State::error;
    refuse_body(gate::problems::too_large, "limit/body");
  }
  return piece;
}

bool Http1Session::read_chunked_body() {
  while (!input().empty()) {
    const http::ChunkedDecoder::Piece piece = decode();
    if (piece.state == http::ChunkedDecoder::State::error) return false;
    body_.append(piece.data);
    body_size_ = body_.size();
    if (piece.state != http::ChunkedDecoder::State::done) continue;
    body_.reserve(body_.size() + body_padding);
    body_done(body_);
    return true;
  }
  deadline_ = body_deadline();
  return false;
}

void Http1Session::hand_over(std::string_view piece, bool ended) {
  body_size_ += piece.size();
  reading.moved(now(), piece.size());
  exchange->body = piece;
  exchange->body_ended = ended;
  follow(exchange->site.body_arrived(*exchange));
}

bool Http1Session::read_piece() {
  if (body_pending_ && sized() && body_left() == 0) body_pending_ = false;
  if (!body_pending_) {
    hand_over({}, true);
    return true;
  }
  while (!input().empty()) {
    if (sized()) {
      const std::string_view piece =
          input().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(input().size(), body_left())));
      consume(piece.size());
      hand_over(piece, false);
      return true;
    }
    const http::ChunkedDecoder::Piece piece = decode();
    if (piece.state == http::ChunkedDecoder::State::error) return false;
    if (piece.state == http::ChunkedDecoder::State::done) body_pending_ = false;
    if (piece.data.empty() && body_pending_) continue;
    hand_over(piece.data, piece.data.empty());
    return true;
  }
  deadline_ = reading.wait(now());
  return false;
}

// A body that was not read to its end is read and discarded if it is small and is sure to arrive; else the connection ends after
// the answer. A client that waits for 100 Continue may never send the body: the next bytes could be the body or a request.
bool Http1Session::body_can_be_skipped() const noexcept {
  if (!body_pending_) return true;
  if (exchange->head.expect_continue && !body_begun && begin_ == end_) return false;
  return !sized() || body_left() <= limits.drain_bytes;
}

// No handler reads the body of a GET. In chunks it may turn out to be broken at its end, when the request would have been answered as if it
// were whole; so it is read first. Who waits for 100 Continue is answered without it.
bool Http1Session::must_skip_body() const noexcept {
  const bool chunks = exchange->head.framing == http::BodyFraming::chunked;
  return chunks && exchange->safe_method() && !exchange->head.expect_continue;
}

bool Http1Session::skip_body() {
  while (!input().empty() && body_pending_) {
    const http::ChunkedDecoder::Piece piece = chunks_.feed(input());
    consume(piece.consumed);
    drained_ += piece.consumed;
    if (piece.state == http::ChunkedDecoder::State::error) {
      refuse_body(gate::problem_for(http::status_of(piece.error)), http::rule_name(piece.error));
      return false;
    }
    if (drained_ > limits.drain_bytes) {
      refuse_body(gate::problems::too_large, "limit/drain");
      return false;
    }
    body_pending_ = piece.state != http::ChunkedDecoder::State::done;
  }
  if (body_pending_) return false;
  follow(exchange->site.head_complete(*exchange));
  return true;
}

bool Http1Session::drain() {
  if (sized() && body_left() == 0) body_pending_ = false;
  while (!input().empty() && body_pending_) {
    if (sized()) {
      const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(input().size(), body_left()));
      consume(bytes);
      body_size_ += bytes;
      body_pending_ = body_left() > 0;
      continue;
    }
    const http::ChunkedDecoder::Piece piece = chunks_.feed(input());
    consume(piece.consumed);
    drained_ += piece.consumed;
    if (piece.state == http::ChunkedDecoder::State::error || drained_ > limits.drain_bytes) {
      // It has been answered: there is nothing more to say.
      log_event("http_malformed",
                piece.state == http::ChunkedDecoder::State::error ? http::rule_name(piece.error) : "limit/drain");
      state_ = State::closing;
      return false;
    }
    body_pending_ = piece.state != http::ChunkedDecoder::State::done;
  }
  if (body_pending_) return false;
  exchange = nullptr;
  adopt_rest();
  state_ = State::head;
  deadline_ = now() + seconds(limits.idle_seconds);
  return true;
}

}  // namespace sallyport::wire
