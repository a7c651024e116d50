// A connection as queries use it: statements kept prepared, values bound, rows read, time limited.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <sallyport/db.hpp>

#include "data/sqlite.hpp"
#include "data/sqlite_row_owners.hpp"

namespace sallyport::data {

class SqliteSession final : public detail::Session {
 public:
  /// `statement_limit`: what a statement, or a whole transaction, may take.
  SqliteSession(const std::string& path, Allow allow, std::chrono::milliseconds busy_limit,
                std::chrono::milliseconds statement_limit);

  std::int64_t execute(const detail::SqlStatement& sql, std::span<const detail::SqlValue> arguments,
                       const detail::RowPlan* plan, void* result) override;
  void begin() override;
  void commit() override;
  void rollback() noexcept override;

  /// The same connection for the framework's own statements, which may use its tables.
  [[nodiscard]] detail::Session& own() noexcept { return own_; }

 private:
  class Own final : public detail::Session {
   public:
    explicit Own(SqliteSession& session) noexcept : session_(session) {}
    std::int64_t execute(const detail::SqlStatement& sql, std::span<const detail::SqlValue> arguments,
                         const detail::RowPlan* plan, void* result) override;
    void begin() override { session_.begin(); }
    void commit() override { session_.commit(); }
    void rollback() noexcept override { session_.rollback(); }

   private:
    SqliteSession& session_;
  };

  // A literal never changes and never goes: its address and length say which it is. Beside it, what the types of its values say, since that
  // decides whether it may run, and what stands for its ?... and {}.
  struct Key {
    std::string_view literal;
    const detail::SqlFacts* facts = nullptr;
    std::size_t listed = 0;
    std::string_view choice{};
    friend bool operator==(const Key& a, const Key& b) noexcept {
      return a.literal.data() == b.literal.data() && a.literal.size() == b.literal.size() && a.facts == b.facts &&
             a.listed == b.listed && a.choice == b.choice;
    }
  };
  struct HashOfKey {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<const void*>{}(key.literal.data()) ^ (key.listed * 31) ^ (key.choice.size() * 17);
    }
  };

  // Transaction control, prepared once.
  enum Control : std::size_t { begin_immediate, commit_all, rollback_all, savepoint, release, undo };
  class OneChange;

  sqlite3_stmt* prepared(const Key& key);
  [[nodiscard]] StatementPtr checked(const Key& key);
  void control(Control which);
  int try_control(Control which) noexcept;
  void start_clock() noexcept;

  Connection connection_;
  const bool reads_only_;
  const std::chrono::milliseconds statement_limit_;
  bool in_transaction_ = false;
  std::array<StatementPtr, 6> controls_;
  using Statements = std::unordered_map<Key, StatementPtr, HashOfKey>;
  // Apart: the linker may give two equal literals one address, and the application's would then find one that it may not run.
  Statements statements_;
  Statements own_statements_;
  RowOwners row_owners_;
  std::vector<detail::SqlValue> values_;  // of a call with a ?... or {}
  Own own_{*this};
};

}  // namespace sallyport::data
