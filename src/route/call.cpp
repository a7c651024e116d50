// Reuse of a call, and its end before its answer.
#include "route/call.hpp"

namespace sallyport::route {

void Call::reset() noexcept {
  route = nullptr;
  parameter_count = 0;
  principal.reset();
  attempt = {};
  outcome.account.clear();
  outcome.succeeded = outcome.failed = known_device = false;
  session = {};
  pieces = {};
  permit.leave();
}

// Nobody has looked at the password.
void Call::overloaded() { gate::give_attempt_back(exchange_, attempt); }

void Call::abandon() noexcept {
  pieces = {};
  permit.leave();
}

}  // namespace sallyport::route
