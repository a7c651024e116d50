// Asks for the sessions of streams, in rounds.
#include "route/session_watch.hpp"

#include "gate/exchange.hpp"
#include "identity/session_cookie.hpp"
#include "route/call.hpp"
#include "route/service.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>

namespace sallyport::route {
namespace {

using identity::SessionStore;

bool by_id(const SessionStore::Living& a, const SessionStore::Living& b) noexcept { return a.id < b.id; }

}  // namespace

void SessionWatch::begin(gate::Exchange& exchange) {
  Call& call = call_of(exchange);
  if (!call.principal) return;
  const auto id = call.service.stored.sessions->stored_id(identity::session_cookie_of(exchange.cookies()));
  if (!id) return;
  auto& part = exchange.loop.of_site;
  if (!part) part = std::make_unique<SessionWatch>(call.service, exchange.loop);
  call.watched.emplace(exchange, SessionStore::Living{*id, call.principal->id, call.principal->role});
  static_cast<SessionWatch&>(*part).add(*call.watched);
}

void SessionWatch::add(WatchedStream& stream) noexcept {
  streams_.push_back(stream);
  if (!armed_) arm();
}

void SessionWatch::arm() noexcept {
  armed_ = true;
  loop_.wheel.arm(*this, loop_.clock.now() + every);
}

void SessionWatch::expired() noexcept {
  armed_ = streams_.front() != nullptr;
  if (!armed_) return;
  run([this] {
    Task<void> asked = round();
    task_ = detail::OwnedTask<void>(asked);
    task_.start(*this);
  });
}

void SessionWatch::resume(detail::Job& finished) noexcept {
  job_is_back();
  run([&finished] { finished.waiter().resume(); });
}

// A step of the round; after the last one the streams end, in a turn that is not its own.
template <class Step>
void SessionWatch::run(Step step) noexcept {
  try {
    {
      const detail::Running running(this);
      step();
    }
    if (!task_ || !task_.done()) return;
    const detail::OwnedTask<void> finished = std::move(task_);
    finished.await_resume();
  } catch (...) {  // the database is busy or fails, or memory is short: the next round asks again
    task_.reset();
    while (WatchedStream* const stream = ending_.front()) {
      stream->unlink();
      streams_.push_back(*stream);
    }
  }
  arm();
  while (WatchedStream* const stream = ending_.front()) {
    stream->unlink();
    stream->exchange.end_stream();
  }
}

Task<void> SessionWatch::round() {
  constexpr std::size_t at_once = detail::most_listed;
  std::vector<SessionStore::StoredId> ids;
  ++rounds_;
  for (WatchedStream* stream = streams_.front(); stream; stream = streams_.after(*stream)) {
    stream->asked_in = rounds_;
    ids.push_back(stream->session.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<SessionStore::Living> living;
  for (std::size_t from = 0; from < ids.size(); from += at_once) {
    const std::vector<SessionStore::StoredId> some(
        ids.begin() + static_cast<std::ptrdiff_t>(from),
        ids.begin() + static_cast<std::ptrdiff_t>(std::min(from + at_once, ids.size())));
    std::vector<SessionStore::Living> found = co_await service_.stored.sessions->living(some);
    std::move(found.begin(), found.end(), std::back_inserter(living));
  }
  std::sort(living.begin(), living.end(), by_id);
  // Some have ended meanwhile, and others have begun, which this round has not asked for.
  for (WatchedStream* stream = streams_.front(); stream;) {
    WatchedStream* const next = streams_.after(*stream);
    const auto found = std::lower_bound(living.begin(), living.end(), stream->session, by_id);
    if (stream->asked_in == rounds_ && (found == living.end() || *found != stream->session)) {
      stream->unlink();
      ending_.push_back(*stream);
    }
    stream = next;
  }
}

}  // namespace sallyport::route
