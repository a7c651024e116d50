// What a service keeps of a request besides the exchange: its route, the session, and what the handler asked for.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/log.hpp>
#include <sallyport/stream.hpp>

#include "gate/attempts.hpp"
#include "gate/exchange.hpp"
#include "identity/principal.hpp"
#include "identity/session_grant.hpp"
#include "limits/call_counter.hpp"
#include "route/session_watch.hpp"
#include "route/webhooks.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::route {

struct Route;
class Service;

/// A path parameter: its name in the pattern and the decoded text.
struct PathParameter {
  std::string_view name;
  std::string_view value;
};

/// What the handler asked for, done before the answer leaves.
struct SessionChange {
  std::optional<User> begin_for;
  detail::SessionEnd end = detail::SessionEnd::none;
};

/// An attempt at a password or a code.
struct AttemptState {
  gate::Attempt counted;
  std::string account;        ///< the e-mail that it is counted for, as `Email::key` has it; empty: none was named
  bool attempted = false;     ///< a password was tried, or an account made
  bool refused = false;       ///< its own answer is a refusal
  bool known_device = false;  ///< a browser that has signed in to this account before
  std::shared_ptr<const identity::SessionGrant> grant;  ///< what the request's proof stands for
};

/// What is reset as a whole before the next request.
struct CallState {
  const Route* route = nullptr;
  std::size_t parameter_count = 0;
  std::shared_ptr<const detail::Principal> principal;  ///< shared with the `SignedIn` that view it
  std::unique_ptr<AttemptState> tried;                 ///< none in most requests, which then pay for none
  std::unique_ptr<DeliveryState> delivery;             ///< of a webhook
  SessionChange session;
  bool asked_for_person = false;  ///< by `People`
  bool signed_out = false;        ///< the session has been destroyed: whatever is answered says so to the browser
  std::string new_session;        ///< the cookie value of a visitor's session that this request has begun; empty: none
};

class Call final : public gate::Call, public CallState {
 public:
  Call(const Service& the_service, gate::Exchange& exchange) noexcept : service(the_service), exchange_(exchange) {}

  /// Of this request, made when it is first asked for.
  [[nodiscard]] AttemptState& attempt() {
    if (!tried) tried = std::make_unique<AttemptState>();
    return *tried;
  }
  /// What its attempt is counted for; empty: nothing is.
  [[nodiscard]] std::string_view account() const noexcept { return tried ? tried->account : std::string_view{}; }

  void reset() noexcept override;
  void abandon() noexcept override;
  void overloaded() override;
  void failure_answered() override;
  [[nodiscard]] bool makes_more() const noexcept override { return static_cast<bool>(pieces); }

  const Service& service;
  std::array<PathParameter, 16> parameters;  ///< `parameter_count` of them
  /// The handler's `Log&`. Before `pieces`, whose destructors may write to it. It stays when the request ends, so that one who kept the
  /// reference finds the log of a request that is over.
  struct HeldLog {
    explicit HeldLog(detail::TaskContext& request) : log(detail::Admit::make<Log>(request)) {}
    Log log;
  };
  std::optional<HeldLog> log;
  std::uint64_t piece_bytes = 0;         ///< that `pieces` has made
  std::optional<WatchedStream> watched;  ///< while `pieces` are made for somebody who is signed in
  detail::Pieces pieces;                 ///< the rest of the answer's body, with `BodySource::pieces`
  limits::CallCounter::Permit permit;    ///< one of the route's concurrent calls (`max_concurrent`)

 private:
  gate::Exchange& exchange_;
};

[[nodiscard]] inline Call& call_of(gate::Exchange& exchange) noexcept { return static_cast<Call&>(*exchange.call); }
[[nodiscard]] inline const Call& call_of(const gate::Exchange& exchange) noexcept {
  return static_cast<const Call&>(*exchange.call);
}

}  // namespace sallyport::route
