// Answers in pieces whose length is known, over both protocols, for a site that has no routes.
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/gate_request.hpp"
#include "wire/http1_session.hpp"
#include "wire/http2_session.hpp"

namespace sallyport::wire {
namespace {

// Answers every request with the same pieces.
class PiecesSite final : public gate::Site {
 public:
  PiecesSite(const base::Clock& the_clock, std::optional<std::uint64_t> length, std::vector<std::string> pieces)
      : Site(testing::notes_settings(), the_clock), length_(length), pieces_(std::move(pieces)) {
    rules.set(settings);
  }

  gate::Progress head_complete(gate::Exchange& exchange) const noexcept override {
    exchange.answer.status = status;
    exchange.answer.content_range = content_range;
    exchange.answer.content_type = "text/plain";
    exchange.answer.source = gate::BodySource::pieces;
    exchange.answer.length = length_;
    next_ = 0;
    return gate::Progress::answered;
  }
  gate::Progress body_arrived(gate::Exchange&) const noexcept override { return gate::Progress::broken; }
  gate::Progress resumed(gate::Exchange&) const noexcept override { return gate::Progress::broken; }
  void begin_events(gate::Exchange&) const noexcept override {}
  gate::Progress next_piece(gate::Exchange& exchange) const noexcept override {
    ++pieces_asked;
    if (next_ == pieces_.size()) return gate::Progress::ended;
    exchange.answer.body = pieces_[next_++];
    return gate::Progress::piece;
  }
  void sent(gate::Exchange& exchange) const noexcept override {
    bytes_sent = exchange.bytes_sent;
    ++answers_logged;
  }
  [[nodiscard]] std::unique_ptr<gate::Call> make_call(gate::Exchange&) const override {
    return std::make_unique<NoCall>();
  }

  int status = 200;
  std::string content_range;
  mutable std::uint64_t bytes_sent = 0;
  mutable int pieces_asked = 0;
  mutable int answers_logged = 0;

 private:
  class NoCall final : public gate::Call {
   public:
    void reset() noexcept override {}
    void abandon() noexcept override {}
  };
  const std::optional<std::uint64_t> length_;
  const std::vector<std::string> pieces_;
  mutable std::size_t next_ = 0;
};

class KnownLength : public ::testing::Test, private Session::Driver {
 protected:
  void site(std::optional<std::uint64_t> length, std::vector<std::string> pieces) {
    site_ = std::make_unique<PiecesSite>(clock_, length, std::move(pieces));
  }

  // What comes back for these bytes, and whether the connection ends.
  std::string http1(std::string_view bytes, bool& closes) {
    Http1Session session(*site_, loop_, *this, peer_);
    const auto space = session.receive_space();
    std::memcpy(space.data(), bytes.data(), bytes.size());
    session.received(bytes.size());
    std::string in;
    while (session.next() == Session::Next::write) {
      const std::string_view output = session.output();
      in += output;
      session.sent(output.size());
    }
    closes = session.next() == Session::Next::close;
    return in;
  }

  // The client goes after the head and a piece.
  void http1_cut_off() {
    Http1Session session(*site_, loop_, *this, peer_);
    const auto space = session.receive_space();
    std::memcpy(space.data(), get_.data(), get_.size());
    session.received(get_.size());
    session.sent(session.output().size());
    session.abandon();
    session.abandon();
  }

  struct Reply {
    std::map<std::string, std::string> fields;
    std::string body;
    std::optional<std::uint32_t> error;  // that its stream was closed with
  };
  Reply http2(const std::string& method) {
    Reply reply;
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t size, std::uint8_t, void* to) {
          static_cast<Reply*>(to)->fields[std::string(name, name + name_size)] = std::string(value, value + size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks,
        [](nghttp2_session*, std::uint8_t, std::int32_t, const std::uint8_t* data, std::size_t size, void* to) {
          static_cast<Reply*>(to)->body.append(data, data + size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, std::int32_t, std::uint32_t error, void* to) {
          static_cast<Reply*>(to)->error = error;
          return 0;
        });
    nghttp2_session* made = nullptr;
    nghttp2_session_client_new(&made, callbacks, &reply);
    nghttp2_session_callbacks_del(callbacks);
    const std::unique_ptr<nghttp2_session, decltype(&nghttp2_session_del)> client(made, nghttp2_session_del);
    nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, nullptr, 0);
    const std::vector<std::pair<std::string, std::string>> head{
        {":method", method}, {":scheme", "https"}, {":authority", "notes.example"}, {":path", "/"}};
    std::vector<nghttp2_nv> fields;
    for (const auto& [name, value] : head) {
      fields.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                        reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
                        NGHTTP2_NV_FLAG_NONE});
    }
    nghttp2_submit_request(made, nullptr, fields.data(), fields.size(), nullptr, nullptr);

