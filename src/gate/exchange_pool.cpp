// Hands out exchanges and takes them back.
#include "gate/exchange_pool.hpp"

#include "gate/exchange.hpp"

#include <utility>

namespace sallyport::gate {
namespace {

constexpr std::size_t kept = 64;  // about 10 KiB each; requests that are served at once beyond that make their own

}  // namespace

ExchangePool::ExchangePool() { idle_.reserve(kept); }  // giving back must not fail
ExchangePool::~ExchangePool() = default;

ExchangeLease ExchangePool::take(const Site& site, Loop& loop, ExchangeOwner& owner, const base::IpAddress& peer) {
  while (!idle_.empty() && &idle_.back()->site != &site) idle_.pop_back();
  if (idle_.empty()) return ExchangeLease(std::make_unique<Exchange>(site, loop, owner, peer).release());
  ExchangeLease exchange(idle_.back().release());
  idle_.pop_back();
  exchange->serve(owner, peer);
  return exchange;
}

void ExchangePool::give_back(std::unique_ptr<Exchange> exchange) noexcept {
  // A job on another thread may still point into an exchange that waits: such an exchange is not used again.
  if (exchange->waiting() || idle_.size() == kept) return;
  exchange->reset();
  exchange->head.clear();
  idle_.push_back(std::move(exchange));
}

void GiveExchangeBack::operator()(Exchange* exchange) const noexcept {
  exchange->loop.exchanges.give_back(std::unique_ptr<Exchange>(exchange));
}

}  // namespace sallyport::gate
