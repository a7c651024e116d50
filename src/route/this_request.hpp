// Finds the exchange of an attempt, which belongs to one request alone.
#pragma once

#include <sallyport/job.hpp>

#include "gate/exchange.hpp"

#include <coroutine>
#include <stdexcept>

namespace sallyport::route {

/// Awaited: the exchange of the request that waits, when it is the one that `request` belongs to. An attempt that was kept may point to
/// one that is no more, so it is compared first.
class ThisRequest {
 public:
  explicit ThisRequest(const detail::TaskContext* request) noexcept : request_(request) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    context_ = waiter.promise().context;
    return false;
  }
  [[nodiscard]] gate::Exchange& await_resume() const {
    if (context_ != request_)
      throw std::logic_error(
          "an attempt, and its proof, belong to the request that they were made for: take the attempt as a parameter");
    return static_cast<gate::Exchange&>(*context_);
  }

 private:
  const detail::TaskContext* request_;
  detail::TaskContext* context_ = nullptr;
};

}  // namespace sallyport::route
