// How a call is reset for reuse, and how it is abandoned before its answer is sent.
#include "route/call.hpp"

namespace sallyport::route {

void Call::reset() noexcept {
  static_cast<CallState&>(*this) = CallState{};
  abandon();
}

// The password was not verified.
void Call::overloaded() { gate::give_attempt_back(exchange_, attempt); }

void Call::abandon() noexcept {
  pieces = {};
  permit.leave();
}

}  // namespace sallyport::route
