// A connection as queries use it: statements kept prepared, values bound, rows read, time limited.
#include "data/sqlite_session.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bit>
#include <new>

#include <sallyport/database_error.hpp>

namespace sallyport::data {
namespace {

using detail::RowPlan;
using detail::SqlValue;

// In the order of SqliteSession::Control. IMMEDIATE: the write lock is taken here, never in the middle.
constexpr std::array<std::string_view, 6> controls{
    "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT one_change", "RELEASE one_change", "ROLLBACK TO one_change"};

[[nodiscard]] int bind(sqlite3_stmt* statement, int index, const SqlValue& value) noexcept {
  // A null pointer would be NULL: an empty text is none. SQLITE_STATIC: the values outlive the execution.
  const char* const bytes = value.bytes.data() ? value.bytes.data() : "";
  switch (value.kind) {
    case SqlValue::Kind::null:
      return sqlite3_bind_null(statement, index);
    case SqlValue::Kind::integer:
      return sqlite3_bind_int64(statement, index, value.integer);
    case SqlValue::Kind::real:
      return sqlite3_bind_double(statement, index, value.real);
    case SqlValue::Kind::text:
      return sqlite3_bind_text64(statement, index, bytes, value.bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
    case SqlValue::Kind::blob:
      return sqlite3_bind_blob64(statement, index, bytes, value.bytes.size(), SQLITE_STATIC);
    case SqlValue::Kind::list:
    case SqlValue::Kind::choice:
      break;  // not bound: see `execute`
  }
  return SQLITE_MISUSE;
}

// Which column fills which field; and the row, once there is one.
class SqliteRow final : public detail::Row {
 public:
  SqliteRow(sqlite3_stmt* statement, std::string_view sql, std::span<const std::string_view> fields)
      : statement_(statement), sql_(sql) {
    const auto columns = static_cast<std::size_t>(sqlite3_column_count(statement));
    if (fields.empty()) {
      if (columns != 1) throw DatabaseError(DatabaseError::Kind::shape, in_query("one value needs one column"));
      return;
    }
    for (std::size_t field = 0; field < fields.size(); ++field) {
      std::size_t column = field < columns && name(field) == fields[field] ? field : 0;
      while (column < columns && name(column) != fields[field]) ++column;
      if (column == columns) refuse_shape(fields);
      column_of_[field] = static_cast<unsigned char>(column);
    }
    // Each field has found a column of its name. As many columns as fields: then none is left over and none is double.
    if (columns != fields.size()) refuse_shape(fields);
  }

  SqlValue value(std::size_t field) const override {
    const int column = column_of_[field];
    SqlValue value;
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_INTEGER:
        value.kind = SqlValue::Kind::integer;
        value.integer = sqlite3_column_int64(statement_, column);
        break;
      case SQLITE_FLOAT:
        value.kind = SqlValue::Kind::real;
        value.real = sqlite3_column_double(statement_, column);
        break;
      case SQLITE_TEXT: {
        value.kind = SqlValue::Kind::text;
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        if (!text) throw std::bad_alloc();
        value.bytes = {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
        break;
      }
      case SQLITE_BLOB: {
        value.kind = SqlValue::Kind::blob;
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));  // null when empty
        value.bytes = {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
        break;
      }
      default:
        break;
    }
    return value;
  }

  void refuse(std::size_t field, const char* why, bool range) const override {
    throw DatabaseError(range ? DatabaseError::Kind::out_of_range : DatabaseError::Kind::shape,
                        in_query("column " + std::string(name(column_of_[field])) + " " + why));
  }

 private:
  std::string_view name(std::size_t column) const {
    const char* const name = sqlite3_column_name(statement_, static_cast<int>(column));
    if (!name) throw std::bad_alloc();
    return name;
  }
  std::string in_query(std::string message) const { return message.append(", in: ").append(sql_); }

  [[noreturn]] void refuse_shape(std::span<const std::string_view> fields) const {
    std::string message = "the fields of the struct (";
    for (const auto& field : fields) message.append(field).append(" ");
    message += ") are not the columns of the statement (";
    for (int i = 0; i < sqlite3_column_count(statement_); ++i)
      message.append(name(static_cast<std::size_t>(i))).append(" ");
    throw DatabaseError(DatabaseError::Kind::shape, in_query(message + ")"));
  }

  sqlite3_stmt* statement_;
  std::string_view sql_;
  std::array<unsigned char, detail::max_fields> column_of_{};
};

// A statement at work. Afterwards it is ready for its next use, without the values of this one.
class Execution {
 public:
  Execution(const Connection& connection, sqlite3_stmt* statement, std::string_view sql)
      : connection_(connection), statement_(statement), sql_(sql) {}
  ~Execution() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  void run(std::span<const SqlValue> arguments, const RowPlan* plan, void* result) {
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_)) != arguments.size()) {
      throw DatabaseError(DatabaseError::Kind::other, in_query("as many values as ? are needed"));
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (const int code = bind(statement_, static_cast<int>(i) + 1, arguments[i]); code != SQLITE_OK) {
        connection_.fail(code, sql_);
      }
    }
    bool row = step();
    if (!plan) {
      while (row) row = step();
      return;
    }
    // After the first step: by then SQLite has prepared it again, had the tables changed.
    const SqliteRow reader(statement_, sql_, plan->fields);
    std::size_t rows = 0;
    for (; row; row = step()) {
      if (++rows > plan->max_rows) throw RowCountError(in_query("more rows than asked for"));
      plan->take(result, reader);
    }
    if (rows < plan->min_rows) throw RowCountError(in_query("no row"));
  }

 private:
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) connection_.fail(code, sql_);
    return code == SQLITE_ROW;
  }
  std::string in_query(std::string message) const { return message.append(", in: ").append(sql_); }

  const Connection& connection_;
  sqlite3_stmt* statement_;
  std::string_view sql_;
};

}  // namespace