    Http2Session session(*site_, loop_, *this, peer_);
    for (bool moved = true; moved && !reply.error;) {
      moved = false;
      const std::uint8_t* bytes = nullptr;
      for (ssize_t size = nghttp2_session_mem_send(made, &bytes); size > 0;) {
        const auto space = session.receive_space();
        const auto step = std::min(space.size(), static_cast<std::size_t>(size));
        std::memcpy(space.data(), bytes, step);
        session.received(step);
        bytes += step;
        size -= static_cast<ssize_t>(step);
        moved = true;
      }
      while (session.next() == Session::Next::write) {
        const std::string output(session.output());
        session.sent(output.size());
        EXPECT_GE(nghttp2_session_mem_recv(made, reinterpret_cast<const std::uint8_t*>(output.data()), output.size()),
                  0);
        moved = true;
      }
    }
    return reply;
  }

  static std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

  const std::string get_ = "GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n";
  const std::string get_as_of_1_0_ = "GET / HTTP/1.0\r\nHost: notes.example\r\nConnection: keep-alive\r\n\r\n";
  std::unique_ptr<PiecesSite> site_;

 private:
  void session_moved() noexcept override {}
  std::shared_ptr<void> hold() noexcept override { return std::make_shared<int>(0); }
  [[nodiscard]] bool can_send_files() const noexcept override { return false; }

  base::ManualClock clock_;
  ops::Findings findings_;
  std::unique_ptr<ops::Log> log_ = ops::Log::open({.file = "/dev/null"}, clock_, findings_);
  testing::StillLoop events_{clock_};
  gate::Loop loop_{events_, log_->new_buffer()};
  const base::IpAddress peer_ = base::IpAddress::v4(192, 0, 2, 1);
};

