// Counts attempts in transactions that all waiting ones share.
#include "limits/database_limits.hpp"

#include <sallyport/detail/own_tables.hpp>

#include <algorithm>
#include <bit>
#include <exception>
#include <new>
#include <unordered_map>
#include <utility>

namespace sallyport::limits {
using detail::operator""_own;

/// A row of the table. Its names are those of the columns.
struct DatabaseLimits::Row {
  std::int64_t id;
  std::int64_t began;
  std::int64_t window_end;
  std::int64_t shut_until;
  std::int64_t level_until;
  std::int64_t unused;
  std::int64_t most;
  std::int64_t level;

  [[nodiscard]] AttemptWindow window() const noexcept {
    return {began,
            window_end,
            shut_until,
            level_until,
            static_cast<std::uint32_t>(unused),
            static_cast<std::uint32_t>(most),
            static_cast<std::uint32_t>(level)};
  }
};

/// The rows that one transaction is about: read once, changed here, written at its end.
class DatabaseLimits::Table {
 public:
  Table(Transaction& tx, std::int64_t now_ns, std::int64_t rows_at_most, std::int64_t& rows) noexcept
      : tx_(tx), now_ns_(now_ns), rows_at_most_(rows_at_most), rows_(rows) {}

  Quota charge(const Charge& charge, bool counts) {
    Kept& kept = of(charge);
    kept.window = kept.window.at(now_ns_);
    std::uint32_t limit = charge.limit;
    if (!kept.stored && !kept.changed && counts && is_full()) {
      const Quota refused = displace_for(charge, limit);
      if (limit == 0) return refused;
    }
    const AttemptWindow before = kept.window;
    const Quota quota = kept.window.charge(charge, limit, now_ns_, counts);
    if (quota.admitted && counts) {
      kept.changed = true;
    } else {
      kept.window = before;
    }
    return quota;
  }
  void give_back(const Charge& charge, std::int64_t charged_at_ns) {
    Kept& kept = of(charge);
    if (kept.window.max == 0) return;
    kept.window.give_back(charge, charged_at_ns);
    kept.changed = true;
  }
  void forget(const Charge& charge) {
    Kept& kept = of(charge);
    kept.window.forget();
    kept.changed = true;
  }

  /// Writes what has changed, and deletes some of what is needed no more.
  void write() {
    std::size_t written = 0;
    for (const auto& [id, kept] : kept_) {
      if (!kept.changed) continue;
      ++written;
      const AttemptWindow& window = kept.window;
      const std::int64_t needed_until = window.needed_until_ns();
      if (needed_until <= now_ns_) {
        if (kept.stored) removed(tx_.run("DELETE FROM sallyport_attempts WHERE id = ?"_own, id));
        continue;
      }
      tx_.run(
          "INSERT INTO sallyport_attempts (id, began, window_end, shut_until, level_until, unused, most, level, "
          "needed_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (id) DO UPDATE SET began = excluded.began, window_end = excluded.window_end, "
          "shut_until = excluded.shut_until, level_until = excluded.level_until, unused = excluded.unused, "
          "most = excluded.most, level = excluded.level, needed_until = excluded.needed_until"_own,
          id, window.began_ns, window.window_end_ns, window.shut_until_ns, window.level_until_ns,
          std::int64_t{window.left}, std::int64_t{window.max}, std::int64_t{window.level}, needed_until);
      if (!kept.stored) ++rows_;
    }
    if (written == 0) return;
    // More than were written, so that they don't pile up.
    const auto some = static_cast<std::int64_t>(written + 16);
    removed(tx_.run(
        "DELETE FROM sallyport_attempts WHERE id IN (SELECT id FROM sallyport_attempts WHERE needed_until <= ? LIMIT ?)"_own,
        now_ns_, some));
  }

 private:
  struct Kept {
    AttemptWindow window{};
    bool stored = false;
    bool changed = false;
  };

  void removed(std::int64_t count) noexcept { rows_ = std::max<std::int64_t>(rows_ - count, 0); }

  Kept& of(const Charge& charge) {
    const auto id = std::bit_cast<std::int64_t>(charge.key);
    const auto [found, is_new] = kept_.try_emplace(id);
    Kept& kept = found->second;
    if (!is_new) return kept;
    const Maybe<Row> row = tx_.maybe<Row>(
        "SELECT id, began, window_end, shut_until, level_until, unused, most, level FROM sallyport_attempts "
        "WHERE id = ?"_own,
        id);
    if (!row) return kept;
    kept.stored = true;
    kept.window = row->window();
    kept.window.bound_by(charge, now_ns_);
    // A time that was cut is kept so: else it would be as far away at every look.
    const AttemptWindow& cut = kept.window;
    kept.changed = cut.window_end_ns != row->window_end || cut.shut_until_ns != row->shut_until ||
                   cut.level_until_ns != row->level_until;
    return kept;
  }

