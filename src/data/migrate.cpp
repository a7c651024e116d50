// Brings the tables of a database up to date at start, and refuses a history that does not match the program's.
#include "data/migrate.hpp"

#include <openssl/evp.h>
#include <sqlite3.h>

#include <array>
#include <stdexcept>
#include <vector>

#include <sallyport/database_error.hpp>
#include <sallyport/detail/own_tables.hpp>

#include "data/schema_rules.hpp"
#include "data/sqlite_framework_tables.hpp"

namespace sallyport::data {
namespace {

using Hash = std::array<unsigned char, 32>;

Hash sha256(std::string_view text) {
  Hash hash{};
  if (EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return hash;
}

constexpr std::string_view history_table =
    "CREATE TABLE IF NOT EXISTS sallyport_migrations (component TEXT NOT NULL, version INTEGER NOT NULL, "
    "sha256 BLOB NOT NULL, applied_at INTEGER NOT NULL, PRIMARY KEY (component, version)) STRICT, WITHOUT ROWID";

// A transaction that is taken back unless committed.
class Step {
 public:
  explicit Step(const Connection& connection) : connection_(connection) { connection_.execute("BEGIN IMMEDIATE"); }
  ~Step() {
    if (connection_.in_transaction()) sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  void commit() { connection_.execute("COMMIT"); }

 private:
  const Connection& connection_;
};

int bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
  return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

// The hashes of the steps that have run, in order. A gap shows as an empty one.
std::vector<Hash> history(const Connection& connection, std::string_view component) {
  constexpr std::string_view sql =
      "SELECT version, sha256 FROM sallyport_migrations WHERE component = ? AND version > 0 ORDER BY version";
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  if (const int code = bind_text(statement.get(), 1, component); code != SQLITE_OK) connection.fail(code, sql);
  std::vector<Hash> hashes;
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) {
    if (sqlite3_column_int64(statement.get(), 0) != static_cast<sqlite3_int64>(hashes.size()) + 1)
      hashes.emplace_back();
    Hash hash{};
    const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement.get(), 1));
    if (sqlite3_column_bytes(statement.get(), 1) == static_cast<int>(hash.size())) {
      for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = bytes[i];
    }
    hashes.push_back(hash);
  }
  if (code != SQLITE_DONE) connection.fail(code, sql);
  return hashes;
}

void record(const Connection& connection, std::string_view component, std::size_t version, const Hash& hash,
            std::chrono::system_clock::time_point now) {
  constexpr std::string_view sql = "INSERT INTO sallyport_migrations VALUES (?, ?, ?, ?)";
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  int code = bind_text(statement.get(), 1, component);
  if (code == SQLITE_OK) code = sqlite3_bind_int64(statement.get(), 2, static_cast<sqlite3_int64>(version));
  if (code == SQLITE_OK) code = sqlite3_bind_blob64(statement.get(), 3, hash.data(), hash.size(), SQLITE_STATIC);
  if (code == SQLITE_OK) code = sqlite3_bind_int64(statement.get(), 4, milliseconds);
  if (code == SQLITE_OK) code = sqlite3_step(statement.get());
  if (code != SQLITE_DONE) connection.fail(code, sql);
}

bool dangling_references(const Connection& connection) {
  constexpr std::string_view sql = "PRAGMA foreign_key_check";
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) connection.fail(code, sql);
  return code == SQLITE_ROW;
}

// The developer's text, without the right to end the transaction it runs in.
void run_step(Connection& connection, const Migration& step, bool own) {
  connection.allow(Allow::tables);
  connection.serve_framework(own);
  try {
    connection.execute(step.sql());
  } catch (...) {
    connection.allow(Allow::everything);
    throw;
  }
  connection.allow(Allow::everything);
}

std::string refused_names(const std::string& why) {
  return "is refused: " + why + ": " + std::string(detail::own_tables_advice);
}

constexpr const char* rows_of_nobody = "leaves rows of which nobody can tell whose they are";

// The steps of one component on the way through its history.
class Progress {
 public:
  explicit Progress(const MigrationComponent& component)
      : component_(component), own_(component.name == detail::own_component) {
    for (const Migration& step : component.steps) hashes_.push_back(sha256(step.sql()));
  }

  /// Runs what the database has not seen.
  MigrationResult bring_up(Connection& connection, std::chrono::system_clock::time_point now);
  /// Compares the history of a database that is only read, and looks at its tables when no step is left to run.
  MigrationResult compare(const Connection& connection);

