// What goes wrong in a database, as types a handler can catch. The texts are for the log: a handler can't read them.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/job.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace sallyport {

namespace detail {
struct ForTheLog;
}

/// Thrown by `co_await db.…` on the handler's own event loop. Uncaught it is a 500 (`busy` and `full`: 503; `unique` and `foreign_key`: 409) whose body says
/// nothing of it, and a line in the log that names the constraint or columns and the query, never a value. Whoever catches it sees
/// `kind()`; `what()` says "database error" and nothing else, so that no answer can hold more. `log.error("import_failed", error)` writes
/// the line for an error that was caught. Caught and not looked at (`catch (...) {}`), it ends the request with 500 where the answer would say
/// that all went well; the types below do not, since who catches these knows what happened.
class DatabaseError : public std::runtime_error {
 public:
  enum class Kind : unsigned char {
    unique,       ///< a UNIQUE or PRIMARY KEY constraint: also thrown as `Conflict`
    foreign_key,  ///< a FOREIGN KEY constraint: also thrown as `BrokenReference`
    check,        ///< a CHECK constraint, or a RAISE of a trigger
    not_null,     ///< NULL for a NOT NULL column
    type,         ///< a value of the wrong type for a column of a STRICT table
    busy,         ///< another process held the write lock too long
    full,         ///< the disk is full, or the database has reached its size limit
    timed_out,    ///< the statement or transaction ran longer than `statement_limit`
    row_count,  ///< `one` without exactly one row, `maybe` with two, `all` with more than 10,000: also `RowCountError`
    shape,      ///< the columns are not the fields of the struct, or a column's value does not fit its field
    out_of_range,  ///< a number that SQLite can't hold (above 2⁶³-1, NaN), or that the field can't
    other,         ///< everything else: I/O, corruption, a query that does not fit the tables
  };

  DatabaseError(Kind kind, const std::string& for_the_log)
      : std::runtime_error("database error"), text_(for_the_log), kind_(kind) {}

  [[nodiscard]] Kind kind() const noexcept {
    looked_at();
    return kind_;
  }

 private:
  friend struct detail::ForTheLog;
  void looked_at() const noexcept {
    if (noted_.empty()) return;
    if (detail::current_context) detail::current_context->failure_looked_at(noted_);
    noted_ = {};
  }

  std::runtime_error text_;  // copied without an allocation, as exceptions have to be
  Kind kind_;
  mutable std::string_view noted_;  // the statement, as the request knows it, until somebody has looked
};

/// A UNIQUE or PRIMARY KEY constraint was violated: what was to be created exists. Usually answered with 409.
class Conflict final : public DatabaseError {
 public:
  explicit Conflict(const std::string& for_the_log) : DatabaseError(Kind::unique, for_the_log) {}
};

/// A FOREIGN KEY constraint was violated: what a row refers to is not there, or rows still refer to what was to be deleted. Uncaught it is a
/// 409 whose body says this.
class BrokenReference final : public DatabaseError {
 public:
  explicit BrokenReference(const std::string& for_the_log) : DatabaseError(Kind::foreign_key, for_the_log) {}
};

/// Not as many rows as asked for. Nothing was changed.
class RowCountError final : public DatabaseError {
 public:
  explicit RowCountError(const std::string& for_the_log) : DatabaseError(Kind::row_count, for_the_log) {}
};

namespace detail {

/// For the library's log: what an error is about.
struct ForTheLog {
  static const char* text(const DatabaseError& error) noexcept {
    error.looked_at();
    return error.text_.what();
  }
  /// `statement`, a literal of a program, has thrown it: its code has to look at it.
  static void note(const DatabaseError& error, std::string_view statement) noexcept {
    error.noted_ = statement;
    if (current_context) current_context->note_failed_statement(statement);
  }
};

}  // namespace detail

}  // namespace sallyport
