// Which tables of a database hold rows that are somebody's, and the check of each statement against them before it runs.
#pragma once

#include <sallyport/sql.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "data/sqlite.hpp"

namespace sallyport::data {

/// A table has owners when an entity says so, when a column refers to an account or is called `owner`, `owner_id` or `user_id`, and
/// when a column refers to another table that has them. What an entity calls public has none.
class RowOwners {
 public:
  struct Table {
    std::string name;
    std::string id;
    bool is_public = false;
    bool is_virtual = false;
    bool is_shadow = false;  ///< where a virtual table keeps what it has
    std::vector<std::string> columns;
    std::vector<detail::OwnerColumn> owners;
    std::vector<std::pair<std::string, std::string>> references;  ///< column, table
    std::string gate;                                             ///< see detail::OwnedTable
  };

  /// Looks the tables up again when the schema has changed.
  void refresh(const Connection& connection);

  [[nodiscard]] const std::vector<Table>& tables() const noexcept { return all_; }
  [[nodiscard]] const Table* find(std::string_view name) const;

  /// Why the statement is refused: a sentence with its code, and the table. Empty when it may run.
  [[nodiscard]] std::string refuse(const detail::SqlStatement& statement);
  /// The same after SQLite has said which tables a statement reads (`touched`): a view may hide one.
  [[nodiscard]] std::string refuse_hidden(const std::vector<TouchedTable>& touched, bool reads) const;

 private:
  void read_columns(const Connection& connection);
  void read_references(const Connection& connection);
  void read_search_tables(const Connection& connection);
  void read_declared();
  static bool has_column(const Table& table, std::string_view name);
  void find_owners();
  Table* find(std::string_view name);
  void read_members(const detail::OwnedTable& declared);
  std::string_view keep(std::string_view text) { return kept_.emplace_back(text); }

  std::int64_t version_ = -1;
  std::vector<Table> all_;
  std::deque<std::string> kept_;  // what views below point into
  std::vector<std::string> views_;
  std::vector<detail::OwnedTable> owned_;
  std::vector<const detail::OwnedTable*> seen_;  // by the statement checked last
};

}  // namespace sallyport::data