 private:
  MigrationResult refuse(MigrationError error, std::size_t version, const std::string& why) {
    result_.error = error;
    result_.version = version;
    result_.message = "migration " + std::to_string(version) + " of " + std::string(component_.name) + " " + why;
    return result_;
  }
  // What has run is no beginning of the steps; nothing is refused when it is.
  bool differs(const std::vector<Hash>& done);
  // Also what an earlier version of the program has left there.
  MigrationResult look_at_tables(const Connection& connection, std::size_t version);

  const MigrationComponent& component_;
  const bool own_;
  std::vector<Hash> hashes_;
  MigrationResult result_;
};

bool Progress::differs(const std::vector<Hash>& done) {
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (i == hashes_.size())
      return refuse(MigrationError::newer, i + 1, "has run, and this program does not know it"), true;
    if (done[i] != hashes_[i])
      return refuse(MigrationError::changed, i + 1, "has run with another text: restore it, and add a new step"), true;
  }
  result_.version = done.size();
  return false;
}

MigrationResult Progress::look_at_tables(const Connection& connection, std::size_t version) {
  if (const std::string why = own_ ? std::string() : names_own_tables(connection); !why.empty())
    return refuse(MigrationError::own_tables, version, refused_names(why));
  if (!own_) result_.schema = lost_owners(connection, component_.steps);
  if (!result_.schema.empty()) return refuse(MigrationError::lost_owners, version, rows_of_nobody);
  return result_;
}

MigrationResult Progress::compare(const Connection& connection) {
  std::string_view rest;
  const StatementPtr statement =
      connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sallyport_migrations'", rest);
  if (sqlite3_step(statement.get()) != SQLITE_ROW) return result_;  // no step has run
  const std::vector<Hash> done = history(connection, component_.name);
  if (differs(done) || done.size() < hashes_.size()) return result_;
  return look_at_tables(connection, done.size());
}

MigrationResult Progress::bring_up(Connection& connection, std::chrono::system_clock::time_point now) {
  try {
    connection.execute("PRAGMA foreign_keys=OFF");
    connection.execute(history_table);
    for (;;) {
      // Read again under the lock for each step: another process may be starting as well.
      Step transaction(connection);
      const std::vector<Hash> done = history(connection, component_.name);
      if (differs(done)) return result_;
      if (done.size() == hashes_.size()) return look_at_tables(connection, done.size());

      const std::size_t next = done.size();
      result_.version = next + 1;
      const std::string before = own_schema(connection);
      run_step(connection, component_.steps[next], own_);
      if (!own_) {
        std::string why = names_own_tables(connection);
        if (why.empty() && own_schema(connection) != before) why = "a table or what hangs on it is changed";
        if (!why.empty()) return refuse(MigrationError::own_tables, next + 1, refused_names(why));
      }
      if (dangling_references(connection)) {
        return refuse(MigrationError::foreign_keys, next + 1, "leaves a row that refers to one that does not exist");
      }
      // What the last step leaves: one in between may be mended by a later one.
      if (!own_ && next + 1 == hashes_.size()) result_.schema = lost_owners(connection, component_.steps);
      if (!result_.schema.empty()) return refuse(MigrationError::lost_owners, next + 1, rows_of_nobody);
      record(connection, component_.name, next + 1, hashes_[next], now);
      transaction.commit();
      ++result_.applied;
    }
  } catch (const DatabaseError& error) {
    return refuse(MigrationError::failed, result_.version, std::string("failed: ") + detail::ForTheLog::text(error));
  }
}

}  // namespace

MigrationResult migrate(const DatabaseOptions& options, std::string_view component, std::span<const Migration> steps,
                        std::chrono::system_clock::time_point now) {
  const MigrationComponent all{component, steps};
  Connection connection(options.path, Allow::everything, options.busy_limit, options.now);
  return Progress(all).bring_up(connection, now);
}

MigrationResult try_migrations(const DatabaseOptions& options, std::span<const MigrationComponent> components,
                               std::chrono::system_clock::time_point now) {
  const auto first_refused = [&](auto&& look) {
    MigrationResult result;
    for (const MigrationComponent& component : components) {
      if (result.error == MigrationError::none) result = look(component);
    }
    return result;
  };
  if (is_there(options.path)) {
    Connection file(options.path, Allow::reads, options.busy_limit);
    file.allow(Allow::everything);  // that a connection which can't write can do: the schema is read, too
    bool complete = true;
    MigrationResult found = first_refused([&](const MigrationComponent& component) {
      MigrationResult compared = Progress(component).compare(file);
      complete = complete && compared.version == component.steps.size();
      return compared;
    });
    if (complete || found.error != MigrationError::none) return found;
  }
  // With the tables alone: rows could not be tried without stopping those who write meanwhile.
  Connection memory;
  return first_refused([&](const MigrationComponent& component) { return Progress(component).bring_up(memory, now); });
}

}  // namespace sallyport::data
