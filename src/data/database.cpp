// The SQLite database of a service: one writer, a few readers, a bounded queue before each.
#include "data/database.hpp"

namespace sallyport::data {
namespace {

std::vector<std::unique_ptr<SqliteSession>> open_readers(const DatabaseOptions& options) {
  std::vector<std::unique_ptr<SqliteSession>> readers;
  for (std::size_t i = 0; i < options.readers; ++i) {
    readers.push_back(std::make_unique<SqliteSession>(options.path, Allow::reads, options.busy_limit,
                                                      options.statement_limit, options.now));
  }
  return readers;
}

}  // namespace

Database::Database(const DatabaseOptions& options)
    : writer_session_(options.path, Allow::changes, options.busy_limit, options.statement_limit, options.now),
      reader_sessions_(open_readers(options)),
      writer_(1, options.queue_limit, options.queue_limit / 2),
      readers_(options.readers, options.queue_limit, options.queue_limit / 2) {}

}  // namespace sallyport::data
