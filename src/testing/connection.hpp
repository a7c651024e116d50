// A connection of the test kit: an HTTP/1.1 session whose peer is the test, in memory.
#pragma once

#include "base/ip_range.hpp"
#include "gate/site.hpp"
#include "wire/http1_session.hpp"
#include "wire/loop.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace sallyport::test::detail {

/// What goes on: nothing waits in here. Its owner runs the event loop, and says when time has passed.
class Connection final : public std::enable_shared_from_this<Connection>, private wire::Session::Driver {
 public:
  Connection(const gate::Site& site, wire::Loop& loop, const base::IpAddress& peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Bytes of the client. Call once it is owned by a shared_ptr, which the request's jobs hold as well.
  void send(std::string bytes) { input_.append(bytes); }
  /// Goes on as far as it can. Whether anything happened.
  bool run();
  /// Deadlines that have come.
  void time_has_passed();
  /// The client closes its socket.
  void leave() noexcept;
  /// The service ends: what its owner still holds is no connection any more. Call when no job is away.
  void drop() noexcept;

  /// Everything that was asked is answered.
  [[nodiscard]] bool idle() const noexcept { return closed_ || (all_sent() && reads_); }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] bool waits_for_job() const noexcept { return session_ && session_->waits_for_job(); }

  std::string received;  ///< the bytes of the service, for its owner to take

 private:
  void session_moved() noexcept override { moved_ = true; }
  std::shared_ptr<void> hold() noexcept override { return shared_from_this(); }
  [[nodiscard]] bool can_send_files() const noexcept override { return false; }
  wire::Session::Driver& driver() noexcept { return *this; }
  [[nodiscard]] bool all_sent() const noexcept { return sent_ == input_.size(); }

  wire::Loop& loop_;
  std::unique_ptr<wire::Http1Session> session_;
  std::string input_;
  std::size_t sent_ = 0;  // of it, by the client
  bool reads_ = false;
  bool closed_ = false;
  bool moved_ = false;
};

}  // namespace sallyport::test::detail
