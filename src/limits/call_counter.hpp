// How many calls of a route run at the same time.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace sallyport::limits {

/// Counts the calls that run; all event loops share it.
class CallCounter {
 public:
  /// One running call: counts until it is destroyed.
  class Permit {
   public:
    Permit() = default;
    Permit(Permit&& other) noexcept : running_(std::exchange(other.running_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(running_, other.running_);
      return *this;
    }
    ~Permit() { leave(); }
    void leave() noexcept {
      if (running_) std::exchange(running_, nullptr)->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    friend class CallCounter;
    explicit Permit(std::atomic<std::uint32_t>& running) noexcept : running_(&running) {}
    std::atomic<std::uint32_t>* running_ = nullptr;
  };

  /// False when `max` calls run already. 0: any number may.
  [[nodiscard]] bool enter(Permit& permit, std::uint32_t max) noexcept {
    if (max == 0) return true;
    if (running_.fetch_add(1, std::memory_order_relaxed) < max) {
      permit = Permit(running_);
      return true;
    }
    running_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }

 private:
  std::atomic<std::uint32_t> running_{0};
};

}  // namespace sallyport::limits
