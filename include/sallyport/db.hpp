// Db: the database as a handler sees it. `Db&` changes, `const Db&` only reads.
#pragma once

#include <sallyport/changed.hpp>
#include <sallyport/database_error.hpp>
#include <sallyport/detail/build_record.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/job.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/problem.hpp>
#include <sallyport/row.hpp>
#include <sallyport/rows.hpp>
#include <sallyport/sql.hpp>

#include <array>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport {

namespace detail {

/// Reads run beside each other, changes one after the other.
enum class Access : unsigned char { read, write };

/// One connection of a driver, used by one thread. All of it throws DatabaseError.
class Session {
 public:
  /// Runs one statement to its end, in a transaction of its own if none is open: it happens wholly or not at all. With
  /// `plan` the rows go to `result`. Returns the number of changed rows.
  virtual std::int64_t execute(const SqlStatement& sql, std::span<const SqlValue> arguments, const RowPlan* plan,
                               void* result) = 0;
  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  /// Its statements are the framework's own.
  [[nodiscard]] virtual bool of_the_framework() const noexcept { return false; }

 protected:
  ~Session() = default;
};

/// Has `session` execute a statement. One whose values hold a secret that the request has taken out ends the request instead.
std::int64_t run_statement(Session& session, const SqlStatement& sql, std::span<const SqlValue> arguments,
                           const RowPlan* plan, void* result);

/// A database: its queues, and the connection of each worker behind them.
class Engine {
 public:
  virtual JobQueue& queue(Access access) noexcept = 0;
  virtual Session& session(Access access, std::size_t worker) noexcept = 0;
  /// Whether statements of the application run here, so that its code has to look at their errors.
  [[nodiscard]] virtual bool of_the_application() const noexcept { return false; }

 protected:
  ~Engine() = default;
};

/// The common part of all waits for the database.
class DatabaseJob : public Job {
 public:
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    return submit(waiter, *waiter.promise().context);
  }
  /// For the library: true when a worker will have `context.post` called, false when the queue is full.
  bool submit(std::coroutine_handle<> waiter, TaskContext& context) noexcept {
    awaited_ = true;
    if (access_ == Access::write) {
      writes_in_get_ = context.only_reads();
      after_unchanged_ = !context.passed_over().unchanged.empty() && engine_.of_the_application();
      if (writes_in_get_ || after_unchanged_) return false;
    }
    waits(waiter, context);
    if (engine_.queue(access_).submit(*this)) return true;
    not_taken();  // no other thread has `this`, so these writes are safe
    refused_ = true;
    return false;
  }

 protected:
  /// `text` is a literal: what the log says of it.
  DatabaseJob(Engine& engine, Access access, std::string_view text) noexcept
      : engine_(engine), text_(text), access_(access) {}
  /// Does what `given_on` was made for, in its place.
  explicit DatabaseJob(DatabaseJob& given_on) noexcept
      : Job(), engine_(given_on.engine_), text_(given_on.text_), access_(given_on.access_) {
    given_on.awaited_ = true;
  }
  ~DatabaseJob() {
    if (!awaited_) never_awaited("a query was made and never awaited, so nothing has happened: write co_await", text_);
  }

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  Session& session(std::size_t worker) noexcept { return engine_.session(access_, worker); }
  [[nodiscard]] bool of_the_application() const noexcept { return engine_.of_the_application(); }
  void check() const {
    if (writes_in_get_)
      misused("a change of the database while a GET is answered: register the route with post", text_);
    if (after_unchanged_) refuse_after_unchanged();
    if (refused_) throw Overloaded();
    if (failed()) [[unlikely]]
      throw_failure();
  }

 private:
  [[noreturn]] void throw_failure() const;
  [[noreturn]] static void refuse_after_unchanged();

  Engine& engine_;
  std::string_view text_;
  Access access_;
  bool awaited_ = false;
  bool refused_ = false;
  bool writes_in_get_ = false;
  bool after_unchanged_ = false;
};

/// Copies the bytes that `values` view to `store`, and lets them view it.
void own_bytes(std::span<SqlValue> values, std::string& store);

