// An open file, owned.
#pragma once

#include <unistd.h>

#include <utility>

namespace sallyport::base {

/// Owns a file descriptor.
class Descriptor {
 public:
  constexpr Descriptor() noexcept = default;
  constexpr explicit Descriptor(int number) noexcept : number_(number) {}
  constexpr Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Descriptor old(std::move(other));
    std::swap(number_, old.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  [[nodiscard]] constexpr int release() noexcept { return std::exchange(number_, -1); }
  /// -1 when there is none.
  [[nodiscard]] constexpr int get() const noexcept { return number_; }
  explicit constexpr operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

}  // namespace sallyport::base
