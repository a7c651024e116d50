// What handlers keep in the session of their request.
#include <sallyport/session.hpp>

#include "identity/session_cookie.hpp"
#include "identity/session_data.hpp"
#include "route/call.hpp"
#include "route/service.hpp"

#include <utility>

namespace sallyport::detail {
namespace {

std::string cookie_of(Exchange& exchange) {
  const std::string& begun = route::call_of(exchange).new_session;
  return begun.empty() ? std::string(identity::session_cookie_of(exchange.cookies())) : begun;
}

}  // namespace

Task<Maybe<std::string>> read_session(HeldRequest request, std::string_view name) {
  auto& exchange = static_cast<Exchange&>(request.get());
  identity::SessionData& data = *route::call_of(exchange).service.stored.session_data;
  const std::string cookie = cookie_of(exchange);
  auto found = co_await data.read(cookie, name);
  if (!found) co_return std::nullopt;
  if (found->use_is_due) {
    const bool only_read = exchange.only_reads();
    exchange.let_write(true);
    co_await data.record_use(cookie);
    exchange.let_write(!only_read);
  }
  co_return std::move(found->text);
}

Task<void> change_session(HeldRequest request, std::string_view name, void (*change)(void* object, std::string& text),
                          void* object) {
  auto& exchange = static_cast<Exchange&>(request.get());
  if (exchange.position.answer_known)
    misused(
        "data of a session was changed when the head of the answer had gone: do it before the first piece of a stream");
  route::Call& call = route::call_of(exchange);
  const std::string cookie = cookie_of(exchange);
  std::string begun = co_await call.service.stored.session_data->change(cookie, name, change, object);
  if (begun.empty()) co_return;
  exchange.answer.cookies.push_back(identity::session_cookie(begun, call.service.settings.sessions));
  call.new_session = std::move(begun);
}

}  // namespace sallyport::detail
