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
#include "data/driver.hpp"
#include "data/sqlite_session.hpp"

namespace sallyport::data {

class Database final : public detail::Engine, public OpenDatabase {
 public:
  /// Opens the file. Throws OpenError. Run the migrations first (`migrate`).
  explicit Database(const DatabaseOptions& options);

  [[nodiscard]] Db& db() noexcept override { return db_; }
  [[nodiscard]] const Db& reader() noexcept override { return reader_db_; }
  [[nodiscard]] Db& own() noexcept override { return own_db_; }
  [[nodiscard]] detail::Engine& own_engine() noexcept override { return own_; }

  /// Runs `work(sp::Transaction&)` as one transaction on the writer's thread and waits for it, with the framework's rights. For start-up,
  /// shut-down, tools and tests: never on an event loop. Throws what `work` throws, DatabaseError, Overloaded.
  template <class F>
  auto run_blocking(F work) {
    detail::PendingTransaction<F> job(own_, std::move(work));
    wait_for(job);
    return job.await_resume();
  }

  detail::JobQueue& queue(detail::Access access) noexcept override {
    return access == detail::Access::read ? readers_ : writer_;
  }
  detail::Session& session(detail::Access access, std::size_t worker) noexcept override {
    return session_of(access, worker);
  }
  [[nodiscard]] bool of_the_application() const noexcept override { return true; }

 private:
  SqliteSession& session_of(detail::Access access, std::size_t worker) noexcept {
    return access == detail::Access::read ? *reader_sessions_[worker] : writer_session_;
  }

  // Reads and writes both lead to the readers.
  class ReadOnly final : public detail::Engine {
   public:
    explicit ReadOnly(Database& database) noexcept : database_(database) {}
    detail::JobQueue& queue(detail::Access) noexcept override { return database_.queue(detail::Access::read); }
    detail::Session& session(detail::Access, std::size_t worker) noexcept override {
      return database_.session(detail::Access::read, worker);
    }
    [[nodiscard]] bool of_the_application() const noexcept override { return true; }

   private:
    Database& database_;
  };

  // The same queues and connections, with the framework's rights.
  class Own final : public detail::Engine {
   public:
    explicit Own(Database& database) noexcept : database_(database) {}
    detail::JobQueue& queue(detail::Access access) noexcept override { return database_.queue(access); }
    detail::Session& session(detail::Access access, std::size_t worker) noexcept override {
      return database_.session_of(access, worker).own();
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
  Own own_{*this};
  Db db_{*this};
  Db reader_db_{read_only_};
  Db own_db_{own_};
  base::WorkerPool writer_;
  base::WorkerPool readers_;
};

}  // namespace sallyport::data
