// The deadlines of an HTTP/2 connection and of its streams.
#include "wire/http2_stream.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::wire {

using std::chrono::seconds;

Session::Time Http2Session::now() noexcept {
  if (!now_) now_ = loop_.clock.now();
  return *now_;
}

Session::Time Http2Session::deadline() noexcept {
  return output_waits() ? std::min(deadline_, writing_.wait(loop_.clock.now())) : deadline_;
}

bool Http2Session::expired() noexcept {
  const Call call(*this);
  try {
    if (output_waits() && writing_.over(now())) {
      if (!std::exchange(logged_, true)) connection_event("deadline/write");
      return false;
    }
    look_at_deadlines();
  } catch (...) {
    give_up();
  }
  run();
  return true;
}

// Sets the time by which the client has to take some of the answer.
void Http2Session::expect_write(Stream& stream) noexcept {
  stream.written_by = stream.writing.wait(now());
  due(stream.written_by);
}

// True while the deadline is in the future.
bool Http2Session::pending(Time time) noexcept {
  if (time <= now()) return false;
  due(time);
  return true;
}

void Http2Session::look_at_deadlines() {
  deadline_ = Time::max();
  if (closing_) return;
  if (!greeted_ && !pending(opened_ + seconds(limits_.header_seconds))) {
    return terminate(NGHTTP2_NO_ERROR, began_ ? "deadline/head" : "");
  }
  if (open_ == 0) {
    if (!pending(idle_since_ + trim_after)) trim();
    if (!pending(idle_since_ + seconds(limits_.idle_seconds))) go_away();
    return;
  }
  for (const auto& stream : streams_) look_at_deadlines(*stream);
}

void Http2Session::look_at_deadlines(Stream& stream) {
  if (stream.stage == Stage::head && !pending(stream.due)) return terminate(NGHTTP2_ENHANCE_YOUR_CALM, "deadline/head");
  if (stream.stage == Stage::open && stream.waits != Waits::nothing && !pending(stream.due)) {
    if (stream.waits == Waits::end) {
      reset(stream, NGHTTP2_NO_ERROR);
    } else if (stream.waits == Waits::body) {
      stream.refuse_body(gate::problems::timeout, "deadline/body");
    } else {
      stream.work_overdue();
    }
  }
  if (stream.stage != Stage::open || !stream.writing.waiting() || pending(stream.written_by)) return;
  const bool shut = nghttp2_session_get_remote_window_size(session_.get()) <= 0 ||
                    nghttp2_session_get_stream_remote_window_size(session_.get(), stream.id) <= 0;
  if (shut) return stream.cut(Stream::Cut::unwanted, "deadline/write");
  // The stream waits for its turn: whether the client reads at all is checked for the whole connection.
  stream.begin_writing();
  expect_write(stream);
}

}  // namespace sallyport::wire
