// How the descriptors that the system grants this process are shared out.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>

namespace sallyport::base {

struct DescriptorBudget {
  std::uint32_t connections;       ///< where `limits.connections` does not say
  std::uint32_t files;             ///< of folders, while they are being sent
  std::uint32_t files_per_client;  ///< more than a browser has streams in one HTTP/2 connection
};

/// Takes what the system would grant: the soft limit, often 1024, is for programs that still use select().
inline void raise_descriptor_limit() noexcept {
  rlimit granted{};
  if (::getrlimit(RLIMIT_NOFILE, &granted) != 0) return;
  granted.rlim_cur = granted.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &granted);
}

/// Made from the limit on open files (`ulimit -n`): a part for logs, database files, listeners and epoll; of the rest an eighth for files.
inline DescriptorBudget descriptor_budget() noexcept {
  constexpr rlim_t reserved = 128;
  rlimit granted{};
  if (::getrlimit(RLIMIT_NOFILE, &granted) != 0) granted.rlim_cur = 1024;
  const rlim_t all = std::min<rlim_t>(granted.rlim_cur, 1'000'000);
  const rlim_t rest = all > 2 * reserved ? all - reserved : all / 2;
  const auto files = static_cast<std::uint32_t>(std::max<rlim_t>(rest / 8, 1));
  return {.connections = static_cast<std::uint32_t>(rest) - files,
          .files = files,
          .files_per_client = std::clamp<std::uint32_t>(files / 4, 1, 128)};
}

}  // namespace sallyport::base
