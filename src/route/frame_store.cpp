// Recycles coroutine frames per thread, by size class; numbers for requests.
#include <sallyport/task.hpp>

#include <array>
#include <atomic>
#include <cstring>
#include <new>

namespace sallyport::detail {
namespace {

constexpr std::size_t class_size = 256;     // bytes between two classes
constexpr std::size_t classes = 16;         // frames up to 4 KiB are kept
constexpr std::size_t kept_per_class = 64;  // bounds what an idle thread holds: 64 × (256 + … + 4096) = 2.2 MiB

struct Block {
  Block* next;
};

struct FrameStore {
  std::array<Block*, classes> free{};
  std::array<std::size_t, classes> count{};
  ~FrameStore() {
    for (Block* block : free) {
      while (block) ::operator delete(std::exchange(block, block->next));
    }
  }
};

thread_local FrameStore store;

}  // namespace

void* allocate_frame(std::size_t size) {
  const std::size_t index = (size - 1) / class_size;
  if (index >= classes) return ::operator new(size);
  if (Block* block = store.free[index]) {
    store.free[index] = block->next;
    --store.count[index];
    return block;
  }
  return ::operator new((index + 1) * class_size);
}

// Wiped, so that code that reads what it has not written finds nothing of an earlier request. The compiler must not leave it out where the
// memory is given back afterwards.
void free_frame(void* frame, std::size_t size) noexcept {
  std::memset(frame, 0, size);
  asm volatile("" : : "r"(frame) : "memory");
  const std::size_t index = (size - 1) / class_size;
  if (index >= classes || store.count[index] == kept_per_class) return ::operator delete(frame);
  store.free[index] = ::new (frame) Block{store.free[index]};
  ++store.count[index];
}

std::uint64_t next_lease() noexcept {
  constexpr std::uint64_t block = 1024;
  static std::atomic<std::uint64_t> blocks{1};
  thread_local std::uint64_t next = 0;
  if (next % block == 0) next = blocks.fetch_add(1, std::memory_order_relaxed) * block;
  return next++;
}

}  // namespace sallyport::detail
