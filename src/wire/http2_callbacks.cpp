// nghttp2's callbacks: they record what has arrived and supply what is to be sent. No exception may pass through nghttp2.
#include "wire/http2_callbacks.hpp"

#include "wire/http2_stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

namespace sallyport::wire {
namespace {

// nghttp2's own limits, in case ours fail.
constexpr std::size_t acks_most = 1000;
constexpr std::size_t settings_most = 32;
constexpr std::size_t continuations_most = 8;

constexpr http::HeadVerdict trailers_open{0, "h2/trailers_open"};

Http2Session& session_of(void* user) noexcept { return *static_cast<Http2Session*>(user); }

template <class F>
int guarded(F&& step) noexcept {
  try {
    return step();
  } catch (...) {
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
}

}  // namespace

int Http2Session::Callbacks::begin_headers(nghttp2_session* raw, const nghttp2_frame* frame, void* user) noexcept {
  return guarded([&] {
    Http2Session& session = session_of(user);
    const std::int32_t id = frame->hd.stream_id;
    if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
      if (Stream* const stream = session.stream_of(id)) stream->head.begin_trailers();
      return 0;
    }
    Stream* const stream = session.acquire(id);
    if (!stream) {
      nghttp2_submit_rst_stream(raw, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
      return static_cast<int>(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE);
    }
    return nghttp2_session_set_stream_user_data(raw, id, stream);
  });
}

int Http2Session::Callbacks::header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                                    std::uint8_t, void* user) noexcept {
  return guarded([&] {
    if (Stream* const stream = session_of(user).stream_of(frame->hd.stream_id)) {
      stream->head.add({reinterpret_cast<const char*>(name), name_size},
                       {reinterpret_cast<const char*>(value), value_size});
    }
    return 0;
  });
}

int Http2Session::Callbacks::data_chunk(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                                        std::size_t size, void* user) noexcept {
  return guarded([&] {
    Http2Session& session = session_of(user);
    if (Stream* const stream = session.stream_of(id)) {
      session.data_arrived(*stream, {reinterpret_cast<const char*>(data), size});
      return 0;
    }
    return nghttp2_session_consume_connection(session.session_.get(), size);
  });
}

int Http2Session::Callbacks::frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
  return guarded([&] {
    Http2Session& session = session_of(user);
    const bool ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (frame->hd.type == NGHTTP2_SETTINGS) session.greeted_ = true;
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    if (frame->hd.type == NGHTTP2_DATA && !ended && frame->hd.length == frame->data.padlen) {
      session.spend(session.frames_, "h2/frames");
      return 0;
    }
    Stream* const stream = session.stream_of(frame->hd.stream_id);
    if (!stream) return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      session.head_arrived(*stream, ended);
      return 0;
    }
    if (frame->hd.type == NGHTTP2_HEADERS && stream->fault.status == 200) {
      stream->fault = ended ? stream->head.finish_trailers() : trailers_open;
    }
    if (ended) session.end_arrived(*stream);
    if (stream->fault.status != 200 && stream->answered) {
      session.malformed(*stream);  // at once: if this was the end of both sides, nghttp2 is about to forget the stream
    } else {
      session.mark_ready(*stream);
    }
    return 0;
  });
}

int Http2Session::Callbacks::frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
  return guarded([&] {
    Http2Session& session = session_of(user);
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
      case NGHTTP2_DATA:
        if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) break;
        if (Stream* const stream = session.stream_of(frame->hd.stream_id)) session.answer_sent(*stream);
        break;
      case NGHTTP2_RST_STREAM:
        session.reset_sent(frame->hd.stream_id, frame->rst_stream.error_code);
        break;
      case NGHTTP2_GOAWAY:
        if (frame->goaway.error_code == NGHTTP2_NO_ERROR || std::exchange(session.logged_, true)) break;
        session.connection_event(rule_of(frame->goaway.error_code));
        break;
      default:
        break;
    }
    return 0;
  });
}

int Http2Session::Callbacks::frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) noexcept {
  if (frame->hd.type != NGHTTP2_HEADERS) return 0;
  Http2Session& session = session_of(user);
  // More fields than a header block may have: the client must not wait for them.
  if (Stream* const stream = session.stream_of(frame->hd.stream_id)) session.reset(*stream, NGHTTP2_INTERNAL_ERROR);
  return 0;
}

int Http2Session::Callbacks::stream_close(nghttp2_session* raw, std::int32_t id, std::uint32_t, void* user) noexcept {
  if (auto* const stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(raw, id))) {
    session_of(user).stream_closed(*stream);
  }
  return 0;
}

