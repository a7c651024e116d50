// Memory set aside for an asynchronous operation that is started again and again, so that starting it can't fail.
#pragma once

#include <boost/asio/bind_allocator.hpp>

#include <array>
#include <cstddef>
#include <new>
#include <utility>

namespace sallyport::net {

/// Holds what Asio keeps of one operation at a time; a second one meanwhile, or a large one, goes to the heap. Outlives the
/// context that the operations run on.
class OperationMemory {
 public:
  OperationMemory() = default;
  OperationMemory(const OperationMemory&) = delete;
  OperationMemory& operator=(const OperationMemory&) = delete;

  void* take(std::size_t size) {
    if (used_ || size > bytes_.size()) return ::operator new(size);
    used_ = true;
    return bytes_.data();
  }
  void give_back(void* memory) noexcept {
    if (memory != bytes_.data()) return ::operator delete(memory);
    used_ = false;
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> bytes_;
  bool used_ = false;
};

/// As the standard library's allocators, from an OperationMemory.
template <class T>
class OperationAllocator {
 public:
  using value_type = T;
  explicit OperationAllocator(OperationMemory& memory) noexcept : memory_(&memory) {}
  template <class U>
  OperationAllocator(const OperationAllocator<U>& other) noexcept  // NOLINT(google-explicit-constructor)
      : memory_(other.memory_) {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
  void deallocate(T* objects, std::size_t) noexcept { memory_->give_back(objects); }
  friend bool operator==(const OperationAllocator&, const OperationAllocator&) noexcept = default;

 private:
  template <class U>
  friend class OperationAllocator;
  OperationMemory* memory_;
};

/// The handler, for an operation that is kept in `memory`.
template <class Handler>
auto kept_in(OperationMemory& memory, Handler handler) {
  return boost::asio::bind_allocator(OperationAllocator<std::byte>(memory), std::move(handler));
}

}  // namespace sallyport::net
