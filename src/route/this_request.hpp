// Which request a coroutine belongs to: for what handlers hold, and could keep for another.
#pragma once

#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/job.hpp>

#include "gate/exchange.hpp"

#include <coroutine>
#include <optional>

namespace sallyport::route {

/// Awaited: the exchange of the request whose coroutine waits for it.
class ThisRequest {
 public:
  ThisRequest() = default;
  /// Ends the request when it is another than `made_for`.
  explicit ThisRequest(detail::HeldRequest made_for) noexcept : made_for_(made_for) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    context_ = waiter.promise().context;
    return false;
  }
  // Handlers run in exchanges only.
  [[nodiscard]] gate::Exchange& await_resume() const {
    if (made_for_ && !made_for_->is(context_))
      detail::misused(
          "an attempt, and its proof, belong to the request that they were made for: take the attempt as a parameter");
    return static_cast<gate::Exchange&>(*context_);
  }

 private:
  std::optional<detail::HeldRequest> made_for_;
  detail::TaskContext* context_ = nullptr;
};

}  // namespace sallyport::route