/// A result that may be missing, and then be answered for.
template <class Result>
concept MayBeMissing = requires { typename Result::OrProblem; };
/// A result made of rows, or of their number.
template <class Result>
concept HasRows = requires { Result::plan(); };

/// One query that a coroutine waits for. It holds copies of its arguments.
template <class Result, class... Args>
class [[nodiscard("nothing happens until it is awaited: write co_await before the call")]] PendingQuery final
    : public DatabaseJob {
 public:
  PendingQuery(Engine& engine, const SqlStatement& sql, SqlShape shape, const Args&... args)
      : DatabaseJob(engine, shape.reads ? Access::read : Access::write, sql.text), sql_(sql), values_(args...) {
    own_bytes(values_.all(), bytes_);
  }

  /// Awaited instead: the row itself (or the number of changed rows), or the problem is thrown when there is none.
  auto or_problem(ProblemStatus status, ProblemText title, ProblemText detail = "")
    requires MayBeMissing<Result>
  {
    return PendingQuery<typename Result::OrProblem, Args...>(*this, {Problem(status, title, detail)});
  }

  /// Awaited instead: the number of changed rows, of which none is fine as well.
  auto or_none()
    requires requires { typename Result::OrNone; }
  {
    return PendingQuery<typename Result::OrNone, Args...>(*this, {});
  }

  typename Result::Value await_resume() {
    check();
    if constexpr (HasRows<Result>) {
      return result_.answer();
    } else {
      return result_.answer(changed_, of_the_application() ? text() : std::string_view());
    }
  }

 private:
  template <class, class...>
  friend class PendingQuery;
  template <class Other>
  PendingQuery(PendingQuery<Other, Args...>& given_on, Result result)
      : DatabaseJob(static_cast<DatabaseJob&>(given_on)),
        sql_(given_on.sql_),
        values_(given_on.values_),
        result_(std::move(result)) {
    own_bytes(values_.all(), bytes_);  // moved bytes would lie elsewhere
  }

  void perform(std::size_t worker) override {
    if constexpr (HasRows<Result>) {
      static constexpr RowPlan plan = Result::plan();
      run_statement(session(worker), sql_, values_.all(), &plan, &result_);
    } else {
      changed_ = run_statement(session(worker), sql_, values_.all(), nullptr, nullptr);
    }
  }

  SqlStatement sql_;
  SqlValues<Args...> values_;
  std::string bytes_;
  Result result_;
  std::int64_t changed_ = 0;
};

template <class F>
class PendingTransaction;

template <class T>
concept Awaitable = requires(T& t) { t.await_resume(); };

}  // namespace detail

/// Several statements as one change, inside `db.transaction`. The calls are those of `Db`, except that they answer at
/// once instead of being awaited: the function they are called in runs on the database's thread.
class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // constexpr, so that a compiler that follows P2564 (g++ 14) goes on to the mistake in a query and prints its message.

  /// Exactly one row; else throws RowCountError.
  template <class T, class... Args>
  constexpr T one(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return rows<detail::OneRow<T>>(sql.statement(), args...);
  }
  /// One row or none; throws RowCountError for two.
  template <class T, class... Args>
  constexpr Maybe<T> maybe(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return rows<detail::MaybeRow<T>>(sql.statement(), args...);
  }
  /// The row, or 404 "Not found" when there is none.
  template <class T, class... Args>
  constexpr T found(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return rows<detail::RowOrProblem<T>>(sql.statement(), args...);
  }
  /// All rows, 10,000 at most.
  template <class T, class... Args>
  constexpr Rows<T> all(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return rows<detail::AllRows<T>>(sql.statement(), args...);
  }
  /// How many rows were changed. None has to be looked at: `.or_problem(409, "…")`, `.or_none()`, or the number.
  template <class... Args>
  constexpr Changed run(std::type_identity_t<Sql<detail::SqlUse::change, void, Args...>> sql, const Args&... args) {
    detail::SqlValues<Args...> values(args...);
    const std::int64_t rows = execute(sql.statement(), values.all(), nullptr, nullptr);
    return {rows, of_the_application_ ? sql.text() : std::string_view()};
  }

  /// For the library: runs `work(transaction)` and commits; when it throws, rolls back and lets the exception through. A failure that
  /// `work` has caught and not looked at is no half of a change either.
  template <class F>
  static auto perform(detail::Session& session, F& work, bool of_the_application) {
    Transaction transaction(session, of_the_application);
    if constexpr (std::is_void_v<std::invoke_result_t<F&, Transaction&>>) {
      work(transaction);
      transaction.commit();
    } else {
      auto answer = work(transaction);
      transaction.commit();
      return answer;
    }
  }

 private:
  Transaction(detail::Session& session, bool of_the_application)
      : session_(session), of_the_application_(of_the_application) {
    if (detail::current_context) before_ = detail::current_context->passed_over();
    session_.begin();
  }
  ~Transaction() {
    if (committed_) return;
    session_.rollback();
    if (detail::current_context) detail::current_context->passed_over(before_);
  }
  void commit();

  template <class Result, class... Args>
  typename Result::Value rows(const detail::SqlStatement& sql, const Args&... args) {
    static constexpr detail::RowPlan plan = Result::plan();
    detail::SqlValues<Args...> values(args...);
    Result result;
    execute(sql, values.all(), &plan, &result);
    return result.answer();
  }
  std::int64_t execute(const detail::SqlStatement& sql, std::span<const detail::SqlValue> arguments,
                       const detail::RowPlan* plan, void* result);

  detail::Session& session_;
  detail::TaskContext::PassedOver before_;
  bool of_the_application_;
  bool committed_ = false;
};

