// Answers over HTTP/2: heads, pieces, ends.
#include "wire/http2_answer_fields.hpp"
#include "wire/http2_callbacks.hpp"
#include "wire/http2_stream.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <new>
#include <utility>

namespace sallyport::wire {
namespace {

using std::chrono::seconds;

constexpr std::size_t frame_worth = 1024;           // bytes of DATA that make a frame count as progress
constexpr std::uint32_t most_updates_due = 65'536;  // all of what many streams were sent may be read late

// How many window updates a DATA frame of ours makes due, for its stream and for the connection. Go's client sends both after each
// 4 KiB it has read, which makes eight for a frame of 16 KiB. One with small windows sends one for each few bytes, but a window that
// is opened byte by byte is a flood (CVE-2019-9511). Where no window cut the frame short, its size is the application's choice.
std::uint32_t updates_for(std::size_t bytes, bool cut_short) noexcept {
  constexpr std::size_t most = 10;
  constexpr std::size_t bytes_each = 64;
  const std::size_t by_size = std::min(bytes / bytes_each, most);
  return static_cast<std::uint32_t>(cut_short ? by_size : std::max<std::size_t>(by_size, 2));
}

}  // namespace

void Http2Session::send_head(Stream& stream) {
  gate::Exchange& exchange = *stream.exchange;
  gate::Answer& answer = exchange.answer;
  stream.waits = Waits::nothing;
  if (exchange.head_only() || answer.bodiless()) exchange.call->abandon();
  if (!exchange.call->makes_more()) drain(stream);
  const bool in_pieces = answer.source == gate::BodySource::pieces;
  const bool has_body = !exchange.head_only() && !answer.bodiless() && (in_pieces || answer.body_size() != 0);
  nghttp2_data_provider provider{};
  provider.source.ptr = &stream;
  provider.read_callback = Callbacks::read;
  const AnswerFields answer_fields(exchange);
  const auto fields = answer_fields.all();
  if (nghttp2_submit_response(session_.get(), stream.id, fields.data(), fields.size(),
                              has_body ? &provider : nullptr) != 0) {
    throw std::bad_alloc();
  }
  if (!has_body) return;
  stream.last = !in_pieces;
  if (in_pieces) return;
  if (answer.source == gate::BodySource::memory) stream.rest = answer.bytes();
  expect_write(stream);
}

// A piece is in the answer's body. A comment that keeps the stream awake may still be before it.
void Http2Session::piece_made(Stream& stream) {
  stream.waits = Waits::nothing;
  stream.piece_waits = true;
  expect_write(stream);
  nghttp2_session_resume_data(session_.get(),
                              stream.id);  // fails when no data was deferred: nghttp2 then asks for it by itself
}

void Http2Session::send_heartbeat(Stream& stream) {
  if (!stream.rest.empty()) return;  // data is still to be sent
  stream.rest = heartbeat_text;
  expect_write(stream);
  nghttp2_session_resume_data(session_.get(), stream.id);
}

void Http2Session::send_end(Stream& stream) {
  stream.waits = Waits::nothing;
  stream.last = true;
  nghttp2_session_resume_data(session_.get(), stream.id);
}

void Http2Session::Stream::wait_for_work(Time until) {
  waits = Waits::work;
  due = until;
  session.due(until);
}

// `bytes` of the body are in a frame. Called by nghttp2.
void Http2Session::written(Stream& stream, std::size_t bytes, bool more) noexcept {
  stream.exchange->bytes_sent += bytes;
  // What the first window lets through says nothing about whether the client reads.
  stream.writing.moved(now(), stream.was_shut ? bytes : 0);
  const auto left = std::min(nghttp2_session_get_remote_window_size(session_.get()),
                             nghttp2_session_get_stream_remote_window_size(session_.get(), stream.id));
  const bool shuts = left <= static_cast<std::int64_t>(bytes);
  if (shuts && !std::exchange(stream.was_shut, true)) stream.begin_writing();
  if (bytes >= frame_worth) frames_.give_back(2);
  updates_due_ = std::min(updates_due_ + updates_for(bytes, shuts), most_updates_due);
  if (!more && !stream.piece_waits) return;
  expect_write(stream);
}

// The answer is complete. Called by nghttp2.
void Http2Session::answer_sent(Stream& stream) {
  stream.log_access();
  if (stream.ended) return;
  drain(stream);
  if (end_of_input_) return reset(stream, NGHTTP2_NO_ERROR);  // RFC 9113 8.1
  // A reset directly after the answer would destroy the answer in clients that discard a reset stream with its data (curl 7.88).
  // They get some time to read it, with a closed window.
  stream.waits = Waits::end;
  stream.due = now() + (worth_draining(stream) ? seconds(limits_.body_seconds) : final_wait);
  due(stream.due);
}

}  // namespace sallyport::wire
