// How a call is reset for reuse, and how it is abandoned before its answer is sent.
#include "route/call.hpp"

#include "identity/session_cookie.hpp"
#include "route/service.hpp"

namespace sallyport::route {

void Call::reset() noexcept {
  abandon();
  static_cast<CallState&>(*this) = CallState{};
}

// The password was not verified.
void Call::overloaded() {
  if (tried) gate::give_attempt_back(exchange_, tried->counted);
}

void Call::failure_answered() {
  if (!signed_out) return;
  exchange_.answer.cookies.push_back(identity::expired_session_cookie(service.settings.sessions));
  exchange_.answer.clear_site_data = true;
}

void Call::abandon() noexcept {
  watched.reset();
  if (pieces) exchange_.end_code([this] { pieces = {}; });
  permit.leave();
  if (delivery) [[unlikely]]
    give_delivery_back(exchange_);
}

}  // namespace sallyport::route
