// Statements of an application that failed: their errors are looked at, or the request that passes over them ends.
// And what no statement may be bound to.
#include <sallyport/db.hpp>

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

// What the code of an application has to look at. Who catches a conflict or a count of rows by its type knows what happened.
void detail::DatabaseJob::throw_failure() const {
  if (current_context) current_context->failure_looked_at();  // of a transaction that it has ended
  try {
    rethrow_failure();
  } catch (const Conflict&) {
    throw;
  } catch (const BrokenReference&) {
    throw;
  } catch (const RowCountError&) {
    throw;
  } catch (const DatabaseError&) {
    if (current_context && engine_.of_the_application()) current_context->note_failed_statement(text_);
    throw;
  }
  std::terminate();  // called only for what has failed
}

std::int64_t Transaction::execute(const detail::SqlStatement& sql, std::span<const detail::SqlValue> arguments,
                                  const detail::RowPlan* plan, void* result) {
  try {
    return detail::run_statement(session_, sql, arguments, plan, result);
  } catch (const RowCountError&) {
    throw;
  } catch (const DatabaseError&) {
    failed_ = true;
    if (detail::current_context) detail::current_context->note_failed_statement(sql.text);
    throw;
  }
}

void Transaction::commit() {
  if (failed_ && detail::current_context && !detail::current_context->failed_statement().empty())
    detail::misused(
        "a statement of a transaction failed, and its error was caught and not looked at, so nothing of the "
        "transaction "
        "has happened: let the error through, look at error.kind(), or write INSERT … ON CONFLICT DO NOTHING",
        detail::current_context->failed_statement());
  session_.commit();
  committed_ = true;
}

}  // namespace sallyport