  [[nodiscard]] bool is_full() {
    if (rows_ >= 0 && rows_ < rows_at_most_) return false;
    // Other processes delete, too.
    rows_ = tx_.one<std::int64_t>("SELECT count(*) FROM sallyport_attempts"_own);
    return rows_ >= rows_at_most_;
  }

  // Makes place for a new key, which gets no more attempts than the one had whose place it is. `limit` is 0 when there is none.
  Quota displace_for(const Charge& charge, std::uint32_t& limit) {
    // Neighbours of a keyed hash are any.
    const auto near = std::bit_cast<std::int64_t>(charge.key);
    auto some = tx_.all<Row>(
        "SELECT id, began, window_end, shut_until, level_until, unused, most, level FROM sallyport_attempts "
        "WHERE id >= ? ORDER BY id LIMIT 32"_own,
        near);
    if (some.empty())
      some = tx_.all<Row>(
          "SELECT id, began, window_end, shut_until, level_until, unused, most, level FROM sallyport_attempts "
          "ORDER BY id LIMIT 32"_own);
    const Row* best = nullptr;
    std::int64_t end = now_ns_ + charge.period_ns;
    for (const Row& row : some) {
      const auto known = kept_.find(row.id);
      if (known != kept_.end()) continue;  // this transaction is about it
      const AttemptWindow window = row.window().at(now_ns_);
      end = std::min(end, std::max(window.end_ns(), now_ns_));
      if (window.max != 0 && window.left == 0) continue;
      if (!best || best->window().left < window.left) best = &row;
    }
    const AttemptWindow displaced = best ? best->window().at(now_ns_) : AttemptWindow{};
    if (best && displaced.max != 0) limit = std::min(limit, displaced.left);
    if (!best || limit < std::max(charge.cost, 1U)) {
      limit = 0;
      return {false, 0, end - now_ns_, end - now_ns_};
    }
    removed(tx_.run("DELETE FROM sallyport_attempts WHERE id = ?"_own, best->id));
    return {};
  }

  Transaction& tx_;
  const std::int64_t now_ns_;
  const std::int64_t rows_at_most_;
  std::int64_t& rows_;
  std::unordered_map<std::int64_t, Kept> kept_;
};

/// An attempt that waits. It is decided when the writer comes to it, or before, together with another one.
class DatabaseLimits::Attempt final : public detail::Job {
 public:
  Attempt(DatabaseLimits& limits, std::span<const Charge> charges) : limits_(limits) {
    work_.count = std::min(charges.size(), max_charges);
    std::copy_n(charges.begin(), work_.count, work_.charges.begin());
    work_.attempt = this;
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() {
    if (waits_) limits_.withdraw(*this);  // its queue has ended
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits(waiter, *waiter.promise().context);
    waits_ = true;
    if (limits_.add(work_, this)) return true;
    not_taken();
    waits_ = false;
    refused_ = true;
    return false;
  }
  Decision await_resume() const {
    if (refused_) throw Overloaded();
    return decision_;
  }
  [[nodiscard]] std::int64_t counted_at_ns() const noexcept { return counted_at_ns_; }

  // Of the writing thread.
  void decided(const Decision& decision, std::int64_t at_ns) noexcept {
    decision_ = decision;
    counted_at_ns_ = at_ns;
    waits_ = false;
  }
  [[nodiscard]] bool waits_still() const noexcept { return waits_; }

 private:
  void perform(std::size_t worker) override {
    if (waits_) limits_.work(worker, this);
  }

  DatabaseLimits& limits_;
  Work work_;
  Decision decision_;
  std::int64_t counted_at_ns_ = 0;
  bool waits_ = false;  // it stands among the works
  bool refused_ = false;
};

Task<Decision> DatabaseLimits::charge(const net::Loop&, std::span<const Charge> charges, std::int64_t* counted_at_ns) {
  Attempt attempt(*this, charges);
  const Decision decision = co_await attempt;
  if (counted_at_ns) *counted_at_ns = attempt.counted_at_ns();
  co_return decision;
}

void DatabaseLimits::give_back(const net::Loop&, std::span<const Charge> charges, std::int64_t counted_at_ns) {
  Work work{.kind = Work::Kind::give_back, .counted_at_ns = counted_at_ns};
  work.count = std::min(charges.size(), max_charges);
  std::copy_n(charges.begin(), work.count, work.charges.begin());
  do_later(work);
}

void DatabaseLimits::forget(const net::Loop&, const Charge& charge) {
  Work work{.kind = Work::Kind::forget, .count = 1};
  work.charges[0] = charge;
  do_later(work);
}

// Under one lock, so that the writer does not take the work of a job that then turns out to have no place in its queue.
bool DatabaseLimits::add(const Work& work, detail::Job* job) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    if (!job && unattended_ == most_unattended) return false;  // what is not given back is lost to its key
    waiting_.push_back(work);
    if (job && !engine_.queue(detail::Access::write).submit(*job)) {
      waiting_.pop_back();
      return false;
    }
    unattended_ += job ? 0 : 1;
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void DatabaseLimits::do_later(const Work& work) noexcept {
  if (!add(work, nullptr)) return;
  const std::lock_guard lock(mutex_);
  if (!later_is_queued_) later_is_queued_ = later_.submit();  // else the next attempt takes it along
}

void DatabaseLimits::withdraw(const Attempt& attempt) noexcept {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [&](const Work& work) { return work.attempt == &attempt; });
}

std::vector<DatabaseLimits::Work> DatabaseLimits::take() {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), batch));
  std::vector<Work> works(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  for (const Work& work : works) unattended_ -= work.attempt ? 0 : 1;
  return works;
}

