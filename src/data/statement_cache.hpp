// StatementCache: statements that are kept prepared, at most so many; the one that was not used for longest goes first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <sallyport/sql.hpp>

#include "data/sqlite.hpp"

namespace sallyport::data {

/// Which statement it is. A literal never changes and never goes: its address and length say which. Beside it, what the types of its
/// values say, since that decides whether it may run, and what stands for its ?... and {}.
struct StatementKey {
  std::string_view literal;
  const detail::SqlFacts* facts = nullptr;
  std::size_t listed = 0;
  std::string_view choice{};
  friend bool operator==(const StatementKey& a, const StatementKey& b) noexcept {
    return a.literal.data() == b.literal.data() && a.literal.size() == b.literal.size() && a.facts == b.facts &&
           a.listed == b.listed && a.choice == b.choice;
  }
};

class StatementCache {
 public:
  explicit StatementCache(std::size_t most) : most_(most) {}

  /// Null when it is not there.
  [[nodiscard]] sqlite3_stmt* find(const StatementKey& key) noexcept {
    const auto found = kept_.find(key);
    if (found == kept_.end()) return nullptr;
    found->second.used = ++uses_;
    return found->second.statement.get();
  }
  /// A place is looked for among all of them: nothing beside what it costs to prepare one.
  sqlite3_stmt* keep(const StatementKey& key, StatementPtr statement) {
    if (kept_.size() == most_) {
      kept_.erase(std::min_element(kept_.begin(), kept_.end(),
                                   [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
    }
    return kept_.emplace(key, Kept{std::move(statement), ++uses_}).first->second.statement.get();
  }

 private:
  struct Kept {
    StatementPtr statement;
    std::uint64_t used;
  };
  struct Hash {
    std::size_t operator()(const StatementKey& key) const noexcept {
      return std::hash<const void*>{}(key.literal.data()) ^ (key.listed * 31) ^ (key.choice.size() * 17);
    }
  };

  const std::size_t most_;
  std::uint64_t uses_ = 0;
  std::unordered_map<StatementKey, Kept, Hash> kept_;
};

}  // namespace sallyport::data
