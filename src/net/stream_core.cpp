// Tries, waits for the socket, tries again.
#include "net/stream_core.hpp"

#include "net/connect.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace sallyport::net::detail {
namespace {

constexpr Failure closed{NetError::closed, "the connection was closed"};
constexpr Failure closed_here{NetError::lost, "the connection was closed on this side"};

IoResult of_errno(int error, IoState again, Failure& why) noexcept {
  if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return {again, 0};
  why = system_failure(NetError::lost, error);
  return {IoState::failed, 0};
}

IoResult of_tls(const TlsStream& tls, const IoResult& result, NetError error, Failure& why) noexcept {
  if (result.state == IoState::closed) why = closed;
  if (result.state == IoState::failed) why = {error, tls.last_error()};
  return result.state == IoState::closed ? IoResult{IoState::failed, 0} : result;
}

}  // namespace

bool StreamCore::adopt(int family, int descriptor) noexcept {
  error_code error;
  // A Unix socket is handled as TCP, too: Asio only waits for it.
  plain_.assign(family == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor, error);
  return !error;
}

void StreamCore::begin_tls(const Target& target) noexcept {
  tls.emplace(target.tls, std::move(plain_), target.host, target.alpn);
}

IoResult StreamCore::read(std::span<char> space, Failure& why) noexcept {
  if (tls) return of_tls(*tls, tls->read(space), NetError::lost, why);
  const ssize_t got = ::recv(plain_.native_handle(), space.data(), space.size(), 0);
  if (got < 0) return of_errno(errno, IoState::wants_read, why);
  if (got > 0 || space.empty()) return {IoState::done, static_cast<std::size_t>(got)};
  why = closed;
  return {IoState::failed, 0};
}

IoResult StreamCore::write(std::string_view bytes, Failure& why) noexcept {
  if (tls) return of_tls(*tls, tls->write(bytes), NetError::lost, why);
  const ssize_t put = ::send(plain_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put < 0) return of_errno(errno, IoState::wants_write, why);
  return {IoState::done, static_cast<std::size_t>(put)};
}

IoResult StreamCore::handshake(Failure& why) noexcept {
  const IoResult result = of_tls(*tls, tls->handshake(), NetError::tls, why);
  const std::string_view refused = tls->certificate_error();
  if (why && !refused.empty()) why = {NetError::certificate, refused};
  return result;
}

void StreamCore::give_up(Failure why) noexcept {
  if (!failure) failure = why;
  for (StreamOperation* const operation : waiting_) {
    if (!operation) continue;
    release(*operation);
    operation->failure_ = why;
    loop.defer(*operation);  // resumed in the next turn, so that no coroutine runs inside give_up()
  }
}

void StreamCore::close() noexcept {
  if (std::exchange(closed_, true)) return;
  if (tls && !failure && !busy()) static_cast<void>(tls->shutdown());
  give_up(closed_here);
  error_code ignored;
  socket().close(ignored);
}

bool StreamCore::wait(StreamOperation::Step step) noexcept {
  const bool writable = step == StreamOperation::Step::writable;
  if (std::exchange(awaited_[writable ? 1 : 0], true)) return true;
  try {
    socket().async_wait(writable ? asio::socket_base::wait_write : asio::socket_base::wait_read,
                        [self = shared_from_this(), writable](error_code error) { self->ready(writable, error); });
    return true;
  } catch (...) {
    awaited_[writable ? 1 : 0] = false;
    return false;
  }
}

void StreamCore::ready(bool writable, error_code error) noexcept {
  awaited_[writable ? 1 : 0] = false;
  const auto step = writable ? StreamOperation::Step::writable : StreamOperation::Step::readable;
  // A coroutine that goes on may destroy the other operation or start a new one: so each pointer is read only when its
  // turn comes.
  for (StreamOperation* const& operation : waiting_) {
    if (closed_) return;
    if (!operation || operation->step_ != step) continue;
    if (error) {
      operation->failure_ = {NetError::lost, "the system can't wait for this connection"};
      over(*operation);
    } else {
      go_on(*operation);
    }
  }
}

void StreamCore::go_on(StreamOperation& operation) noexcept {
  operation.step_ = operation.attempt(*this);
  switch (operation.step_) {
    case StreamOperation::Step::done:
      return over(operation);
    case StreamOperation::Step::again:
      return loop.defer(operation);
    case StreamOperation::Step::readable:
    case StreamOperation::Step::writable:
      if (wait(operation.step_)) return;
      operation.failure_ = out_of_memory;
      return over(operation);
  }
}

void StreamCore::over(StreamOperation& operation) noexcept {
  release(operation);
  if (operation.failure_.error != NetError::closed && !failure) failure = operation.failure_;
  operation.finish();
}

void StreamCore::release(StreamOperation& operation) noexcept {
  waiting_[operation.writes_ ? 1 : 0] = nullptr;
  operation.pending_ = false;
  base::TimingWheel::disarm(operation);
}

StreamOperation::StreamOperation(std::shared_ptr<StreamCore> core, bool writes, Deadline deadline) noexcept
    : core_(std::move(core)), deadline_(deadline), writes_(writes) {}

StreamOperation::~StreamOperation() {
  if (!pending_) return;
  core_->release(*this);
  // Half of something may have been sent.
  if (writes_ && !core_->failure) core_->failure = {NetError::lost, "a write was given up in the middle"};
}

bool StreamOperation::try_now() noexcept {
  if (!core_) failure_ = {NetError::lost, "there is no connection"};
  if (!failure_ && core_->failure) failure_ = core_->failure;
  if (failure_) return true;
  if (core_->at_once_ == StreamCore::most_at_once) return false;
  step_ = attempt(*core_);
  if (step_ != Step::done) return false;
  ++core_->at_once_;
  if (failure_.error != NetError::closed) core_->failure = failure_;
  return true;
}

bool StreamOperation::suspend() noexcept {
  core_->at_once_ = 0;
  StreamOperation*& place = core_->waiting_[writes_ ? 1 : 0];
  if (place) {
    failure_ = {NetError::too_many, "another coroutine waits for this connection"};
    return false;
  }
  if (step_ != Step::again && !core_->wait(step_)) {
    core_->failure = failure_ = out_of_memory;
    return false;
  }
  place = this;
  pending_ = true;
  if (step_ == Step::again) core_->loop.defer(*this);
  if (deadline_ != no_deadline) core_->loop.wheel.arm(*this, deadline_);
  return true;
}

void StreamOperation::expired() noexcept { core_->give_up(timed_out); }

void StreamOperation::run_deferred() noexcept {
  if (!pending_) return finish();
  const std::shared_ptr<StreamCore> keep = core_;
  keep->go_on(*this);
}

}  // namespace sallyport::net::detail
