// Reading, writing and closing, for plain and TLS sockets.
#include "wire/connection.hpp"

#include "wire/http1_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>

namespace sallyport::wire {
namespace {

using TlsStream = asio::ssl::stream<Socket>;

constexpr std::chrono::seconds handshake_time{10};
// After the last answer the peer gets this long to read it: closing at once, with its bytes unread, would reset the
// connection and take the answer back (RFC 9112 9.6).
constexpr std::chrono::seconds linger_time{2};
constexpr std::size_t linger_bytes = std::size_t{64} * 1024;

template <class Stream>
class Connection final : public std::enable_shared_from_this<Connection<Stream>>,
                         private Http1Session::Driver,
                         private TimingWheel::Timer,
                         private LoopMember {
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

 public:
  Connection(const route::Service& service, EventLoop& loop, Stream stream, const ops::IpAddress& peer, OnEnd on_end)
      : loop_(loop), stream_(std::move(stream)), session_(service, loop, *this, peer), on_end_(std::move(on_end)) {
    loop_.join(*this);
  }
  ~Connection() {
    if (!ended_) end();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    if constexpr (is_tls) {
      arm(loop_.clock.now() + handshake_time);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
        if (error) return self->end();
        self->ready_ = true;
        self->go_on();
      });
    } else {
      ready_ = true;
      go_on();
    }
  }

 private:
  auto& socket() noexcept {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void go_on() noexcept {
    if (ended_) return;
    try {
      serve();
    } catch (...) {  // out of memory: this connection ends, the others live
      end();
    }
  }

  // Does what the session wants until it has to wait for the other side.
  void serve() {
    bool answered = false;
    for (;;) {
      switch (session_.next()) {
        case Http1Session::Next::write:
          if (!write()) return;
          answered = true;
          break;
        case Http1Session::Next::read:
          return answered && !is_tls ? read_later() : read();
        case Http1Session::Next::wait:
          return arm(session_.deadline());
        case Http1Session::Next::close:
          return close();
      }
    }
  }

  // After an answer the next request is not here yet: asking at once would cost a system call that finds nothing. The other
  // connections that are ready go first.
  void read_later() {
    arm(session_.deadline());
    asio::post(loop_.context(), [self = this->shared_from_this()] {
      if (!self->ended_ && !self->closing_) self->go_on();
    });
  }

  void read() {
    arm(session_.deadline());
    if (reading_) return;  // one at a time: `go_on` can be entered again from what it calls
    reading_ = true;
    const std::span<char> space = session_.receive_space();
    stream_.async_read_some(asio::buffer(space.data(), space.size()),
                            [self = this->shared_from_this()](error_code error, std::size_t bytes) {
                              self->reading_ = false;
                              if (self->ended_) return;
                              if (self->closing_) return self->lingered(error, bytes);
                              if (error && !is_end(error)) return self->end();
                              if (error) {
                                self->session_.end_of_input();
                              } else {
                                self->session_.received(bytes);
                              }
                              self->go_on();
                            });
  }

  // True when all could be written at once.
  bool write() {
    if (writing_) return false;  // the same bytes twice would be a second answer
    const std::string_view output = session_.output();
    if constexpr (!is_tls) {
      // Most answers fit the socket's buffer: no waiting, no trip through the scheduler.
      error_code error;
      const std::size_t written = stream_.write_some(asio::buffer(output.data(), output.size()), error);
      if (!error) {
        session_.sent(written);
        return true;
      }
      if (error != asio::error::would_block && error != asio::error::try_again) {
        end();
        return false;
      }
    }
    arm(session_.deadline());
    writing_ = true;
    stream_.async_write_some(asio::buffer(output.data(), output.size()),
                             [self = this->shared_from_this()](error_code error, std::size_t bytes) {
                               self->writing_ = false;
                               if (self->ended_) return;
                               if (error) return self->end();
                               self->session_.sent(bytes);
                               self->go_on();
                             });
    return false;
  }

  // All has been said. Tell the peer, read what it still sends for a while, then let go.
  void close() {
    if (closing_) return;
    closing_ = true;
    arm(loop_.clock.now() + linger_time);
    if constexpr (is_tls) {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->end(); });
    } else {
      error_code ignored;
      stream_.shutdown(asio::socket_base::shutdown_send, ignored);
      if (!reading_) linger();
    }
  }

  void linger() {
    stream_.async_read_some(asio::buffer(lingering_),
                            [self = this->shared_from_this()](error_code error, std::size_t bytes) {
                              if (!self->ended_) self->lingered(error, bytes);
                            });
  }
  void lingered(error_code error, std::size_t bytes) {
    lingered_ += bytes;
    if (error || lingered_ > linger_bytes || is_tls) return end();
    linger();
  }

  void end() noexcept {
    if (ended_) return;
    ended_ = true;
    TimingWheel::disarm(*this);
    session_.abandon();
    error_code ignored;
    socket().close(ignored);
    loop_.leave(*this);
    if (on_end_) on_end_();
  }

  static bool is_end(error_code error) noexcept {
    // A TLS peer that goes without close_notify is common, and harmless: HTTP says where messages end.
    return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  }

  void arm(Http1Session::Time deadline) noexcept { loop_.wheel().arm(*this, deadline); }

  // TimingWheel::Timer
  void expired() noexcept override {
    const auto self = this->shared_from_this();
    if (!ready_ || closing_ || writing_) return end();  // writing: a reader that does not read
    session_.expired();
    go_on();
  }

  // Http1Session::Driver
  void session_moved() noexcept override { go_on(); }
  std::shared_ptr<void> keep_alive() noexcept override { return this->shared_from_this(); }

  // LoopMember
  void stop() noexcept override {
    const auto self = this->shared_from_this();
    if (!ready_) return end();
    session_.stop();
    if (session_.next() == Http1Session::Next::close) close();
  }
  void cut() noexcept override { end(); }

  EventLoop& loop_;
  Stream stream_;
  Http1Session session_;
  OnEnd on_end_;
  bool ready_ = false;
  bool closing_ = false;
  bool ended_ = false;
  bool reading_ = false;
  bool writing_ = false;
  std::size_t lingered_ = 0;
  std::array<char, 512> lingering_;
};

}  // namespace

void start_plain_connection(const route::Service& service, EventLoop& loop, Socket socket, const ops::IpAddress& peer,
                            OnEnd on_end) {
  std::make_shared<Connection<Socket>>(service, loop, std::move(socket), peer, std::move(on_end))->start();
}

void start_tls_connection(const route::Service& service, EventLoop& loop, TlsContext& tls, Socket socket,
                          const ops::IpAddress& peer, OnEnd on_end) {
  std::make_shared<Connection<TlsStream>>(service, loop, TlsStream(std::move(socket), tls.context()), peer,
                                          std::move(on_end))
      ->start();
}

}  // namespace sallyport::wire