// A change that answers rows has happened before its rows are looked at; it is taken back when they are not what was
// asked for.
class SqliteSession::OneChange {
 public:
  explicit OneChange(SqliteSession& session) : session_(session), nested_(session.connection_.in_transaction()) {
    session_.control(nested_ ? savepoint : begin_immediate);
  }
  ~OneChange() {
    if (kept_) return;
    if (!nested_) {
      session_.rollback();
    } else if (session_.connection_.in_transaction()) {
      session_.try_control(undo);
      session_.try_control(release);
    }
  }
  OneChange(const OneChange&) = delete;
  OneChange& operator=(const OneChange&) = delete;

  void keep() {
    session_.control(nested_ ? release : commit_all);
    kept_ = true;
  }

 private:
  SqliteSession& session_;
  const bool nested_;
  bool kept_ = false;
};

SqliteSession::SqliteSession(const std::string& path, Allow allow, std::chrono::milliseconds busy_limit,
                             std::chrono::milliseconds statement_limit, const base::Clock* now)
    : connection_(path, allow, busy_limit, now), reads_only_(allow == Allow::reads), statement_limit_(statement_limit) {
  if (reads_only_) return;
  for (std::size_t i = 0; i < controls.size(); ++i) {
    std::string_view rest;
    controls_[i] = connection_.prepare(controls[i], rest, true);
  }
}

namespace {

// A list is padded to one of few lengths, so that a statement has few texts.
std::size_t listed_length(std::size_t size) noexcept { return size == 0 ? 0 : std::bit_ceil(size); }

// The text with as many ? as are bound, and with the column to order by.
std::string text_of(std::string_view literal, std::size_t listed, std::string_view choice) {
  std::string text;
  const char* from = literal.data();
  detail::SqlScanner scanner(literal);
  for (detail::SqlToken token = scanner.next(); token.kind != detail::SqlTokenKind::end; token = scanner.next()) {
    const bool list = token.kind == detail::SqlTokenKind::list;
    if (!list && token.kind != detail::SqlTokenKind::choice) continue;
    text.append(from, token.text.data());
    from = token.text.data() + token.text.size();
    if (!list) text += choice;
    for (std::size_t i = 0; list && i < listed; ++i) text += i == 0 ? "?" : ", ?";
  }
  return text.append(from, literal.data() + literal.size());
}

}  // namespace