namespace detail {

/// A transaction that a coroutine waits for.
template <class F>
class [[nodiscard("nothing happens until it is awaited: write co_await before the call")]] PendingTransaction final
    : public DatabaseJob {
  using Answer = std::invoke_result_t<F&, Transaction&>;
  static_assert(
      !Awaitable<Answer>,
      "DATA-003: the function of a transaction can't wait (it holds the writer): no co_await inside, return a value");
  static_assert(!std::is_reference_v<Answer>, "DATA-003: the function of a transaction returns a value");
  static_assert(!std::is_nothrow_invocable_v<F&, Transaction&>,
                "DATA-006: the function of a transaction is not noexcept: what a statement throws in it takes the "
                "transaction back; thrown out of a noexcept function it ends the process");
  using Stored = std::conditional_t<std::is_void_v<Answer>, bool, Answer>;

 public:
  PendingTransaction(Engine& engine, F work)
      : DatabaseJob(engine, Access::write, "a transaction"), work_(std::move(work)) {}

  Answer await_resume() {
    check();
    if constexpr (!std::is_void_v<Answer>) return std::move(*answer_);
  }

 private:
  void perform(std::size_t worker) override {
    if constexpr (std::is_void_v<Answer>) {
      Transaction::perform(session(worker), work_, of_the_application());
    } else {
      answer_.emplace(Transaction::perform(session(worker), work_, of_the_application()));
    }
  }

  F work_;
  std::optional<Stored> answer_;
};

}  // namespace detail

/// The database. Queries are literals checked by the compiler (see `Sql`), values travel bound, rows become structs
/// whose fields are named like the columns:
///
///     auto note  = co_await db.one<Note>("SELECT * FROM notes WHERE id = ?", id);
///     auto count = co_await db.one<std::int64_t>("SELECT count(*) FROM notes WHERE owner = ?", me.id);
///     co_await db.run("DELETE FROM notes WHERE id = ? AND owner = ?", id, me.id).or_problem(404, "No such note");
///
/// Nothing blocks the event loop: reads run on two threads with connections that can't write, changes one after the
/// other on a third. Each statement happens wholly or not at all. A result sees every change that was awaited before.
/// All of them throw `DatabaseError` (`Conflict`, `BrokenReference`, `RowCountError`), or `Overloaded` when 1024 queries wait already.
///
/// How values are stored: text as TEXT, integers, bool (0, 1) and enums as INTEGER, floating point as REAL, `Id` as a
/// BLOB of 16 bytes (`hex(id)` shows it in the sqlite3 shell), time points as INTEGER, milliseconds since 1970, bytes
/// as BLOB, an empty optional as NULL. Reading converts nothing: another type in the column, NULL outside an optional
/// or a number that does not fit is an error. Declare tables STRICT, so that such a value can't get in.
///
/// The row type is strict both ways: a column without a field and a field without a column are errors.
class Db {
 public:
  explicit Db(detail::Engine& engine) noexcept : engine_(engine) {}
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  /// Exactly one row as a `T` (a struct, or the value of the only column). Else throws RowCountError, nothing changed.
  template <class T, class... Args>
  auto one(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return detail::PendingQuery<detail::OneRow<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }
  template <class T, class... Args>
  auto one(std::type_identity_t<Sql<detail::SqlUse::read, T, Args...>> sql, const Args&... args) const {
    return detail::PendingQuery<detail::OneRow<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }

  /// `Maybe<T>`: the row, or nothing when there is none. Two rows throw RowCountError, nothing changed.
  /// `co_await db.maybe<T>(…).or_problem(404, "No such note")` is the row itself, or that answer.
  template <class T, class... Args>
  auto maybe(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return detail::PendingQuery<detail::MaybeRow<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }
  template <class T, class... Args>
  auto maybe(std::type_identity_t<Sql<detail::SqlUse::read, T, Args...>> sql, const Args&... args) const {
    return detail::PendingQuery<detail::MaybeRow<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }

  /// The row as a `T`, or 404 "Not found" when there is none.
  template <class T, class... Args>
  auto found(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return detail::PendingQuery<detail::RowOrProblem<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }
  template <class T, class... Args>
  auto found(std::type_identity_t<Sql<detail::SqlUse::read, T, Args...>> sql, const Args&... args) const {
    return detail::PendingQuery<detail::RowOrProblem<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }

  /// `Rows<T>`: all rows. More than 10,000 throw RowCountError, nothing changed: add LIMIT.
  template <class T, class... Args>
  auto all(std::type_identity_t<Sql<detail::SqlUse::rows, T, Args...>> sql, const Args&... args) {
    return detail::PendingQuery<detail::AllRows<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }
  template <class T, class... Args>
  auto all(std::type_identity_t<Sql<detail::SqlUse::read, T, Args...>> sql, const Args&... args) const {
    return detail::PendingQuery<detail::AllRows<T>, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }

  /// `Changed`: how many rows an INSERT, UPDATE or DELETE changed. None has to be looked at: `.or_problem(404, "No such note")` at the end of
  /// the call answers that, `.or_none()` says that none is fine as well.
  template <class... Args>
  auto run(std::type_identity_t<Sql<detail::SqlUse::change, void, Args...>> sql, const Args&... args) {
    return detail::PendingQuery<detail::NoRows, Args...>(engine_, sql.statement(), sql.shape(), args...);
  }
  /// Several statements as one change:
  ///
  ///     co_await db.transaction([&](sp::Transaction& tx) {
  ///       tx.run("UPDATE accounts SET credit = credit - ? WHERE id = ? AND credit >= ?", sum, from, sum).or_problem(409, "Not enough");
  ///       tx.run("UPDATE accounts SET credit = credit + ? WHERE id = ?", sum, to).or_problem(404, "No such account");
  ///     });
  ///
  /// The function runs on the database's only writing thread, so it should do nothing slow; it may use the handler's
  /// variables, which wait meanwhile. What it returns is the answer. When it throws, nothing has changed and the
  /// exception arrives here. All its statements together have the time of one (5 s).
  template <class F>
    requires std::invocable<F&, Transaction&>
  auto transaction(F work) {
    return detail::PendingTransaction<F>(engine_, std::move(work));
  }

  // Functions that a read-only Db lacks, declared for their error message.
  template <class... Args>
  __attribute__((unavailable("SQL-005: const Db& only reads: take Db&, which a GET handler may not")))
  detail::PendingQuery<detail::NoRows>
  run(std::type_identity_t<Sql<detail::SqlUse::change, void, Args...>>, const Args&...) const;
  template <class F>
    requires std::invocable<F&, Transaction&>
  __attribute__((unavailable("SQL-005: const Db& only reads: take Db&, which a GET handler may not")))
  detail::PendingTransaction<F>
      transaction(F) const;

 private:
  detail::Engine& engine_;
};

}  // namespace sallyport