void DatabaseLimits::is_down(std::string_view why) noexcept {
  rows_ = -1;
  if (!std::exchange(down_, true) && on_change_) on_change_(false, why);
}

// On the writing thread. Goes on until the attempt that it is called for is decided.
void DatabaseLimits::work(std::size_t worker, Attempt* waits_for) noexcept {
  const detail::Running nobody(nullptr);  // it is the work of many requests, of which none has to look at anything
  do {
    std::vector<Work> works;
    std::vector<Decision> decisions;
    std::int64_t now_ns = 0;
    bool done = false;
    try {
      works = take();
      now_ns = clock_.wall().time_since_epoch().count();  // not before the last of them has come
      decisions.resize(works.size());
      auto perform = [&](Transaction& tx) { decide(works, tx, decisions, now_ns); };
      Transaction::perform(engine_.session(detail::Access::write, worker), perform, false);
      done = true;
      if (std::exchange(down_, false) && on_change_) on_change_(true, {});
    } catch (const DatabaseError& error) {  // nothing of it has happened
      is_down(detail::ForTheLog::text(error));
    } catch (const std::exception& error) {
      is_down(error.what());
    }
    const Decision failed{.store_failed = true};
    for (std::size_t i = 0; i < works.size(); ++i) {
      if (works[i].attempt) works[i].attempt->decided(done ? decisions[i] : failed, now_ns);
    }
    if (works.empty() && waits_for && waits_for->waits_still()) {  // no memory to take it
      withdraw(*waits_for);
      waits_for->decided(failed, now_ns);
    }
  } while (waits_for && waits_for->waits_still());
}

void DatabaseLimits::decide(std::span<const Work> works, Transaction& tx, std::span<Decision> decisions,
                            std::int64_t now_ns) {
  Table rows(tx, now_ns, rows_at_most_, rows_);
  for (std::size_t i = 0; i < works.size(); ++i) {
    const Work& work = works[i];
    const std::span<const Charge> charges(work.charges.data(), work.count);
    if (work.kind == Work::Kind::give_back) {
      for (const Charge& charge : charges) rows.give_back(charge, work.counted_at_ns);
      continue;
    }
    if (work.kind == Work::Kind::forget) {
      rows.forget(charges[0]);
      continue;
    }
    Decision& decision = decisions[i];
    decision.count = charges.size();
    decision.admitted = true;
    for (std::size_t at = 0; at < charges.size(); ++at) {
      decision.quotas[at] = rows.charge(charges[at], false);
      decision.admitted = decision.admitted && decision.quotas[at].admitted;
    }
    if (!decision.admitted) continue;
    for (std::size_t at = 0; at < charges.size() && decision.admitted; ++at) {
      decision.quotas[at] = rows.charge(charges[at], true);
      decision.admitted = decision.quotas[at].admitted;
      // A table that is full of keys that are shut: what was counted before is given back.
      for (std::size_t counted = 0; counted < at && !decision.admitted; ++counted)
        rows.give_back(charges[counted], now_ns);
    }
  }
  rows.write();
}

bool DatabaseLimits::Later::submit() noexcept {
  set_waiter({}, *this);
  return limits_.engine_.queue(detail::Access::write).submit(*this);
}

// On the writing thread, which has done it. What was added meanwhile needs another turn.
void DatabaseLimits::Later::post(detail::Job&) noexcept {
  const std::lock_guard lock(limits_.mutex_);
  limits_.later_is_queued_ = limits_.unattended_ > 0 && submit();
}

}  // namespace sallyport::limits
