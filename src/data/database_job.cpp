// Statements of an application that failed: their errors are looked at, or the request that passes over them ends.
#include <sallyport/db.hpp>

#include <exception>

namespace sallyport {

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
    return session_.execute(sql, arguments, plan, result);
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