TEST_F(KnownLength, IsSaidAndSentWithoutChunks) {
  site(10, {"hello", "world"});
  bool closes = true;
  const std::string answer = http1(get_, closes);
  EXPECT_NE(answer.find("\r\nContent-Length: 10\r\n"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "helloworld");
  EXPECT_FALSE(closes);
  EXPECT_EQ(site_->bytes_sent, 10U);

  const Reply reply = http2("GET");
  EXPECT_EQ(reply.fields.at("content-length"), "10");
  EXPECT_EQ(reply.body, "helloworld");
  EXPECT_EQ(reply.error, NGHTTP2_NO_ERROR);
}

TEST_F(KnownLength, AnAnswerThatItsClientLeavesIsLoggedOnce) {
  site(1 << 20, {std::string(1 << 17, 'a'), std::string(1 << 17, 'b'), std::string(1 << 17, 'c')});
  http1_cut_off();
  EXPECT_EQ(site_->answers_logged, 1);
  EXPECT_LT(site_->bytes_sent, 1U << 20);
  EXPECT_GT(site_->bytes_sent, 0U);
}

TEST_F(KnownLength, KeepsAConnectionOfHttp10) {
  site(5, {"hello"});
  bool closes = true;
  const std::string answer = http1(get_as_of_1_0_ + get_as_of_1_0_, closes);
  EXPECT_NE(answer.find("\r\nConnection: keep-alive\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("helloHTTP/1.1 200"), std::string::npos) << answer;
  EXPECT_FALSE(closes);
}

TEST_F(KnownLength, MayBeNothing) {
  site(0, {});
  bool closes = true;
  const std::string answer = http1(get_, closes);
  EXPECT_NE(answer.find("\r\nContent-Length: 0\r\n"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "");
  EXPECT_FALSE(closes);
  EXPECT_EQ(http2("GET").error, NGHTTP2_NO_ERROR);
}

TEST_F(KnownLength, IsSaidToHeadAsWell) {
  site(10, {"hello", "world"});
  bool closes = true;
  const std::string answer = http1("HEAD / HTTP/1.1\r\nHost: notes.example\r\n\r\n", closes);
  EXPECT_NE(answer.find("\r\nContent-Length: 10\r\n"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "");
  EXPECT_FALSE(closes);
  const Reply reply = http2("HEAD");
  EXPECT_EQ(reply.fields.at("content-length"), "10");
  EXPECT_EQ(reply.body, "");
}

// An upstream's answer to a conditional request names the length of what it does not send; 204 has neither (RFC 9110 8.6).
TEST_F(KnownLength, IsNeitherSaidNorSentWithoutABody) {
  for (const int status : {204, 304}) {
    site(10, {"hello", "world"});
    site_->status = status;
    bool closes = true;
    const std::string answer = http1(get_ + get_, closes);
    EXPECT_EQ(answer.find("Content-Length"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos) << answer;
    EXPECT_TRUE(body_of(answer).starts_with("HTTP/1.1 ")) << answer;  // the next answer follows at once
    EXPECT_FALSE(closes);
    const Reply reply = http2("GET");
    EXPECT_EQ(reply.fields.count("content-length"), 0U);
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(reply.error, NGHTTP2_NO_ERROR);
    EXPECT_EQ(site_->pieces_asked, 0);
  }
}

TEST_F(KnownLength, IsThatOfThePartThatARangeAsksFor) {
  site(5, {"he", "llo"});
  site_->status = 206;
  site_->content_range = "bytes 0-4/10";
  bool closes = true;
  const std::string answer = http1(get_, closes);
  EXPECT_NE(answer.find("\r\nContent-Length: 5\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nContent-Range: bytes 0-4/10\r\n"), std::string::npos) << answer;
  EXPECT_EQ(body_of(answer), "hello");
  EXPECT_FALSE(closes);
  EXPECT_EQ(http2("GET").body, "hello");
}

TEST_F(KnownLength, AnAnswerThatEndsShortIsCut) {
  site(10, {"hello"});
  bool closes = false;
  EXPECT_EQ(body_of(http1(get_ + get_, closes)), "hello");
  EXPECT_TRUE(closes);
  const Reply reply = http2("GET");
  EXPECT_EQ(reply.error, NGHTTP2_INTERNAL_ERROR);
}

TEST_F(KnownLength, AnAnswerThatWouldRunOverIsCut) {
  site(8, {"hello", "world"});
  bool closes = false;
  EXPECT_EQ(body_of(http1(get_ + get_, closes)), "hello");  // and no byte that could be taken for the next answer
  EXPECT_TRUE(closes);
  const Reply reply = http2("GET");
  EXPECT_EQ(reply.error, NGHTTP2_INTERNAL_ERROR);
}

// All that was announced has gone, and more comes: it must not be read as the next answer.
TEST_F(KnownLength, WhatComesAfterTheLastByteIsNotSent) {
  site(5, {"hello", "HTTP/1.1 200 OK\r\n"});
  bool closes = false;
  EXPECT_EQ(body_of(http1(get_ + get_, closes)), "hello");
  EXPECT_TRUE(closes);
  const Reply reply = http2("GET");
  EXPECT_EQ(reply.body, "hello");
  EXPECT_EQ(reply.error, NGHTTP2_INTERNAL_ERROR);
}

TEST_F(KnownLength, UnknownItIsChunked) {
  site(std::nullopt, {"hello", "world"});
  bool closes = true;
  const std::string answer = http1(get_, closes);
  EXPECT_EQ(body_of(answer), "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n");
  EXPECT_FALSE(closes);
  const Reply reply = http2("GET");
  EXPECT_EQ(reply.fields.count("content-length"), 0U);
  EXPECT_EQ(reply.body, "helloworld");
}

}  // namespace
}  // namespace sallyport::wire
