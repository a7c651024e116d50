// Rate limits counted on this machine: by one process, or by several that share memory.
#pragma once

#include "limits/attempt_counters.hpp"
#include "limits/charge.hpp"
#include "limits/limit_table.hpp"
#include "limits/shared_memory.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace sallyport::limits {

/// How much is remembered; both are rounded up to powers of two.
struct LimitSizes {
  std::size_t slots = std::size_t{1} << 17;    ///< of LimitTable: 16 bytes each
  std::size_t entries = std::size_t{1} << 16;  ///< of AttemptCounters: 56 bytes each
};

/// Counts all three ways. Any thread may call anything. Nothing allocates, and only `Counting::failures` takes a lock.
class LocalLimits {
 public:
  /// In the memory of this process.
  explicit LocalLimits(const LimitSizes& sizes = {});
  /// In memory that the processes of this machine share by the file at `path`. They have to hash keys alike. Null, and the reason
  /// in `problem`, where there can't be such memory (see SharedMemory::open).
  [[nodiscard]] static std::unique_ptr<LocalLimits> shared(const std::string& path, std::string& problem,
                                                           const LimitSizes& sizes = {});

  /// Decides about `charges` (at most max_charges) as one. Where one is refused, what had been counted for those before it is given
  /// back, and all quotas show the state without this request. Until then another request may be refused because of these
  /// charges.
  [[nodiscard]] Decision charge(std::span<const Charge> charges, std::int64_t now_ns) noexcept;
  /// Undoes charges that were admitted at `charged_at_ns`. A window that began later is not changed. A steady rate gets back only
  /// a part (see LimitTable::give_back): limits that count only failures should count in windows.
  void give_back(std::span<const Charge> charges, std::int64_t charged_at_ns, std::int64_t now_ns) noexcept;
  /// After a success: forgets the failures of the key of `charge`, which is one of Counting::failures.
  void forget(const Charge& charge) noexcept;

 private:
  LocalLimits(SharedMemory memory, const LimitSizes& sizes) noexcept;

  std::optional<SharedMemory> memory_;
  LimitTable table_;
  AttemptCounters counters_;
};

}  // namespace sallyport::limits
