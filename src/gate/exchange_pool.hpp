// Exchanges that wait for their next request: connections have one only while they serve a request.
#pragma once

#include "base/ip_range.hpp"

#include <memory>
#include <vector>

namespace sallyport::gate {

class Exchange;
class ExchangeOwner;
class Loop;
class Site;

struct GiveExchangeBack {
  void operator()(Exchange* exchange) const noexcept;
};

/// An exchange for one request. It holds nothing of an earlier request, and is reset when it is given back.
using ExchangeLease = std::unique_ptr<Exchange, GiveExchangeBack>;

/// The exchanges of one event loop. An exchange is large, and most connections are idle most of the time.
class ExchangePool {
 public:
  ExchangePool();
  ~ExchangePool();
  ExchangePool(const ExchangePool&) = delete;
  ExchangePool& operator=(const ExchangePool&) = delete;

  /// For a request that `peer` has sent. Throws std::bad_alloc.
  [[nodiscard]] ExchangeLease take(const Site& site, Loop& loop, ExchangeOwner& owner, const base::IpAddress& peer);
  void give_back(std::unique_ptr<Exchange> exchange) noexcept;

 private:
  std::vector<std::unique_ptr<Exchange>> idle_;
};

}  // namespace sallyport::gate
