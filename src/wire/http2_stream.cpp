// The streams of an HTTP/2 connection: how they are made, ended and reused.
#include "wire/http2_stream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::wire {
namespace {

using std::chrono::seconds;

constexpr std::size_t body_kept = 65'536;  // memory that a stream may keep between requests

}  // namespace

Http2Session::Stream* Http2Session::stream_of(std::int32_t id) noexcept {
  auto* const stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
  return stream && (stream->stage == Stage::head || stream->stage == Stage::open) ? stream : nullptr;
}

// Null: the maximum is reached, or no more are accepted.
Http2Session::Stream* Http2Session::acquire(std::int32_t id) {
  if (gone_away_) return nullptr;
  if (free_.empty() && streams_.size() >= limits_.streams) collect_orphans();
  if (free_.empty()) {
    if (streams_.size() >= limits_.streams) return nullptr;
    free_.reserve(streams_.size() + 1);  // `release` must not fail
    streams_.push_back(std::make_unique<Stream>(*this, site_));
    free_.push_back(streams_.back().get());
  }
  Stream* const stream = free_.back();
  stream->begin(id);
  free_.pop_back();
  stream->due = now() + seconds(limits_.header_seconds);
  due(stream->due);
  ++open_;
  frames_.give_back(2);
  if (++requests_ >= limits_.keep_alive_requests) go_away();
  return stream;
}

void Http2Session::release(Stream& stream) noexcept {
  stream.exchange = nullptr;
  stream.stage = Stage::free;
  for (std::string* kept : {&stream.body, &stream.piece}) {
    if (kept->capacity() > body_kept) std::string().swap(*kept);
  }
  free_.push_back(&stream);
}

void Http2Session::collect_orphans() noexcept {
  for (const auto& stream : streams_) {
    if (stream->stage == Stage::orphan && !stream->exchange->waiting()) release(*stream);
  }
}

// An idle connection keeps one stream, and no memory of requests.
void Http2Session::trim() noexcept {
  if (!output_waits()) output_.clear(sent_ = 0);
  collect_orphans();
  free_.clear();
  for (const auto& stream : streams_) {
    if (stream->stage != Stage::free) continue;
    std::string().swap(stream->body);
    std::string().swap(stream->piece);
  }
  bool kept = false;
  std::erase_if(streams_, [&](const std::unique_ptr<Stream>& stream) {
    return stream->stage == Stage::free && std::exchange(kept, true);
  });
  for (const auto& stream : streams_) {
    if (stream->stage == Stage::free) free_.push_back(stream.get());
  }
}

void Http2Session::mark_ready(Stream& stream) {
  if (std::exchange(stream.is_ready, true)) return;
  ready_.push_back(&stream);
}

void Http2Session::Stream::exchange_moved(gate::Exchange&) noexcept {
  if (stage != Stage::open) return;
  const bool from_outside = session.depth_ == 0;
  {
    const Call call(session);
    moved = true;
    try {
      session.mark_ready(*this);
    } catch (...) {
      session.give_up();
    }
    if (from_outside) session.run();
  }
  if (from_outside) session.driver_.session_moved();
}

void Http2Session::head_arrived(Stream& stream, bool ended) {
  gate::Exchange& exchange = *stream.exchange;
  stream.stage = Stage::open;
  stream.ended = ended;
  exchange.started = now();
  stream.fault = stream.head.finish(exchange.head, ended);
  if (stream.fault.status != 200) {
    exchange.head.clear();  // its fields can't be trusted
    if (stream.head.says_head()) exchange.head.method = http::Method::head;
  }
  stream.head_ready = true;
  mark_ready(stream);
}

void Http2Session::stream_closed(Stream& stream) noexcept {
  nghttp2_session_consume_connection(session_.get(), stream.unacknowledged);
  stream.abandon_exchange();
  if (stream.exchange->waiting()) {
    stream.stage = Stage::orphan;
  } else {
    release(stream);
  }
  if (--open_ > 0) return;
  idle_since_ = now();
  due(idle_since_ + trim_after);
}

}  // namespace sallyport::wire
