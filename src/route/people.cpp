// Finds a person by e-mail, once in a request.
#include <sallyport/people.hpp>

#include <sallyport/db.hpp>
#include <sallyport/detail/misuse.hpp>

#include "identity/user_admin.hpp"
#include "route/call.hpp"
#include "route/service.hpp"
#include "route/this_request.hpp"

#include <string>
#include <utility>

namespace sallyport {
namespace {

// It has copies: a handler that is no coroutine returns the task, and its parameters are gone before it runs.
Task<Maybe<detail::FoundPerson>> find(detail::HeldRequest request, std::string key) {
  gate::Exchange& exchange = co_await route::ThisRequest(request);
  route::Call& call = route::call_of(exchange);
  if (std::exchange(call.asked_for_person, true))
    detail::misused(
        "one request asks for one person: with a list of addresses a single call would tell which of them have an "
        "account");
  co_return co_await call.service.stored.database->own().maybe<detail::FoundPerson>(identity::person_by_key, key);
}

}  // namespace

Task<Maybe<detail::FoundPerson>> People::by_email(const Email& email) const { return find(request_, email.key()); }

}  // namespace sallyport
