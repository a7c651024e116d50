// Attempts counted in the service's database: they outlast a restart, and processes that use one database share them.
#pragma once

#include <sallyport/db.hpp>
#include <sallyport/job.hpp>
#include <sallyport/task.hpp>

#include "base/clock.hpp"
#include "limits/attempt_window.hpp"
#include "limits/charge.hpp"
#include "limits/remote_limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::limits {

/// Decides about `Counting::failures` and `Counting::fixed_window` by the rule of AttemptWindow, in wall time, in the table
/// `sallyport_attempts`. No event loop waits: the database's writing thread decides, and the attempt goes on when its count is on the disk.
///
/// What attempts cost the database is bounded. All that wait when the writer comes to the first of them are decided in one transaction, up to
/// `batch`, and each row is written once in it, so that a thousand guesses at a time are a few commits, between which the application's changes
/// have their turn. A refused attempt writes nothing. Rows that say nothing any more are deleted with each transaction that writes. There are
/// `most_rows` at most: then a new key takes the place of one with many attempts left, and gets no more than that one had, as in
/// AttemptCounters.
class DatabaseLimits final : public RemoteLimits {
 public:
  static constexpr std::size_t batch = 256;
  static constexpr std::int64_t most_rows = std::int64_t{1} << 18;

  /// `own_tables`: an engine with the framework's rights, whose only writing thread runs one job after the other. Its queue ends before this
  /// object does. `on_change` is called on that thread.
  DatabaseLimits(detail::Engine& own_tables, const base::Clock& clock, OnChange on_change = {},
                 std::int64_t rows_at_most = most_rows)
      : engine_(own_tables), clock_(clock), on_change_(std::move(on_change)), rows_at_most_(rows_at_most) {}
  ~DatabaseLimits() override = default;

  [[nodiscard]] std::string connect() override { return {}; }
  void attach(net::EventLoop&) override {}
  void detach(const net::EventLoop&) noexcept override {}
  /// Throws `Overloaded` when the writer's queue is full. An error of the database is `store_failed`.
  [[nodiscard]] Task<Decision> charge(const net::Loop& loop, std::span<const Charge> charges,
                                      std::int64_t* counted_at_ns = nullptr) override;
  void give_back(const net::Loop& loop, std::span<const Charge> charges, std::int64_t counted_at_ns) override;
  void forget(const net::Loop& loop, const Charge& charge) override;

 private:
  class Attempt;
  class Table;
  struct Row;

  // What the writer is to do, in this order. Those that nobody waits for have no attempt.
  struct Work {
    enum class Kind : std::uint8_t { charge, give_back, forget } kind = Kind::charge;
    std::array<Charge, max_charges> charges{};
    std::size_t count = 0;
    std::int64_t counted_at_ns = 0;
    Attempt* attempt = nullptr;
  };
  static constexpr std::size_t most_unattended = 4096;

  // Does what nobody waits for, when no attempt comes that takes it along.
  class Later final : public detail::Job, public detail::TaskContext {
   public:
    explicit Later(DatabaseLimits& limits) noexcept : limits_(limits) {}
    bool submit() noexcept;
    void post(detail::Job&) noexcept override;
    void resume(detail::Job&) noexcept override {}
    void finish() noexcept override {}

   private:
    void perform(std::size_t worker) override { limits_.work(worker, nullptr); }
    DatabaseLimits& limits_;
  };

  void do_later(const Work& work) noexcept;
  [[nodiscard]] bool add(const Work& work, detail::Job* job) noexcept;
  void withdraw(const Attempt& attempt) noexcept;
  [[nodiscard]] std::vector<Work> take();
  void work(std::size_t worker, Attempt* waits_for) noexcept;
  void decide(std::span<const Work> works, Transaction& tx, std::span<Decision> decisions, std::int64_t now_ns);
  void is_down(std::string_view why) noexcept;

  detail::Engine& engine_;
  const base::Clock& clock_;
  const OnChange on_change_;
  const std::int64_t rows_at_most_;
  // Of the writing thread.
  std::int64_t rows_ = -1;  // of the table, about; -1: not counted yet
  bool down_ = false;

  std::mutex mutex_;
  std::vector<Work> waiting_;
  std::size_t unattended_ = 0;
  bool later_is_queued_ = false;
  Later later_{*this};
};

}  // namespace sallyport::limits
