// What a service keeps of a request besides the exchange: its route, the session, and what the handler asked for.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/stream.hpp>

#include "gate/attempts.hpp"
#include "gate/exchange.hpp"
#include "identity/principal.hpp"
#include "identity/session_grant.hpp"
#include "limits/call_counter.hpp"

#include <array>
#include <cstddef>
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

/// What is reset as a whole before the next request.
struct CallState {
  const Route* route = nullptr;
  std::size_t parameter_count = 0;
  std::shared_ptr<const detail::Principal> principal;  ///< shared with the `SignedIn` that view it
  gate::Attempt attempt;
  std::string account;  ///< the e-mail that the attempt is counted for, as `Email::key` has it; empty: none was named
  bool attempted = false;                               ///< a password was tried, or an account made
  bool refused = false;                                 ///< the attempt's own answer is a refusal
  std::shared_ptr<const identity::SessionGrant> grant;  ///< what the request's proof stands for
  bool known_device = false;                            ///< a browser that has signed in to this account before
  SessionChange session;
  bool signed_out = false;  ///< the session has been destroyed: whatever is answered says so to the browser
};

class Call final : public gate::Call, public CallState {
 public:
  Call(const Service& the_service, gate::Exchange& exchange) noexcept : service(the_service), exchange_(exchange) {}

  void reset() noexcept override;
  void abandon() noexcept override;
  void overloaded() override;
  void failure_answered() override;
  [[nodiscard]] bool makes_more() const noexcept override { return static_cast<bool>(pieces); }

  const Service& service;
  std::array<PathParameter, 16> parameters;  ///< `parameter_count` of them
  detail::Pieces pieces;                     ///< the rest of the answer's body, with `BodySource::pieces`
  limits::CallCounter::Permit permit;        ///< one of the route's concurrent calls (`max_concurrent`)

 private:
  gate::Exchange& exchange_;
};

[[nodiscard]] inline Call& call_of(gate::Exchange& exchange) noexcept { return static_cast<Call&>(*exchange.call); }
[[nodiscard]] inline const Call& call_of(const gate::Exchange& exchange) noexcept {
  return static_cast<const Call&>(*exchange.call);
}

}  // namespace sallyport::route
