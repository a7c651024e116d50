// A non-blocking socket, poll, and OpenSSL on top of it.
#include "limits/redis_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace sallyport::limits {
namespace {

std::string message_of(int error) { return std::system_category().message(error); }

std::string tls_error() {
  std::array<char, 200> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  return text.data();
}

int milliseconds_until(RedisDeadline deadline) noexcept {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

void set_option(int socket, int level, int option, int value) noexcept {
  static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));  // better with, not worse without
}

}  // namespace

net::SslContext make_redis_tls(const std::string& ca, std::string& why) {
  net::SslContext context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) {
    why = "TLS: " + tls_error();
    return nullptr;
  }
  SSL_CTX_set_security_level(context.get(), 2);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const int loaded = ca.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                : SSL_CTX_load_verify_file(context.get(), ca.c_str());
  if (loaded == 1) return context;
  why = ca.empty() ? "TLS: the system's certificate authorities can't be read"
                   : "redis.ca " + ca + ": can't be read as certificates in PEM";
  return nullptr;
}

bool RedisConnection::fail(std::string why) {
  why_ = std::move(why);
  return false;
}

void RedisConnection::clear_outgoing() noexcept {
  detail::wipe(
      {reinterpret_cast<unsigned char*>(outgoing_.data()), outgoing_.size()});  // there may be a password in it
  outgoing_.clear();
  sent_ = 0;
}

void RedisConnection::close() noexcept {
  ssl_.reset();
  socket_ = {};
}

bool RedisConnection::find(const RedisAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) return fail("can't find " + address.host + ": " + ::gai_strerror(error));
  places_.reset(found);
  return true;
}

bool RedisConnection::open(const RedisAddress& address, SSL_CTX* tls, RedisDeadline deadline) {
  close();
  clear_outgoing();
  replies_ = std::make_unique<RedisReplies>();
  int left = 0;
  for (const addrinfo* place = places_.get(); place; place = place->ai_next) ++left;
  bool connected = false;
  for (const addrinfo* place = places_.get(); place && !connected; place = place->ai_next, --left) {
    const auto now = std::chrono::steady_clock::now();
    connected = connect_to(*place, now + (deadline - now) / left);  // a dead address leaves time for the next
  }
  if (connected && (!tls || shake_hands(address.host, tls, deadline))) return true;
  close();
  return fail("can't connect to " + address.text() + ": " + why_);
}

bool RedisConnection::connect_to(const addrinfo& place, RedisDeadline deadline) {
  socket_ = base::Descriptor(::socket(place.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) return fail(message_of(errno));
  if (::connect(socket_.get(), place.ai_addr, place.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return fail(message_of(errno));
    if (!wait(POLLOUT, deadline)) return false;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return fail(message_of(error));
  }
  set_option(socket_.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket_.get(), SOL_SOCKET, SO_KEEPALIVE, 1);  // idle, it learns of a server that is gone without a word
  set_option(socket_.get(), IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set_option(socket_.get(), IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set_option(socket_.get(), IPPROTO_TCP, TCP_KEEPCNT, 3);
  return true;
}

bool RedisConnection::shake_hands(const std::string& host, SSL_CTX* tls, RedisDeadline deadline) {
  ssl_.reset(SSL_new(tls));
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket_.get()) != 1) return fail("TLS: " + tls_error());
  X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  if (!is_address) {
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) != 1 ||
        SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) != 1)
      return fail("TLS: " + tls_error());
  }
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_.get());
    if (result == 1) return true;
    const Step step = tls_step(result, 0);
    if (step.failed) {
      const long verdict = SSL_get_verify_result(ssl_.get());
      return verdict == X509_V_OK
                 ? false
                 : fail(std::string("its certificate is refused: ") + X509_verify_cert_error_string(verdict));
    }
    if (!wait(step.wanted, deadline)) return false;
  }
}

bool RedisConnection::wait(short events, RedisDeadline deadline) {
  for (;;) {
    std::array<pollfd, 2> files{pollfd{socket_.get(), events, 0}, pollfd{stop_, POLLIN, 0}};
    const int left = milliseconds_until(deadline);
    const int ready = ::poll(files.data(), files.size(), left);
    if (ready < 0 && errno != EINTR) return fail(message_of(errno));
    if (files[1].revents != 0) return fail("the service stops");
    if (ready > 0) return true;
    if (left == 0) return fail("no answer in time");
  }
}

RedisConnection::Step RedisConnection::tls_step(int result, std::size_t bytes) {
  if (result == 1) return {bytes, 0, false};
  const int error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {0, POLLIN, false};
    case SSL_ERROR_WANT_WRITE:
      return {0, POLLOUT, false};
    case SSL_ERROR_ZERO_RETURN:
      fail("the connection was closed");
      break;
    case SSL_ERROR_SYSCALL:
      fail(error == 0 ? "the connection was closed" : message_of(error));
      break;
    default:
      fail("TLS: " + tls_error());
  }
  return {0, 0, true};
}

RedisConnection::Step RedisConnection::send_some() {
  const std::string_view rest = std::string_view(outgoing_).substr(sent_);
  if (rest.empty()) return {};
  Step step;
  if (ssl_) {
    ERR_clear_error();
    errno = 0;
    std::size_t bytes = 0;
    const int result = SSL_write_ex(ssl_.get(), rest.data(), rest.size(), &bytes);
    step = tls_step(result, bytes);
  } else {
    const ssize_t put = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (put >= 0) {
      step.bytes = static_cast<std::size_t>(put);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
      step.wanted = POLLOUT;
    } else {
      step.failed = true;
      fail(message_of(errno));
    }
  }
  sent_ += step.bytes;
  if (sent_ == outgoing_.size()) {
    clear_outgoing();
  } else if (step.bytes != 0) {
    step.wanted = POLLOUT;
  }
  return step;
}

RedisConnection::Step RedisConnection::receive_some() {
  Step step;
  if (ssl_) {
    ERR_clear_error();
    errno = 0;
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), received_.data(), received_.size(), &bytes);
    step = tls_step(result, bytes);
  } else {
    const ssize_t got = ::recv(socket_.get(), received_.data(), received_.size(), 0);
    if (got > 0) {
      step.bytes = static_cast<std::size_t>(got);
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
      step.wanted = POLLIN;
    } else {
      step.failed = true;
      fail(got == 0 ? "the connection was closed" : message_of(errno));
    }
  }
  replies_->feed({received_.data(), step.bytes});
  return step;
}

const RedisReply* RedisConnection::next_reply(RedisDeadline deadline) {
  for (;;) {
    switch (replies_->next()) {
      case RedisReplies::State::complete:
        return &replies_->reply();
      case RedisReplies::State::broken:
        fail("its answer is not Redis' protocol");
        return nullptr;
      case RedisReplies::State::incomplete:
        break;
    }
    const Step sent = send_some();
    if (sent.failed) return nullptr;
    const Step received = receive_some();
    if (received.failed) return nullptr;
    if (received.bytes == 0 && !wait(static_cast<short>(sent.wanted | received.wanted), deadline)) return nullptr;
  }
}

bool RedisConnection::is_quiet() {
  const Step step = receive_some();
  return !step.failed && (step.bytes == 0 || fail("an answer came that nobody waited for"));
}

}  // namespace sallyport::limits
