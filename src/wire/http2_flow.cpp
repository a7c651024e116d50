// Bodies of requests over HTTP/2: flow control, and what is discarded.
#include "wire/http2_stream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::wire {
namespace {

using std::chrono::seconds;

constexpr http::HeadVerdict length_mismatch{0, "h2/length_mismatch"};

}  // namespace

void Http2Session::end_arrived(Stream& stream) {
  stream.ended = true;
  const http::RequestHead& head = stream.exchange->head;
  if (stream.fault.status == 200 && head.framing == http::BodyFraming::length &&
      stream.arrived != head.content_length) {
    stream.fault = length_mismatch;
  }
}

void Http2Session::data_arrived(Stream& stream, std::string_view data) {
  stream.arrived += data.size();
  const http::RequestHead& head = stream.exchange->head;
  const bool too_long = head.framing == http::BodyFraming::length && stream.arrived > head.content_length;
  if (too_long && stream.fault.status == 200) stream.fault = length_mismatch;
  stream.unacknowledged += data.size();
  if (!stream.wants_input()) {
    drain(stream);
    if (stream.waits == Waits::end && !worth_draining(stream)) {
      stream.due = std::min(stream.due, now() + final_wait);
      due(stream.due);
    }
  } else {
    stream.body.append(data);
    if (stream.body_begun) stream.reading.moved(now(), data.size());
  }
  mark_ready(stream);
}

// Gives window back to the client (WINDOW_UPDATE).
void Http2Session::consume(Stream& stream, std::size_t bytes) noexcept {
  if (bytes == 0) return;
  stream.unacknowledged -= bytes;
  nghttp2_session_consume(session_.get(), stream.id, bytes);
}

// Discards input that no handler reads. The client may send the rest, if it is not too much, so that it sees the answer and not a
// reset.
void Http2Session::drain(Stream& stream) noexcept {
  stream.drained += stream.unacknowledged;
  if (worth_draining(stream)) return consume(stream, stream.unacknowledged);
  nghttp2_session_consume_connection(session_.get(), std::exchange(stream.unacknowledged, 0));
}

bool Http2Session::worth_draining(const Stream& stream) const noexcept {
  const http::RequestHead& head = stream.exchange->head;
  const std::uint64_t announced = head.framing == http::BodyFraming::length ? head.content_length : 0;
  return stream.drained <= limits_.drain_bytes && announced <= stream.arrived + limits_.drain_bytes;
}

// True when what was wanted is in `exchange.body`.
bool Http2Session::body_ready(Stream& stream) {
  gate::Exchange& exchange = *stream.exchange;
  const bool whole = exchange.body_wanted() == gate::BodyWant::whole;
  stream.begin_body();
  consume(stream, whole ? stream.unacknowledged : std::exchange(stream.borrowed, 0));
  if (stream.arrived > exchange.body_limit) {
    stream.refuse_body(gate::problems::too_large, "limit/body");
    return false;
  }
  if (whole ? stream.ended : stream.ended || !stream.body.empty()) {
    std::string& taken = whole ? stream.body : stream.piece;
    if (!whole) {
      stream.piece.swap(stream.body);
      stream.body.clear();
      stream.borrowed = stream.piece.size();
      exchange.body_ended = stream.piece.empty();
    }
    taken.reserve(taken.size() + body_padding);
    exchange.body = taken;
    stream.waits = Waits::nothing;
    return true;
  }
  if (end_of_input_) {
    reset(stream, NGHTTP2_CANCEL);
    return false;
  }
  stream.waits = Waits::body;
  stream.due = stream.reading.wait(now());
  if (whole) stream.due = std::min(stream.due, stream.whole_body_deadline());
  due(stream.due);
  return false;
}

}  // namespace sallyport::wire
