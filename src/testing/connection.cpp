// Moves bytes between a session and a test.
#include "testing/connection.hpp"

#include <sallyport/testing/json.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sallyport::test::detail {
namespace {

// An answer that does not end would be read for ever. Streams are read in pieces of at most the first of these.
constexpr std::size_t unread_enough = std::size_t{1} << 20;
constexpr std::size_t answer_limit = std::size_t{256} << 20;

}  // namespace

Connection::Connection(const gate::Site& site, wire::Loop& loop, const base::IpAddress& peer)
    : loop_(loop), session_(std::make_unique<wire::Http1Session>(site, loop.gate, driver(), peer)) {}

Connection::~Connection() = default;

bool Connection::run() {
  bool happened = std::exchange(moved_, false);
  const std::size_t before = received.size();
  while (!closed_) {
    reads_ = false;
    switch (session_->next()) {
      case wire::Session::Next::write: {
        const std::string_view output = session_->output();
        received.append(output);
        if (received.size() > answer_limit) throw Failure("the answer has more than 256 MiB");
        session_->sent(output.size());
        happened = true;
        if (received.size() - before > unread_enough) return true;
        break;
      }
      case wire::Session::Next::read: {
        if (all_sent()) {
          reads_ = true;
          return happened;
        }
        const std::span<char> space = session_->receive_space();
        const std::size_t size = std::min(space.size(), input_.size() - sent_);
        std::memcpy(space.data(), input_.data() + sent_, size);
        sent_ += size;
        session_->received(size);
        happened = true;
        break;
      }
      case wire::Session::Next::wait:
      case wire::Session::Next::send_file:  // never asked for, since can_send_files() says no
        return happened;
      case wire::Session::Next::close:
        closed_ = true;
        return true;
    }
  }
  return happened;
}

void Connection::time_has_passed() {
  if (closed_ || reads_ || loop_.clock.now() < session_->deadline()) return;
  moved_ = true;
  if (!session_->expired()) closed_ = true;
}

void Connection::leave() noexcept {
  if (std::exchange(closed_, true)) return;
  session_->abandon();
}

void Connection::drop() noexcept {
  closed_ = true;
  session_.reset();
}

}  // namespace sallyport::test::detail
