// A connection as queries use it: statements kept prepared, values bound, rows read, time limited.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sallyport/db.hpp>

#include "data/sqlite.hpp"
#include "data/sqlite_row_owners.hpp"
#include "data/statement_cache.hpp"

namespace sallyport::data {

class SqliteSession final : public detail::Session {
 public:
  /// `statement_limit`: what a statement, or a whole transaction, may take. `now`: see Connection.
  SqliteSession(const std::string& path, Allow allow, std::chrono::milliseconds busy_limit,
                std::chrono::milliseconds statement_limit, const base::Clock* now = nullptr);

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
    [[nodiscard]] bool of_the_framework() const noexcept override { return true; }

   private:
    SqliteSession& session_;
  };

  // A program has as many statements as it has literals.
  static constexpr std::size_t kept_statements = 256;

  // Transaction control, prepared once.
  enum Control : std::size_t { begin_immediate, commit_all, rollback_all, savepoint, release, undo };
  class OneChange;

  sqlite3_stmt* prepared(const StatementKey& key);
  [[nodiscard]] StatementPtr checked(const StatementKey& key);
  void control(Control which);
  int try_control(Control which) noexcept;
  void start_clock() noexcept;

  Connection connection_;
  const bool reads_only_;
  const std::chrono::milliseconds statement_limit_;
  bool in_transaction_ = false;
  std::array<StatementPtr, 6> controls_;
  // Apart: the linker may give two equal literals one address, and the application's would then find one that it may not run.
  StatementCache statements_{kept_statements};
  StatementCache own_statements_{kept_statements};
  RowOwners row_owners_;
  std::vector<detail::SqlValue> values_;  // of a call with a ?... or {}
  Own own_{*this};
};

}  // namespace sallyport::data
