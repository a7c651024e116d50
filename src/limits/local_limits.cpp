// All or nothing over both tables, and where they lie in shared memory.
#include "limits/local_limits.hpp"

#include <utility>

namespace sallyport::limits {
namespace {

// Increase it with any change to the meaning of the memory; sizes are part of the layout's name.
constexpr std::string_view layout_version = "limits-2";

// The locks, then the table, then the counters: their sizes are multiples of 64 bytes, so that each begins at such a
// multiple.
struct Layout {
  explicit Layout(const LimitSizes& sizes) noexcept
      : table_sets(LimitTable::sets_for(sizes.slots)), counter_sets(AttemptCounters::sets_for(sizes.entries)) {}

  static constexpr std::size_t table_at = sizeof(AttemptCounters::Shards);
  static_assert(table_at % 64 == 0 && sizeof(LimitTable::Set) % 64 == 0 && sizeof(AttemptCounters::Set) % 64 == 0);
  [[nodiscard]] std::size_t counters_at() const noexcept { return table_at + table_sets * sizeof(LimitTable::Set); }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return counters_at() + counter_sets * sizeof(AttemptCounters::Set);
  }
  [[nodiscard]] std::string name() const {
    return std::string(layout_version) + ' ' + std::to_string(table_sets) + ' ' + std::to_string(counter_sets);
  }

  std::size_t table_sets;
  std::size_t counter_sets;
};

// The memory holds only numbers, and zero is a valid start value for each of them.
template <class T>
T* in(std::span<std::byte> memory, std::size_t at) noexcept {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_default_constructible_v<T>);
  return reinterpret_cast<T*>(memory.data() + at);
}

void prepare(std::span<std::byte> memory) noexcept {
  AttemptCounters::prepare(*in<AttemptCounters::Shards>(memory, 0));
}

}  // namespace

LocalLimits::LocalLimits(const LimitSizes& sizes) : table_(sizes.slots), counters_(sizes.entries) {}

LocalLimits::LocalLimits(SharedMemory memory, const LimitSizes& sizes) noexcept
    : memory_(std::move(memory)),
      table_({in<LimitTable::Set>(memory_->bytes(), Layout::table_at), Layout(sizes).table_sets}),
      counters_(*in<AttemptCounters::Shards>(memory_->bytes(), 0),
                {in<AttemptCounters::Set>(memory_->bytes(), Layout(sizes).counters_at()), Layout(sizes).counter_sets}) {
}

std::unique_ptr<LocalLimits> LocalLimits::shared(const std::string& path, std::string& problem,
                                                 const LimitSizes& sizes) {
  const Layout layout(sizes);
  auto memory = SharedMemory::open(path, layout.name(), layout.bytes(), prepare, problem);
  if (!memory) return nullptr;
  return std::unique_ptr<LocalLimits>(new LocalLimits(std::move(*memory), sizes));
}

Decision LocalLimits::charge(std::span<const Charge> charges, std::int64_t now_ns) noexcept {
  Decision decision;
  if (charges.size() > max_charges) return decision;
  decision.count = charges.size();
  std::size_t counted = 0;
  for (; counted < charges.size(); ++counted) {
    const Charge& charge = charges[counted];
    Quota& quota = decision.quotas[counted];
    quota = charge.counting == Counting::failures ? counters_.charge(charge, now_ns) : table_.charge(charge, now_ns);
    if (!quota.admitted) break;
  }
  decision.admitted = counted == charges.size();
  if (decision.admitted) return decision;

  give_back(charges.first(counted), now_ns, now_ns);
  for (std::size_t i = 0; i < charges.size(); ++i) {
    if (i == counted) continue;
    const bool failures = charges[i].counting == Counting::failures;
    decision.quotas[i] = failures ? counters_.ask(charges[i], now_ns) : table_.ask(charges[i], now_ns);
  }
  return decision;
}

void LocalLimits::give_back(std::span<const Charge> charges, std::int64_t charged_at_ns, std::int64_t now_ns) noexcept {
  for (const Charge& charge : charges) {
    if (charge.counting == Counting::failures) {
      counters_.give_back(charge, charged_at_ns);
    } else {
      table_.give_back(charge, charged_at_ns, now_ns);
    }
  }
}

void LocalLimits::forget(const Charge& charge) noexcept {
  if (charge.counting == Counting::failures) counters_.forget(charge.key);
}

}  // namespace sallyport::limits
