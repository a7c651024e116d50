// The SQLite database of a service: one writer, a few readers, a bounded queue before each.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <sallyport/db.hpp>

#include "base/worker_pool.hpp"
#include "data/sqlite_session.hpp"

namespace sallyport::data {

struct DatabaseOptions {
  std::string path;                                 ///< the file; made with its directory (0600, 0700) if missing
  std::size_t readers = 2;                          ///< threads that read, each with a connection of its own
  std::size_t queue_limit = 1024;                   ///< queries that wait for a reader, and for the writer, at most
  std::chrono::milliseconds statement_limit{5000};  ///< a statement or transaction that takes longer is interrupted
  std::chrono::milliseconds busy_limit{2000};       ///< how long a lock of another process is waited for
};

class Database final : public detail::Engine {
 public:
  /// Opens the file. Throws OpenError. Run the migrations first (`migrate`).
  explicit Database(const DatabaseOptions& options);

  /// What handlers that may change something get, as `Db&`.
  [[nodiscard]] Db& db() noexcept { return db_; }
  /// What all others get. Its connections can't write: a `const_cast` gains nothing.
  [[nodiscard]] const Db& reader() noexcept { return reader_db_; }

  /// Runs `work(sp::Transaction&)` as one transaction on the writer's thread and waits for it. For start-up, shut-down
  /// and tests: never on an event loop. Throws what `work` throws, DatabaseError, Overloaded.
  template <class F>
  auto run_blocking(F work) {
    detail::PendingTransaction<F> job(*this, std::move(work));
    wait_for(job);
    return job.await_resume();
  }

  detail::JobQueue& queue(detail::Lane lane) noexcept override {
    return lane == detail::Lane::read ? readers_ : writer_;
  }
  detail::Session& session(detail::Lane lane, std::size_t worker) noexcept override {
    return lane == detail::Lane::read ? *reader_sessions_[worker] : writer_session_;
  }

 private:
  // Both lanes lead to the readers.
  class ReadOnly final : public detail::Engine {
   public:
    explicit ReadOnly(Database& database) noexcept : database_(database) {}
    detail::JobQueue& queue(detail::Lane) noexcept override { return database_.queue(detail::Lane::read); }
    detail::Session& session(detail::Lane, std::size_t worker) noexcept override {
      return database_.session(detail::Lane::read, worker);
    }

   private:
    Database& database_;
  };

  // Stands in for an event loop: wakes the thread that waits.
  class Wait final : public detail::TaskContext {
   public:
    void post(detail::Job&) noexcept override {
      const std::lock_guard lock(mutex_);
      done_ = true;
      wake_.notify_one();  // under the lock: afterwards this object may be gone
    }
    void resume(detail::Job&) noexcept override {}
    void wait() {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return done_; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool done_ = false;
  };

  static void wait_for(detail::DatabaseJob& job) {
    Wait wait;
    if (job.submit({}, wait)) wait.wait();
  }

  // Connections before pools: a pool's threads end before what they use.
  SqliteSession writer_session_;
  std::vector<std::unique_ptr<SqliteSession>> reader_sessions_;
  ReadOnly read_only_{*this};
  Db db_{*this};
  Db reader_db_{read_only_};
  base::WorkerPool writer_;
  base::WorkerPool readers_;
};

}  // namespace sallyport::data