// Prepared once it is known whose rows it is about. The framework's own statements are not asked.
StatementPtr SqliteSession::checked(const StatementKey& key) {
  const bool asked = !connection_.serves_framework() && !key.facts->every_owner;
  const std::string varied = key.facts->varies ? text_of(key.literal, key.listed, key.choice) : std::string();
  const std::string_view sql = key.facts->varies ? std::string_view(varied) : key.literal;
  const auto refuse = [&](const std::string& why) {
    if (!why.empty()) throw DatabaseError(DatabaseError::Kind::other, why + ", in: " + std::string(key.literal));
  };
  std::vector<TouchedTable> touched;
  if (asked) {
    const Allow allow = connection_.allows();
    connection_.allow(Allow::everything);
    try {
      row_owners_.refresh(connection_);
    } catch (...) {
      connection_.allow(allow);
      throw;
    }
    connection_.allow(allow);
    refuse(row_owners_.refuse({key.literal, key.facts}));
    connection_.note_tables(&touched);
  }
  std::string_view rest;
  StatementPtr statement;
  try {
    statement = connection_.prepare(sql, rest, true);
  } catch (...) {
    connection_.note_tables(nullptr);
    throw;
  }
  connection_.note_tables(nullptr);
  if (!statement || !rest.empty() || (reads_only_ && sqlite3_stmt_readonly(statement.get()) == 0)) {
    throw DatabaseError(DatabaseError::Kind::other, "not one statement for this connection, in: " + std::string(sql));
  }
  if (asked) refuse(row_owners_.refuse_hidden(touched, sqlite3_stmt_readonly(statement.get()) != 0));
  return statement;
}

sqlite3_stmt* SqliteSession::prepared(const StatementKey& key) {
  StatementCache& statements = connection_.serves_framework() ? own_statements_ : statements_;
  sqlite3_stmt* const found = statements.find(key);
  return found ? found : statements.keep(key, checked(key));
}

std::int64_t SqliteSession::execute(const detail::SqlStatement& sql, std::span<const SqlValue> arguments,
                                    const RowPlan* plan, void* result) {
  if (!in_transaction_) {
    start_clock();
  } else if (!connection_.in_transaction()) {
    // SQLite has rolled back on its own (disk full, interrupted) and the caller went on: nothing may happen by halves.
    throw DatabaseError(DatabaseError::Kind::other,
                        "the transaction has been rolled back, in: " + std::string(sql.text));
  }
  StatementKey key{sql.text, sql.facts};
  if (sql.facts->varies) {
    values_.clear();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].kind == SqlValue::Kind::choice) {
        key.choice = arguments[i].bytes;
      } else if (arguments[i].kind == SqlValue::Kind::list) {
        const auto size = static_cast<std::size_t>(arguments[i].integer);
        key.listed = listed_length(size);
        // The last one again changes nothing, neither for IN nor for NOT IN.
        for (std::size_t n = 0; n < key.listed; ++n) values_.push_back(arguments[i + 1 + std::min(n, size - 1)]);
        i += size;
      } else {
        values_.push_back(arguments[i]);
      }
    }
    arguments = values_;
  }
  sqlite3_stmt* const statement = prepared(key);
  if (!plan || sqlite3_stmt_readonly(statement) != 0) {
    Execution(connection_, statement, sql.text).run(arguments, plan, result);
  } else {
    OneChange change(*this);
    Execution(connection_, statement, sql.text).run(arguments, plan, result);
    change.keep();
  }
  return sqlite3_changes64(connection_.get());
}

// For the whole execution: SQLite prepares a statement again by itself when the tables have changed.
std::int64_t SqliteSession::Own::execute(const detail::SqlStatement& sql, std::span<const SqlValue> arguments,
                                         const RowPlan* plan, void* result) {
  struct Serving {
    explicit Serving(Connection& the_connection) noexcept : connection(the_connection) {
      connection.serve_framework(true);
    }
    ~Serving() { connection.serve_framework(false); }
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;
    Connection& connection;
  };
  const Serving serving(session_.connection_);
  return session_.execute(sql, arguments, plan, result);
}

void SqliteSession::begin() {
  start_clock();
  control(begin_immediate);
  in_transaction_ = true;
}

void SqliteSession::commit() {
  if (!connection_.in_transaction()) {
    throw DatabaseError(DatabaseError::Kind::other, "the transaction has been rolled back, in: COMMIT");
  }
  control(commit_all);
  in_transaction_ = false;
}

void SqliteSession::rollback() noexcept {
  in_transaction_ = false;
  if (connection_.in_transaction()) try_control(rollback_all);
}

int SqliteSession::try_control(Control which) noexcept {
  sqlite3_stmt* const statement = controls_[which].get();
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  return code;
}

void SqliteSession::control(Control which) {
  if (const int code = try_control(which); code != SQLITE_DONE) connection_.fail(code, controls[which]);
}

void SqliteSession::start_clock() noexcept {
  connection_.set_deadline(std::chrono::steady_clock::now() + statement_limit_);
}

}  // namespace sallyport::data
