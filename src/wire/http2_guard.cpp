// How an HTTP/2 connection is protected against floods of frames and resets, and how streams and the connection end.
#include "gate/security_event.hpp"
#include "wire/http2_stream.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::wire {
namespace {

constexpr std::size_t resets_remembered = 128;  // streams that we reset, for which frames may still be on their way

}  // namespace

// RFC 9113 7: for what nghttp2 finds wrong by itself.
std::string_view Http2Session::rule_of(std::uint32_t error) noexcept {
  switch (error) {
    case NGHTTP2_PROTOCOL_ERROR:
      return "h2/protocol_error";
    case NGHTTP2_FLOW_CONTROL_ERROR:
      return "h2/flow_control";
    case NGHTTP2_STREAM_CLOSED:
      return "h2/stream_closed";
    case NGHTTP2_FRAME_SIZE_ERROR:
      return "h2/frame_size";
    case NGHTTP2_COMPRESSION_ERROR:
      return "h2/compression";
    case NGHTTP2_REFUSED_STREAM:
      return "limit/streams";
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return "h2/calm";
    default:
      return "h2/internal";
  }
}

// --- Frames and resets

// Seen before nghttp2 does: it silently ignores some frames.
void Http2Session::frame_begins(const http::FrameHeaderScanner::Frame& frame) noexcept {
  switch (frame.type) {
    case NGHTTP2_DATA:
    case NGHTTP2_HEADERS:
      if (!may_still_arrive(frame.stream)) {
        fatal_ = {NGHTTP2_STREAM_CLOSED, "h2/stream_closed"};
      } else if (frame.stream <= nghttp2_session_get_last_proc_stream_id(session_.get()) &&
                 nghttp2_session_find_stream(session_.get(), frame.stream) == nullptr) {
        spend(frames_,
              "h2/frames");  // frames of a stream that we have reset: they were on their way, or the client never stops
      }
      break;
    case NGHTTP2_RST_STREAM:
      spend(resets_, "h2/resets");
      break;
    case NGHTTP2_WINDOW_UPDATE:
      if (updates_due_ == 0) {
        spend(frames_, "h2/frames");
      } else {
        --updates_due_;
      }
      break;
    default:
      spend(frames_, "h2/frames");
      break;
  }
}

void Http2Session::spend(base::TokenBucket& bucket, std::string_view rule) noexcept {
  if (!bucket.spend(now())) fatal_ = {NGHTTP2_ENHANCE_YOUR_CALM, rule};
}

void Http2Session::receive_failed(int error) noexcept {
  switch (error) {
    case NGHTTP2_ERR_BAD_CLIENT_MAGIC:
      return terminate(NGHTTP2_PROTOCOL_ERROR, "h2/preface");
    case NGHTTP2_ERR_FLOODED:
      return terminate(NGHTTP2_ENHANCE_YOUR_CALM, "h2/frames");
    case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS:
      return terminate(NGHTTP2_ENHANCE_YOUR_CALM, "h2/continuations");
    default:
      return give_up();
  }
}

// RFC 9113 5.1: on a stream that is closed nothing comes any more, unless it was on its way when we reset it.
bool Http2Session::may_still_arrive(std::int32_t id) const noexcept {
  if (id > nghttp2_session_get_last_proc_stream_id(session_.get()) || id % 2 == 0) return true;
  return nghttp2_session_find_stream(session_.get(), id) != nullptr ||
         std::find(reset_ids_.begin(), reset_ids_.end(), id) != reset_ids_.end();
}

void Http2Session::reset_sent(std::int32_t id, std::uint32_t error) {
  if (reset_ids_.size() < resets_remembered) {
    reset_ids_.push_back(id);
  } else {
    reset_ids_[reset_count_ % resets_remembered] = id;
  }
  ++reset_count_;
  if (error == NGHTTP2_NO_ERROR) return;
  spend(resets_, "h2/resets");
  auto* const stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
  if (!stream || std::exchange(stream->logged, true)) return;
  stream->log_event("http_malformed", rule_of(error));
}

// --- Errors of a stream

void Http2Session::malformed(Stream& stream) {
  stream.head_ready = false;
  stream.logged = true;
  const int status = std::exchange(stream.fault.status, 200);
  if (status != 0 && !stream.answered) return stream.refuse_head(status, stream.fault.rule);
  stream.log_event("http_malformed", stream.fault.rule);
  reset(stream, NGHTTP2_PROTOCOL_ERROR);
}

void Http2Session::Stream::break_off(Cut why) {
  logged = true;
  log_access();
  session.reset(*this, why == Cut::failed ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_CANCEL);
}

void Http2Session::reset(Stream& stream, std::uint32_t error) noexcept {
  stream.exchange->abandon();
  stream.logged = true;
  stream.stage = Stage::dead;
  stream.waits = Waits::nothing;
  if (nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id, error) != 0) give_up();
}

// --- The connection as a whole

// No further stream; those that are open end well (RFC 9113 6.8).
void Http2Session::go_away() noexcept {
  if (std::exchange(gone_away_, true)) return;
  const std::int32_t last = nghttp2_session_get_last_proc_stream_id(session_.get());
  if (nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0) != 0) give_up();
}

// An error of the whole connection, or its deadline.
void Http2Session::terminate(std::uint32_t error, std::string_view rule) noexcept {
  if (closing_) return;
  try {
    if (!rule.empty() && !std::exchange(logged_, true)) connection_event(rule);
  } catch (...) {
    logged_ = true;  // out of memory: there is no line to write
  }
  nghttp2_session_terminate_session(session_.get(), error);
  give_up();
}

// The output that is there is still written, and nothing more.
void Http2Session::give_up() noexcept {
  closing_ = true;
  for (const auto& stream : streams_) {
    stream->abandon_exchange();
    if (stream->stage == Stage::head || stream->stage == Stage::open) stream->stage = Stage::dead;
  }
}

void Http2Session::connection_event(std::string_view rule) {
  struct Nobody final : gate::ExchangeOwner {
    void exchange_moved(gate::Exchange&) noexcept override {}
    std::shared_ptr<void> hold() noexcept override { return {}; }
  } nobody;
  const gate::ExchangeLease exchange = loop_.exchanges.take(site_, loop_, nobody, peer_);
  gate::security_event(*exchange, "http_malformed", rule);
}

}  // namespace sallyport::wire
