// Reuse of a call, and its end before its answer.
#include "route/call.hpp"

namespace sallyport::route {

void Call::reset() noexcept {
  static_cast<CallState&>(*this) = CallState{};
  abandon();
}

// Nobody has looked at the password.
void Call::overloaded() { gate::give_attempt_back(exchange_, attempt); }

void Call::abandon() noexcept {
  pieces = {};
  permit.leave();
}

}  // namespace sallyport::route