// There is nothing to send yet; `advance` will send.
ssize_t Http2Session::Callbacks::later(Stream& stream) noexcept {
  return guarded([&] {
    stream.session.mark_ready(stream);
    return static_cast<int>(NGHTTP2_ERR_DEFERRED);
  });
}

ssize_t Http2Session::Callbacks::read_file(Stream& stream, std::uint8_t* out, std::size_t size,
                                           std::uint32_t* flags) noexcept {
  gate::FilePart& part = stream.exchange->answer.file;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, part.size));
  const ssize_t bytes = ::pread(part.descriptor.get(), out, wanted, static_cast<off_t>(part.offset));
  if (bytes <= 0) {  // it has become shorter
    stream.broken = true;
    return later(stream);
  }
  const auto read = static_cast<std::size_t>(bytes);
  part.offset += read;
  part.size -= read;
  if (part.size == 0) *flags |= NGHTTP2_DATA_FLAG_EOF;
  stream.session.written(stream, read, part.size != 0);
  return bytes;
}

ssize_t Http2Session::Callbacks::read(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t size,
                                      std::uint32_t* flags, nghttp2_data_source* source, void*) noexcept {
  Stream& stream = *static_cast<Stream*>(source->ptr);
  if (stream.exchange->answer.source == gate::BodySource::file) return read_file(stream, out, size, flags);
  if (stream.rest.empty() && stream.piece_waits) {
    stream.piece_waits = false;
    stream.rest = stream.exchange->answer.body;
  }
  if (stream.rest.empty() && !stream.last) {
    if (stream.waits != Waits::nothing) return NGHTTP2_ERR_DEFERRED;  // the next piece is being made
    stream.wants_piece = true;
    return later(stream);
  }
  const std::size_t bytes = std::min(size, stream.rest.size());
  if (bytes == stream.rest.size() && stream.last && !stream.piece_waits) *flags |= NGHTTP2_DATA_FLAG_EOF;
  if (bytes > 0) *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  return static_cast<ssize_t>(bytes);
}

// The bytes are copied directly to the output, not through nghttp2's buffer.
int Http2Session::Callbacks::send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* frame_header,
                                       std::size_t size, nghttp2_data_source* source, void* user) noexcept {
  return guarded([&] {
    constexpr std::size_t header_size = 9;  // RFC 9113 4.1
    Http2Session& session = session_of(user);
    Stream& stream = *static_cast<Stream*>(source->ptr);
    if (stream.stage != Stage::open || stream.rest.size() < size) {
      return static_cast<int>(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE);
    }
    if (session.output_.size() >= output_enough) return static_cast<int>(NGHTTP2_ERR_WOULDBLOCK);
    session.output_.reserve_more(header_size + size);
    session.output_.append({reinterpret_cast<const char*>(frame_header), header_size});
    session.output_.append(stream.rest.substr(0, size));
    stream.rest.remove_prefix(size);
    session.written(stream, size, !stream.rest.empty());
    return 0;
  });
}

Http2Session::Callbacks::Setup::Setup() {
  nghttp2_session_callbacks* made = nullptr;
  if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
  callbacks.reset(made);
  nghttp2_session_callbacks_set_on_begin_headers_callback(made, begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(made, header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, data_chunk);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, frame_received);
  nghttp2_session_callbacks_set_on_frame_send_callback(made, frame_sent);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(made, frame_not_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, stream_close);
  nghttp2_session_callbacks_set_send_data_callback(made, send_data);

  nghttp2_option* chosen = nullptr;
  if (nghttp2_option_new(&chosen) != 0) throw std::bad_alloc();
  options.reset(chosen);
  nghttp2_option_set_no_auto_window_update(chosen, 1);
  // All fields are passed to Http2Head, which is stricter and names the rule that was broken.
  nghttp2_option_set_no_http_messaging(chosen, 1);
  nghttp2_option_set_no_closed_streams(chosen, 1);
  nghttp2_option_set_max_outbound_ack(chosen, acks_most);
  nghttp2_option_set_max_settings(chosen, settings_most);
  nghttp2_option_set_max_continuations(chosen, continuations_most);
  nghttp2_option_set_stream_reset_rate_limit(chosen, 1000, 33);
}

const Http2Session::Callbacks::Setup& Http2Session::Callbacks::setup() {
  static const Setup once;
  return once;
}

}  // namespace sallyport::wire
