// Ends the streams of a session that has ended: signed out, ended by an administrator, idle, or with another role than when it asked.
#pragma once

#include <sallyport/id.hpp>
#include <sallyport/job.hpp>
#include <sallyport/task.hpp>

#include "base/intrusive_list.hpp"
#include "base/timing_wheel.hpp"
#include "gate/loop.hpp"
#include "identity/session_store.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace sallyport::gate {
class Exchange;
}

namespace sallyport::route {

class Service;

/// A stream that is being sent to somebody who is signed in.
struct WatchedStream : base::Linked<WatchedStream> {
  WatchedStream(gate::Exchange& the_exchange, identity::SessionStore::Living the_session)
      : exchange(the_exchange), session(std::move(the_session)) {}
  gate::Exchange& exchange;
  identity::SessionStore::Living session;  ///< as it was when the stream began
  std::uint64_t asked_in = 0;              ///< the number of the round that asks for it
};

/// The streams of one event loop. Every two seconds it asks the database which of their sessions are still good, a hundred in one statement: what
/// ends a session may be another process, or the command line. While the database can't answer, streams go on, to their own end at most
/// (`limits.event_stream_minutes`).
class SessionWatch final : public gate::LoopPart, private detail::TaskContext, private base::TimingWheel::Timer {
 public:
  static constexpr std::chrono::seconds every{2};

  SessionWatch(const Service& service, gate::Loop& loop) noexcept : service_(service), loop_(loop) {}
  ~SessionWatch() override = default;

  /// The one of the exchange's loop watches its answer from now on, if somebody is signed in.
  static void begin(gate::Exchange& exchange);

 private:
  void add(WatchedStream& stream) noexcept;
  void post(detail::Job& finished) noexcept override { loop_.events.post(finished); }
  void resume(detail::Job& finished) noexcept override;
  void expired() noexcept override;
  Task<void> round();
  template <class Step>
  void run(Step step) noexcept;
  void arm() noexcept;

  const Service& service_;
  gate::Loop& loop_;
  base::IntrusiveList<WatchedStream> streams_;
  base::IntrusiveList<WatchedStream> ending_;
  detail::OwnedTask<void> task_;
  std::uint64_t rounds_ = 0;
  bool armed_ = false;  // or a round is on its way
};

}  // namespace sallyport::route
