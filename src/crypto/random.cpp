// Unpredictable bytes: OpenSSL's generator behind a page of prepared bytes per thread.
#include "crypto/random.hpp"

#include <openssl/rand.h>
#include <sys/mman.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include <sallyport/secret.hpp>

namespace sallyport::crypto {
namespace {

/// Prepared bytes of one thread. A multiple of the page size, so that the kernel's WIPEONFORK clears the count of
/// unused bytes together with the bytes; large enough that the generator's fixed cost per call no longer shows.
struct Page {
  static constexpr std::size_t size = 16384;
  std::size_t unused = 0;  // bytes at the end of `bytes` that were not handed out; 0 in a forked child
  unsigned char bytes[size - sizeof(std::size_t)];
};
static_assert(sizeof(Page) == Page::size);

/// Larger draws go to the generator directly: they would drain the page and gain nothing.
constexpr std::size_t largest_draw_from_page = 256;

/// OpenSSL's generator of this thread (AES-256-CTR-DRBG, seeded and reseeded from getrandom, also after a fork); eight
/// times as fast as the system call. The system call is used if OpenSSL fails.
void generate(std::span<unsigned char> out) noexcept {
  while (!out.empty()) {
    const auto part = out.first(std::min<std::size_t>(out.size(), 65536));
    if (RAND_bytes(part.data(), static_cast<int>(part.size())) != 1) break;
    out = out.subspan(part.size());
  }
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) {
      out = out.subspan(static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      (void)std::fputs("no source of randomness: OpenSSL and getrandom both failed; ending the process\n", stderr);
      std::abort();
    }
  }
}

Page* map_page() noexcept {
  void* memory = mmap(nullptr, Page::size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  if (madvise(memory, Page::size, MADV_WIPEONFORK) != 0) {  // before Linux 4.14: no page rather than a shared one
    munmap(memory, Page::size);
    return nullptr;
  }
  (void)madvise(memory, Page::size, MADV_DONTDUMP);
  return new (memory) Page;
}

constinit thread_local Page* page = nullptr;
constinit thread_local bool page_tried = false;  // also true once the thread is ending: later draws do without

struct PageCloser {
  bool armed = false;
  ~PageCloser() {
    if (page == nullptr) return;
    detail::wipe(page->bytes);
    munmap(page, Page::size);
    page = nullptr;
  }
};
thread_local PageCloser closer;

Page* page_of_this_thread() noexcept {
  if (page == nullptr && !page_tried) {
    page_tried = true;
    page = map_page();
    closer.armed = true;  // naming it registers its destructor for this thread
  }
  return page;
}

/// Moves the next bytes from the page to `out`. An ordinary memset is enough to wipe them: the page is memory that the
/// generator reads and writes where the compiler can't see it.
inline void take(Page& from, unsigned char* out, std::size_t size) noexcept {
  if (from.unused < size) {
    generate(from.bytes);
    from.unused = sizeof from.bytes;
  }
  unsigned char* const next = from.bytes + (sizeof from.bytes - from.unused);
  std::memcpy(out, next, size);
  std::memset(next, 0, size);
  from.unused -= size;
}

}  // namespace

void random_bytes(std::span<unsigned char> out) noexcept {
  if (out.empty()) return;  // it may have no address
  Page* const prepared = out.size() <= largest_draw_from_page ? page_of_this_thread() : nullptr;
  if (prepared == nullptr) return generate(out);
  take(*prepared, out.data(), out.size());
}

std::array<unsigned char, 16> random_128() noexcept {
  std::array<unsigned char, 16> out;
  if (Page* const prepared = page_of_this_thread()) {
    take(*prepared, out.data(), out.size());  // of a constant size: a few instructions
  } else {
    generate(out);
  }
  return out;
}

}  // namespace sallyport::crypto
