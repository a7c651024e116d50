// Reads and writes of OutboundStream.
#include "net/outbound_stream.hpp"

#include "net/stream_core.hpp"

#include <sys/socket.h>

#include <array>
#include <utility>

namespace sallyport::net {
namespace {

using Step = detail::StreamOperation::Step;

// The most operations in a row without a wait, so that a fast peer does not keep the loop from other work.
constexpr int writes_in_a_row = 16;

Step step_of(const IoResult& result) noexcept {
  return result.state == IoState::wants_read    ? Step::readable
         : result.state == IoState::wants_write ? Step::writable
                                                : Step::done;
}

}  // namespace

Step Reading::attempt(detail::StreamCore& core) noexcept {
  const IoResult result = core.read(space_, failure_);
  bytes_ = result.bytes;
  return step_of(result);
}

Step Writing::attempt(detail::StreamCore& core) noexcept {
  for (int i = 0; i < writes_in_a_row; ++i) {
    const std::string_view rest = bytes_.substr(written_);
    if (rest.empty()) return Step::done;
    const IoResult result = core.write(rest, failure_);
    if (result.state != IoState::done) return step_of(result);
    written_ += result.bytes;
  }
  return Step::again;
}

OutboundStream& OutboundStream::operator=(OutboundStream&& other) noexcept {
  if (this != &other) {
    close();
    core_ = std::move(other.core_);
  }
  return *this;
}

void OutboundStream::close() noexcept {
  const std::shared_ptr<detail::StreamCore> core = std::move(core_);
  if (core) core->close();
}

void OutboundStream::end_writing() noexcept {
  if (!core_ || core_->failure) return;
  if (core_->tls) static_cast<void>(core_->tls->shutdown());
  ::shutdown(core_->socket().native_handle(), SHUT_WR);
}

void OutboundStream::give_up(Failure failure) noexcept {
  if (core_) core_->give_up(failure);
}

bool OutboundStream::quiet() noexcept {
  if (!core_ || core_->failure || core_->busy()) return false;
  std::array<char, 1> byte{};
  Failure ignored;
  return core_->read(byte, ignored).state == IoState::wants_read;
}

std::string_view OutboundStream::protocol() const noexcept {
  return core_ && core_->tls ? core_->tls->protocol() : std::string_view();
}

}  // namespace sallyport::net
