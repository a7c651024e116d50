// Reading, writing and closing, for plain and TLS sockets.
#include "wire/connection.hpp"

#include "http/frame_header_scanner.hpp"
#include "net/plain_stream.hpp"
#include "net/proxy_protocol.hpp"
#include "net/tcp_state.hpp"
#include "net/tls_stream.hpp"
#include "wire/answer_pace.hpp"
#include "wire/http1_session.hpp"
#include "wire/http2_session.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace sallyport::wire {
namespace {

// After the last answer, what the peer still sends is read: closing with bytes unread would reset the connection and take the answer back
// (RFC 9112 9.6). A peer that sends nothing gets the shorter time; one that is in the middle of a body may go on, at this pace and for this
// long.
constexpr std::chrono::seconds linger_time{30};
constexpr std::chrono::seconds linger_silence{2};
constexpr std::chrono::seconds linger_pause{5};
constexpr std::uint32_t linger_bytes_per_second = 16'384;
constexpr std::size_t linger_buffer = 16'384;

// A request that waits this long has its connection watched for its client leaving. Most are answered sooner, and cost nothing for it.
constexpr std::chrono::milliseconds watch_after{250};
// A client that has sent more than was asked for: whether it leaves is looked up, since its bytes are not read yet.
constexpr std::chrono::seconds look_again{1};

// The most reads in a row, so that a peer that always has more ready does not keep the loop from other connections.
constexpr int reads_in_a_row = 16;
constexpr int writes_in_a_row = 16;
constexpr std::size_t file_step = std::size_t{1} << 18;

// One answer in one write, for sockets that get no session. Where the service speaks TLS it is sent without HSTS (RFC
// 6797 7.2).
void answer_in_clear(const ConnectionKind& kind, Loop& loop, net::Socket& socket, const base::IpAddress& peer,
                     int status, std::string_view rule) noexcept {
  class Nobody final : public Session::Driver {
    void session_moved() noexcept override {}
    std::shared_ptr<void> hold() noexcept override { return {}; }
    bool can_send_files() const noexcept override { return false; }
  };
  try {
    Nobody nobody;
    Http1Session session(kind.site, loop.gate, nobody, peer, kind.redirects || kind.tls);
    session.refuse(status, rule);
    const std::string_view answer = session.output();
    error_code ignored;
    socket.write_some(asio::buffer(answer.data(), answer.size()), ignored);
    socket.shutdown(asio::socket_base::shutdown_send, ignored);
  } catch (...) {
    return;  // out of memory: the peer sees a close
  }
}

template <class Stream>
class Connection final : public std::enable_shared_from_this<Connection<Stream>>,
                         private Session::Driver,
                         private base::TimingWheel::Timer,
                         private net::LoopMember,
                         private net::Deferred {
  static constexpr bool is_tls = std::is_same_v<Stream, net::TlsStream>;

 public:
  Connection(const ConnectionKind& kind, Loop& loop, Stream stream, const base::IpAddress& peer, OnEnd on_end)
      : kind_(kind),
        loop_(loop),
        stream_(std::move(stream)),
        descriptor_(stream_.socket().native_handle()),
        peer_(peer),
        on_end_(std::move(on_end)) {
    loop_.join(*this);
  }
  ~Connection() {
    if (!ended_) end();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    if (kind_.proxy_protocol) {
      arm(loop_.clock.now() + std::chrono::seconds(limits().header_seconds));
      return read_proxy_header(0);
    }
    begin();
  }

 private:
  // In a function of this class, which may see its own base.
  Session::Driver& driver() noexcept { return *this; }
  [[nodiscard]] const ops::LimitSettings& limits() const noexcept { return kind_.site.settings.limits; }

  // --- Before the first request

  // The header has a fixed part that says how long the rest is: read to the byte, so that what follows is still in the socket for TLS.
  void read_proxy_header(std::size_t have) {
    constexpr std::size_t fixed = 16;
    std::size_t wanted = fixed;
    if (have >= fixed)
      wanted += static_cast<unsigned char>(prelude_[14]) * 256U + static_cast<unsigned char>(prelude_[15]);
    if (have == 0) prelude_ = std::make_unique<char[]>(net::ProxyHeader::max_size);
    const net::ProxyHeader header = net::read_proxy_header({prelude_.get(), have});
    if (header.state == net::ProxyHeader::State::error || wanted > net::ProxyHeader::max_size)
      return refuse_proxy(header.rule);
    if (header.state == net::ProxyHeader::State::complete) {
      if (header.source) peer_ = *header.source;
      prelude_.reset();
      return begin();
    }
    stream_.socket().async_read_some(asio::buffer(prelude_.get() + have, wanted - have),
                                     [self = this->shared_from_this(), have](error_code error, std::size_t bytes) {
                                       if (self->ended_) return;
                                       if (error) return self->end();
                                       self->guarded([&] { self->read_proxy_header(have + bytes); });
                                     });
  }

  void refuse_proxy(std::string_view rule) {
    log_line("http_malformed", rule);
    end();
  }

  void begin() {
    if constexpr (is_tls) {
      arm(loop_.clock.now() + std::chrono::seconds(limits().handshake_seconds));
      handshake();
    } else {
      make_http1();
      // Without TLS only the first bytes tell which protocol the client speaks. HTTP/2 without TLS is accepted from this
      // machine only.
      sniffing_ = kind_.site.settings.server.http2 && peer_.is_loopback() && !kind_.redirects;
      serve();
    }
  }

  void handshake()
    requires is_tls
  {
    const net::IoResult result = stream_.handshake();
    switch (result.state) {
      case net::IoState::done:
        if (stream_.chose_http2()) {
          session_ = std::make_unique<Http2Session>(kind_.site, loop_.gate, driver(), peer_);
        } else {
          make_http1();
        }
        return serve();
      case net::IoState::wants_read:
        return wait(asio::socket_base::wait_read, &Connection::handshake);
      case net::IoState::wants_write:
        return wait(asio::socket_base::wait_write, &Connection::handshake);
      case net::IoState::closed:
        return end();
      case net::IoState::failed:
        if (stream_.plain_http()) {
          answer_in_clear(kind_, loop_, stream_.socket(), peer_, 400, plain_http_rule);
          return shut_down();
        }
        log_line("tls_failed", stream_.last_error());
        return end();
    }
  }

  void make_http1() {
    session_ = std::make_unique<Http1Session>(kind_.site, loop_.gate, driver(), peer_, kind_.redirects);
  }

  // --- What the session needs next

  template <class F>
  void guarded(F&& action) noexcept {
    try {
      action();
    } catch (...) {  // out of memory: only this connection ends
      end();
    }
  }

  void go_on() noexcept {
    if (ended_ || closing_ || !session_) return;
    guarded([this] { serve(); });
  }

  // Does what the session needs until it has to wait for the peer.
  void serve() {
    bool answered = false;
    int reads = 0;
    for (int writes = 0; writes < writes_in_a_row; ++writes) {
      switch (session_->next()) {
        case Session::Next::write:
          if (!write()) return read_meanwhile();
          answered = true;
          break;
        case Session::Next::send_file:
          if (!send_file()) return read_meanwhile();
          answered = true;
          break;
        case Session::Next::read:
          if (answered || ++reads > reads_in_a_row) return serve_later();
          if (!read()) return;
          break;
        case Session::Next::wait:
          if (finished_) session_->peer_finished();
          if (session_->next() != Session::Next::wait) break;
          if (session_->reads_meanwhile()) {
            arm(session_->deadline());
            return read_meanwhile();
          }
          return watch_later();
        case Session::Next::close:
          return close();
      }
    }
    serve_later();  // a peer that reads as fast as we write does not keep the loop from other connections either
  }

  // After an answer the next request is not here yet: asking at once would cost a system call that finds nothing. The other
  // connections that are ready go first.
  void serve_later() {
    arm(session_->deadline());
    deferred_hold_ = this->shared_from_this();
    loop_.defer(*this);
  }

  // Deferred
  void run_deferred() noexcept override {
    const std::shared_ptr<void> self = std::move(deferred_hold_);
    if (ended_ || closing_) return;
    guarded([this] {
      // The session may want a write by now, or another read: `serve` asks it. But the read comes first.
      if (session_->next() != Session::Next::read) return serve();
      if (read()) serve();
    });
  }

  // --- Watching: while nothing is read, a client that leaves is noticed by the state of its connection.

  void watch_later() {
    if (finished_) watch();  // for a reset only: that it has finished is known
    arm(watching_ ? session_->deadline() : std::min(session_->deadline(), loop_.clock.now() + watch_after));
    watch_due_ = !watching_;
  }
  void watch() {
    if (std::exchange(watching_, true)) return;
    if (finished_) return wait(asio::socket_base::wait_error, &Connection::end);
    wait(asio::socket_base::wait_read, &Connection::watched);
  }
  // The connection's deadline: true when it was not the session's, but the time to watch.
  bool watched_now() noexcept try {
    if (!std::exchange(watch_due_, false) || session_->next() != Session::Next::wait) return false;
    if (loop_.clock.now() >= session_->deadline()) return false;
    watch();
    arm(session_->deadline());
    return true;
  } catch (...) {
    end();  // out of memory: nobody would notice that the client leaves
    return true;
  }
  void watched() {
    watching_ = false;
    if (closing_ || session_->next() != Session::Next::wait) return;
    const net::TcpState state = net::tcp_state(descriptor_);
    if (state.closed) return end();
    if (state.peer_finished) {
      finished_ = true;
      return serve();
    }
    watch_due_ = true;
    arm(std::min(session_->deadline(), loop_.clock.now() + look_again));
  }

  void read_meanwhile() {
    if (session_->reads_meanwhile() && !closing_ && !ended_ && read()) serve_later();
  }

  // --- Reading. True when there was something at once; otherwise `go_on` comes later.

  bool read() {
    arm(session_->deadline());
    if (reading_) return false;  // one at a time: `serve` can be entered again from what it calls
    if constexpr (is_tls) {
      const std::span<char> space = session_->receive_space();
      const net::IoResult result = stream_.read(space);
      switch (result.state) {
        case net::IoState::done:
          session_->received(result.bytes);
          return true;
        case net::IoState::closed:
          finished_ = true;
          session_->end_of_input();
          return true;
        case net::IoState::wants_read:
          reading_ = true;
          session_->received(0);
          wait(asio::socket_base::wait_read, &Connection::readable);
          return false;
        case net::IoState::wants_write:
          reading_ = true;
          wait(asio::socket_base::wait_write, &Connection::readable);
          return false;
        case net::IoState::failed:
          end();
          return false;
      }
      return false;
    } else {
      reading_ = true;
      std::span<char> space = session_->receive_space();
      if (sniffing_) space = space.subspan(sniffed_);
      stream_.socket().async_read_some(asio::buffer(space.data(), space.size()),
                                       [self = this->shared_from_this()](error_code error, std::size_t bytes) {
                                         self->reading_ = false;
                                         self->was_read(error, bytes);
                                       });
      return false;
    }
  }

  void readable() {
    reading_ = false;
    if (!closing_) serve();
  }

  void was_read(error_code error, std::size_t bytes) noexcept {
    if (ended_) return;
    if (closing_) return lingered(error, bytes);  // into the session's space, which is as good
    if (error && error != asio::error::eof) return end();
    guarded([&] {
      if (error) {
        if (sniffed_ > 0) session_->received(std::exchange(sniffed_, 0));
        finished_ = true;
        session_->end_of_input();
      } else if (!sniffing_ || !sniff(bytes)) {
        session_->received(bytes + std::exchange(sniffed_, 0));
      }
    });
    go_on();
  }

  // True when the bytes are HTTP/2's preface, which has been handled, or may still become it.
  bool sniff(std::size_t bytes) {
    const std::string_view seen(session_->receive_space().data(), sniffed_ + bytes);
    if (http::http2_preface.starts_with(seen)) {
      sniffed_ += bytes;
      if (seen.size() < http::http2_preface.size()) return true;
    } else if (!seen.starts_with(http::http2_preface)) {
      sniffing_ = false;
      return false;
    }
    sniffing_ = false;
    sniffed_ = 0;
    const auto old = std::exchange(session_, std::make_unique<Http2Session>(kind_.site, loop_.gate, driver(), peer_));
    for (std::string_view rest = seen; !rest.empty();) {
      const std::span<char> space = session_->receive_space();
      const std::size_t part = std::min(space.size(), rest.size());
      std::memcpy(space.data(), rest.data(), part);
      session_->received(part);
      rest.remove_prefix(part);
    }
    return true;
  }

  // --- Writing. True when something went at once.

  bool write() {
    const std::string_view output = session_->output();
    const net::IoResult result = stream_.write(output);
    session_->sent(result.state == net::IoState::done ? result.bytes : 0);
    return wrote(result);
  }

  bool send_file() {
    const Session::FilePiece piece = session_->file();
    const net::IoResult result =
        stream_.send_file(piece.descriptor, static_cast<std::int64_t>(piece.offset),
                          static_cast<std::size_t>(std::min<std::uint64_t>(piece.size, file_step)));
    if (result.state == net::IoState::done) session_->file_sent(result.bytes);
    return wrote(result);
  }

  bool wrote(const net::IoResult& result) {
    switch (result.state) {
      case net::IoState::done:
        return true;
      case net::IoState::wants_read:
      case net::IoState::wants_write:
        arm(session_->deadline());
        if (!std::exchange(writing_, true)) {
          wait(result.state == net::IoState::wants_read ? asio::socket_base::wait_read : asio::socket_base::wait_write,
               &Connection::writable);
        }
        return false;
      case net::IoState::closed:
      case net::IoState::failed:
        end();
        return false;
    }
    return false;
  }

  void writable() {
    writing_ = false;
    if (!closing_) serve();
  }

  void wait(asio::socket_base::wait_type type, void (Connection::*then)()) {
    stream_.socket().async_wait(type, [self = this->shared_from_this(), then](error_code error) {
      if (self->ended_) return;
      if (error) return self->end();
      self->guarded([&] { ((*self).*then)(); });
    });
  }

  // --- The end

  // Lingering close: after the last answer, shuts down for writing, reads what the peer still sends, then closes.
  void close() {
    stream_.shutdown();
    shut_down();
  }

  void shut_down() {
    closing_ = true;
    error_code ignored;
    stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    lingering_ = std::make_unique<Lingering>(limits(), driver());
    const auto now = loop_.clock.now();
    lingering_->until = now + linger_time;
    arm(now + linger_silence);
    if (is_tls || !reading_) linger();
  }

  void linger() {
    stream_.socket().async_read_some(asio::buffer(lingering_->buffer),
                                     [self = this->shared_from_this()](error_code error, std::size_t bytes) {
                                       if (!self->ended_) self->lingered(error, bytes);
                                     });
  }
  void lingered(error_code error, std::size_t bytes) noexcept {
    if (error) return end();
    const auto now = loop_.clock.now();
    lingering_->reading.moved(now, bytes);
    arm(std::min(lingering_->until, lingering_->reading.wait(now)));
    guarded([this] { linger(); });
  }
  // The time that the peer had is over. True: it still takes the answer, or sends.
  bool still_lingers() noexcept {
    const auto now = loop_.clock.now();
    if (!net::tcp_state(descriptor_).delivered) {
      if (lingering_->writing.over(now)) return false;
      lingering_->until = now + linger_time;
      arm(std::min(lingering_->writing.wait(now), now + linger_silence));
      return true;
    }
    if (!lingering_->reading.waiting()) return false;  // it has sent nothing
    const auto due = std::min(lingering_->until, lingering_->reading.wait(now));
    if (now >= due) return false;
    arm(due);
    return true;
  }

  void end() noexcept {
    if (ended_) return;
    ended_ = true;
    const auto self = this->weak_from_this().lock();
    base::TimingWheel::disarm(*this);
    if (session_) session_->abandon();
    error_code ignored;
    stream_.socket().close(ignored);
    loop_.leave(*this);
    deferred_hold_.reset();
    if (on_end_) on_end_();
  }

  void log_line(ops::EventName event, std::string_view reason) noexcept {
    try {
      if (!loop_.gate.log.wants(ops::Severity::info)) return;
      auto line = loop_.gate.log.line(ops::Severity::info, event);
      line.text("src", peer_.text()).text("reason", reason);
      loop_.gate.log.write(line);
    } catch (...) {
      return;  // out of memory: there is no line to write
    }
  }

  void arm(Session::Time deadline) noexcept {
    if (!ended_) loop_.wheel.arm(*this, deadline);
  }

  // TimingWheel::Timer
  void expired() noexcept override {
    const auto self = this->shared_from_this();
    if (closing_ ? still_lingers() : session_ && watched_now()) return;
    if (!session_ || closing_ || !session_->expired()) return end();
    go_on();
  }

  // Session::Driver
  void session_moved() noexcept override { go_on(); }
  std::shared_ptr<void> hold() noexcept override { return this->shared_from_this(); }
  bool can_send_files() const noexcept override { return stream_.can_send_file(); }
  std::optional<std::uint64_t> acknowledged() const noexcept override {
    return net::tcp_state(descriptor_).acknowledged;
  }

  // LoopMember
  void stop() noexcept override {
    const auto self = this->shared_from_this();
    if (!session_) return end();
    session_->stop();
    go_on();
  }
  void cut() noexcept override { end(); }

  const ConnectionKind& kind_;
  Loop& loop_;
  Stream stream_;
  const int descriptor_;
  base::IpAddress peer_;
  std::unique_ptr<Session> session_;  // none before TLS has been agreed on
  OnEnd on_end_;
  std::shared_ptr<void> deferred_hold_;  // until run_deferred
  bool sniffing_ = false;
  bool closing_ = false;
  bool ended_ = false;
  bool reading_ = false;    // a read, or a wait for one, is under way
  bool writing_ = false;    // a wait to write is under way
  bool finished_ = false;   // the peer has shut down its sending side
  bool watching_ = false;   // a wait for the peer to leave is under way
  bool watch_due_ = false;  // the deadline is the time to watch
  std::size_t sniffed_ = 0;
  std::unique_ptr<char[]> prelude_;
  struct Lingering {
    Lingering(const ops::LimitSettings& limits, const Session::Driver& driver) noexcept : writing(limits, driver) {}
    AnswerPace writing;
    base::MinimumRate reading{linger_pause, linger_bytes_per_second};
    Session::Time until;
    std::array<char, linger_buffer> buffer;
  };
  std::unique_ptr<Lingering> lingering_;  // from the last answer on
};

}  // namespace

void start_connection(const ConnectionKind& kind, Loop& loop, net::Socket socket, const base::IpAddress& peer,
                      OnEnd on_end) {
  if (kind.tls) {
    std::make_shared<Connection<net::TlsStream>>(kind, loop, net::TlsStream(kind.tls->current(), std::move(socket)),
                                                 peer, std::move(on_end))
        ->start();
  } else {
    std::make_shared<Connection<net::PlainStream>>(kind, loop, net::PlainStream(std::move(socket)), peer,
                                                   std::move(on_end))
        ->start();
  }
}

void turn_away(const ConnectionKind& kind, Loop& loop, net::Socket socket, const base::IpAddress& peer) noexcept {
  error_code ignored;
  if (!kind.tls) {
    answer_in_clear(kind, loop, socket, peer, 503, {});
    std::array<char, 4096>
        unread;  // what is there already: left unread, it would reset the connection, and with it the answer
    for (int i = 0; i < reads_in_a_row && socket.read_some(asio::buffer(unread), ignored) == unread.size(); ++i) {
    }
  }
  socket.close(ignored);
}

}  // namespace sallyport::wire
