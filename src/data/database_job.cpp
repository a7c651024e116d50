// What the code of an application has to look at: errors of its statements, and statements that changed nothing. And what no statement may
// be bound to.
#include <sallyport/db.hpp>
#include <sallyport/detail/sql_tokens.hpp>

#include "base/request_secrets.hpp"

#include <algorithm>
#include <exception>

namespace sallyport {
namespace {

bool holds_secret(const detail::RequestSecrets& secrets, const detail::SqlValue& value) noexcept {
  using Kind = detail::SqlValue::Kind;
  switch (value.kind) {
    case Kind::text:
    case Kind::blob:
      return secrets.held_by(value.bytes);
    case Kind::integer:
      return secrets.are(value.integer);
    case Kind::real:  // compared as such: not every one fits an integer
      return value.real >= 0 && value.real < 1e15 && secrets.are(static_cast<std::int64_t>(value.real));
    default:
      return false;
  }
}

}  // namespace

std::int64_t detail::run_statement(Session& session, const SqlStatement& sql, std::span<const SqlValue> arguments,
                                   const RowPlan* plan, void* result) {
  // Its thread waits for this one.
  const RequestSecrets* const secrets = current_context ? current_context->secrets() : nullptr;
  if (secrets && !session.of_the_framework() &&
      std::ranges::any_of(arguments, [&](const SqlValue& value) { return holds_secret(*secrets, value); }))
    misused(
        "a code, a password or a key that the request took out was bound to a statement, which has not run: of a code "
        "keep codes.digest(…), of a password nothing, since attempt.create(…) keeps its hash",
        sql.text);
  return session.execute(sql, arguments, plan, result);
}

// Who catches a conflict or a count of rows by its type knows what happened.
void detail::DatabaseJob::throw_failure() const {
  try {
    rethrow_failure();
  } catch (const Conflict&) {
    throw;
  } catch (const BrokenReference&) {
    throw;
  } catch (const RowCountError&) {
    throw;
  } catch (const DatabaseError& error) {
    if (engine_.of_the_application()) ForTheLog::note(error, text_);
    throw;
  }
  std::terminate();  // called only for what has failed
}

namespace {

constexpr const char* no_row_looked_at =
    "a statement changed no row, and nobody looked at the number: write .or_problem(409, \"…\") behind the call, "
    ".or_none() where that is fine, or look at the number";

// An INSERT that names itself what happens to a row that is there already.
bool may_insert_none(std::string_view statement) {
  detail::SqlScanner words(statement);
  detail::SqlToken before = words.next();
  bool inserts = before.is("insert");
  for (detail::SqlToken word = words.next(); word.kind != detail::SqlTokenKind::end; word = words.next()) {
    inserts = inserts || word.is("insert");
    if (inserts && ((before.is("or") && word.is("ignore")) || (before.is("do") && word.is("nothing")))) return true;
    before = word;
  }
  return false;
}

}  // namespace

void detail::none_changed(std::string_view statement) noexcept {
  if (current_context && std::uncaught_exceptions() == 0 && !may_insert_none(statement))
    current_context->note_unchanged(statement);
}

void detail::DatabaseJob::refuse_after_unchanged() {
  misused(no_row_looked_at, current_context ? current_context->passed_over().unchanged : std::string_view());
}

std::int64_t Transaction::execute(const detail::SqlStatement& sql, std::span<const detail::SqlValue> arguments,
                                  const detail::RowPlan* plan, void* result) {
  try {
    return detail::run_statement(session_, sql, arguments, plan, result);
  } catch (const RowCountError&) {
    throw;
  } catch (const DatabaseError& error) {
    detail::ForTheLog::note(error, sql.text);
    throw;
  }
}

void Transaction::commit() {
  if (detail::current_context) {
    const detail::TaskContext::PassedOver& now = detail::current_context->passed_over();
    if (now.failures > before_.failures)
      detail::misused(
          "a statement of a transaction failed, and its error was caught and not looked at, so nothing of the "
          "transaction "
          "has happened: let the error through, look at error.kind(), or write INSERT … ON CONFLICT DO NOTHING",
          now.failed);
    if (!now.unchanged.empty()) detail::misused(no_row_looked_at, now.unchanged);
  }
  session_.commit();
  committed_ = true;
}

}  // namespace sallyport
