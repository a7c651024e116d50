// HeldRequest: how a handler's parameter refers to its request, and to no later one.
#pragma once

#include <sallyport/detail/misuse.hpp>
#include <sallyport/job.hpp>

#include <cstdint>

namespace sallyport::detail {

/// Compared before it is followed: kept in a global and used by another request, or after the end, it ends the request that uses it.
class HeldRequest {
 public:
  explicit HeldRequest(TaskContext& request) noexcept : request_(&request), lease_(request.lease()) {}

  /// Whether the one that runs is that request.
  [[nodiscard]] bool is(const TaskContext* running) const noexcept {
    return running == request_ && request_->lease() == lease_;
  }
  [[nodiscard]] TaskContext& get() const {
    if (!is(current_context)) [[unlikely]]
      misused("a parameter of a handler was kept and used after its request");
    return *request_;
  }

 private:
  TaskContext* request_;
  std::uint64_t lease_;
};

}  // namespace sallyport::detail
