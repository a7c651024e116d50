// nghttp2 checks what it reads (lower case, framing against Content-Length …); what it finds ends the stream and fails the test.
#include "support/http2_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace sallyport::testing {

struct Http2Client::Callbacks {
  static Stream* stream(nghttp2_session*, std::int32_t id, void* client) {
    auto& streams = static_cast<Http2Client*>(client)->streams_;
    const auto found = streams.find(id);
    return found == streams.end() ? nullptr : &found->second;
  }
  static int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* client) {
    Stream* const to = stream(session, frame->hd.stream_id, client);
    if (!to) return 0;
    std::string key(reinterpret_cast<const char*>(name), size);
    std::string text(reinterpret_cast<const char*>(value), value_size);
    if (key == ":status") {
      to->response = {};  // what came before was interim
      to->response.status = std::stoi(text);
    } else {
      to->response.fields.emplace_back(std::move(key), std::move(text));
    }
    return 0;
  }
  static int on_frame(nghttp2_session* session, const nghttp2_frame* frame, void* client) {
    if (frame->hd.type == NGHTTP2_GOAWAY) static_cast<Http2Client*>(client)->going_away_ = true;
    Stream* const to = stream(session, frame->hd.stream_id, client);
    if (to && frame->hd.type == NGHTTP2_HEADERS && to->response.status >= 200) to->head = true;
    return 0;
  }
  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                     std::size_t size, void* client) {
    if (Stream* const to = stream(session, id, client))
      to->response.body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int on_close(nghttp2_session* session, std::int32_t id, std::uint32_t error, void* client) {
    if (Stream* const of = stream(session, id, client)) {
      of->ended = true;
      of->error = error;
    }
    return 0;
  }
  static ssize_t read_body(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t space, std::uint32_t* flags,
                           nghttp2_data_source* source, void*) {
    std::string& body = *static_cast<std::string*>(source->ptr);
    const std::size_t size = std::min(space, body.size());
    body.copy(reinterpret_cast<char*>(out), size);
    body.erase(0, size);
    if (body.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }
};

Http2Client::Http2Client(std::uint16_t port, const std::string& certificate)
    : socket_(port, certificate, "h2"), scheme_(certificate.empty() ? "http" : "https") {
  context_.tls = !certificate.empty();
  context_.http2 = true;
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::on_close);
  nghttp2_session* session = nullptr;
  nghttp2_session_client_new(&session, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  session_.reset(session);
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, nullptr, 0);
}

void Http2Client::expect(ResponseContext context) {
  context_ = std::move(context);
  context_.http2 = true;
}

HttpResponse Http2Client::request(const std::string& method, const std::string& path, const std::string& authority,
                                  const ResponseFields& extra, std::string_view body) {
  return finish(start(method, path, authority, extra, body));
}

std::int32_t Http2Client::start(const std::string& method, const std::string& path, const std::string& authority,
                                const ResponseFields& extra, std::string_view body) {
  ResponseFields fields{{":method", method}, {":scheme", scheme_}, {":authority", authority}, {":path", path}};
  fields.insert(fields.end(), extra.begin(), extra.end());
  std::vector<nghttp2_nv> pairs;
  for (auto& [name, value] : fields) {
    pairs.push_back({reinterpret_cast<std::uint8_t*>(name.data()), reinterpret_cast<std::uint8_t*>(value.data()),
                     name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  // nghttp2 reads the body while the request goes on: it needs a place that stays.
  const auto id = static_cast<std::int32_t>(nghttp2_session_get_next_stream_id(session_.get()));
  Stream& stream = streams_[id];
  stream.body = body;
  stream.to_head = method == "HEAD";
  nghttp2_data_provider provider{};
  provider.source.ptr = &stream.body;
  provider.read_callback = Callbacks::read_body;
  EXPECT_EQ(nghttp2_submit_request(session_.get(), nullptr, pairs.data(), pairs.size(),
                                   body.empty() ? nullptr : &provider, nullptr),
            id);
  flush();
  return id;
}

HttpResponse Http2Client::finish(std::int32_t id) {
  const Stream& stream = streams_[id];
  while (!stream.ended) {
    if (!turn()) {
      ADD_FAILURE() << "the connection ended before the response";
      return {};
    }
  }
  if (stream.error != NGHTTP2_NO_ERROR && stream.response.status == 0) {
    ADD_FAILURE() << "the stream was reset: " << nghttp2_http2_strerror(stream.error);
    return {};
  }
  EXPECT_EQ(stream.error, static_cast<std::uint32_t>(NGHTTP2_NO_ERROR)) << nghttp2_http2_strerror(stream.error);
  HttpResponse response = stream.response;
  const bool to_head = stream.to_head;
  streams_.erase(id);
  check_response(response.fields, response.status, context_);
  if (!to_head) check_page(response.fields, response.body);
  return response;
}

HttpResponse Http2Client::head(std::int32_t id) {
  const Stream& stream = streams_[id];
  while (!stream.head && !stream.ended) {
    if (!turn()) break;
  }
  EXPECT_TRUE(stream.head) << "no response";
  if (stream.head) check_response(stream.response.fields, stream.response.status, context_);
  return stream.response;
}

void Http2Client::flush() {
  const std::uint8_t* bytes = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0)
    socket_.send({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
}

bool Http2Client::turn() {
  flush();
  std::array<char, 16384> chunk;
  const std::ptrdiff_t size = socket_.receive(chunk);
  if (size < 0) ADD_FAILURE() << "nothing came within 30 s, or the connection was reset";
  if (size <= 0) return false;
  const ssize_t used = nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(chunk.data()),
                                                static_cast<std::size_t>(size));
  EXPECT_EQ(used, size) << nghttp2_strerror(static_cast<int>(used));
  flush();
  return used == size;
}

}  // namespace sallyport::testing
