// Makes proofs: an attempt is checked to be the request's own and its first, then the password is verified or the account made.
#include <sallyport/proof.hpp>

#include <sallyport/detail/misuse.hpp>

#include "crypto/bytes.hpp"
#include "crypto/siphash.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "identity/account_store.hpp"
#include "identity/session_grant.hpp"
#include "route/call.hpp"
#include "route/service.hpp"
#include "route/this_request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace sallyport {

namespace detail {

struct ProofMaker {
  static Proof proved(gate::Exchange& exchange, User user, identity::ProofKind kind) {
    route::AttemptState& tried = route::call_of(exchange).attempt();
    tried.counted.state = gate::Attempt::State::succeeded;
    tried.grant = std::make_shared<const identity::SessionGrant>(std::move(user), kind, HeldRequest(exchange));
    return {tried.grant, gate::problems::unauthorized, true};
  }
  static Proof failed(gate::Exchange& exchange, const Problem& refusal) {
    route::call_of(exchange).attempt().counted.state = gate::Attempt::State::failed;
    return {{}, refusal, false};
  }
};

}  // namespace detail

namespace {

using detail::ProofMaker;
using route::ThisRequest;

// One request is one guess, at the account that it is counted for.
void begin(route::Call& call, const Email& email) {
  if (email.key() != call.account())
    detail::misused("an attempt is counted for the Email of the input: it takes that one");
  if (std::exchange(call.attempt().attempted, true))
    detail::misused("one request is one attempt: a second password in it would not be counted; ask for one");
}

// Each source and each account may be below its own limit.
void note_failure(gate::Exchange& exchange, const route::Call& call) {
  const std::uint64_t account = crypto::siphash(exchange.rules.table_key, crypto::bytes_of(call.account()));
  const auto seen =
      call.service.guessing.failed(exchange.source(), account, exchange.loop.clock.now().time_since_epoch().count());
  if (!seen) return;
  const std::string reason = "passwords are guessed: " + std::to_string(seen->failures) + " failures at " +
                             std::to_string(seen->accounts) + " accounts from " + std::to_string(seen->sources) +
                             " addresses within 10 minutes";
  gate::security_event(exchange, "authn_login_fail_spread", reason, ops::Severity::error);
}

// All of these have copies of what they were given: a handler that is no coroutine returns the task, and its parameters are gone before
// it runs.
Task<Proof> verify(detail::HeldRequest request, Email email, Password password) {
  gate::Exchange& exchange = co_await ThisRequest(request);
  route::Call& call = route::call_of(exchange);
  begin(call, email);
  std::optional<User> user = co_await call.service.stored.accounts->verify(email, password);
  if (user) co_return ProofMaker::proved(exchange, std::move(*user), identity::ProofKind::password);
  gate::account_event(exchange, "authn_login_fail", "wrong credentials", call.account());
  note_failure(exchange, call);
  co_return ProofMaker::failed(exchange, gate::problems::wrong_credentials);
}

Task<Proof> create(detail::HeldRequest request, std::string name, Email email, NewPassword password) {
  gate::Exchange& exchange = co_await ThisRequest(request);
  route::Call& call = route::call_of(exchange);
  begin(call, email);
  std::optional<User> user = co_await call.service.stored.accounts->create(name, email, password);
  if (!user) co_return ProofMaker::failed(exchange, gate::problems::account_exists);
  gate::account_event(exchange, "user_created", "signed up", call.account(), ops::Severity::info);
  co_return ProofMaker::proved(exchange, std::move(*user), identity::ProofKind::sign_up);
}

Task<Response> create_quietly(detail::HeldRequest request, std::string name, Email email, NewPassword password,
                              Response same) {
  gate::Exchange& exchange = co_await ThisRequest(request);
  route::Call& call = route::call_of(exchange);
  begin(call, email);
  const std::optional<User> user = co_await call.service.stored.accounts->create(name, email, password);
  // A success would be forgotten by the counters: the sixth attempt for an address that was new would be admitted, and for another not.
  call.attempt().counted.state = gate::Attempt::State::failed;
  if (user) gate::account_event(exchange, "user_created", "signed up", call.account(), ops::Severity::info);
  co_return same;
}

Task<void> set_password(std::shared_ptr<const identity::SessionGrant> grant, NewPassword password) {
  gate::Exchange& exchange = co_await ThisRequest(grant->request);
  route::Call& call = route::call_of(exchange);
  if (call.principal && call.principal->id != grant->user.id) throw Problem(gate::problems::another_account);
  co_await call.service.stored.accounts->set_password(grant->user, password);
  gate::account_event(exchange, "authn_password_change", text_of(grant->kind), call.account(), ops::Severity::info);
}

Task<void> refuse(Problem refusal) {
  throw refusal;
  co_return;
}

// What a task of a proof becomes: the answer.
Task<Response> answer(detail::OwnedTask<Proof> pending, int status, std::optional<Response> proved,
                      std::optional<Page> again) {
  Proof proof = co_await detail::AwaitedTask<Proof>(std::move(pending));
  if (!proof) route::call_of(co_await ThisRequest()).attempt().refused = true;
  if (!proof && again) {
    again->status = status == 201 ? 409 : 401;
    co_return Response::page(std::move(*again));
  }
  if (!proof) co_return std::move(proof).begin_session();
  if (!proved) proved = Response::json(proof.user(), status);
  co_return std::move(proof).begin_session(std::move(*proved));
}
Task<Response> answer_with(Task<Proof> pending, int status, std::optional<Response> proved, std::optional<Page> again) {
  return answer(detail::OwnedTask<Proof>(pending), status, std::move(proved), std::move(again));
}

}  // namespace

Proof::Proof(Grant grant, Problem refusal, bool proved)
    : grant_(std::move(grant)), refusal_(refusal), proved_(proved) {}

std::shared_ptr<const identity::SessionGrant> Proof::granted() const {
  auto grant = grant_.lock();
  if (!grant) detail::misused("a proof is good for its own request: it was kept, and used after that");
  return grant;
}

User Proof::user() const {
  look_.looked_at();
  if (!proved_) throw refusal_;
  return granted()->user;
}

OwnedId<User> Proof::id() const { return detail::Admit::make<OwnedId<User>>(user().id); }

Task<void> Proof::set_password(const NewPassword& password) const {
  look_.looked_at();
  if (!proved_) return refuse(refusal_);
  return sallyport::set_password(granted(), detail::PasswordReader::copy(password));
}

Response Proof::begin_session() && {
  look_.looked_at();
  if (!proved_) return refusal_;
  return std::move(*this).begin_session(Response::json(user()));
}

Response Proof::begin_session(Response response) && {
  look_.looked_at();
  if (!proved_) return refusal_;
  response.begin_session(std::move(grant_));
  return response;
}

Task<Proof> SignInAttempt::try_password(const Email& email, const Password& password) {
  return verify(request_, email, detail::PasswordReader::copy(password));
}
Task<Response> SignInAttempt::password(const Email& email, const Password& password) {
  return answer_with(try_password(email, password), 200, std::nullopt, std::nullopt);
}
Task<Response> SignInAttempt::password(const Email& email, const Password& password, Response welcome) {
  return answer_with(try_password(email, password), 200, std::move(welcome), std::nullopt);
}
Task<Response> SignInAttempt::password(const Email& email, const Password& password, Response welcome, Page again) {
  return answer_with(try_password(email, password), 200, std::move(welcome), std::move(again));
}

Task<Proof> SignUpAttempt::try_create(std::string_view name, const Email& email, const NewPassword& password) {
  return sallyport::create(request_, std::string(name), email, detail::PasswordReader::copy(password));
}
Task<Response> SignUpAttempt::create(std::string_view name, const Email& email, const NewPassword& password) {
  return answer_with(try_create(name, email, password), 201, std::nullopt, std::nullopt);
}
Task<Response> SignUpAttempt::create(std::string_view name, const Email& email, const NewPassword& password,
                                     Response welcome) {
  return answer_with(try_create(name, email, password), 201, std::move(welcome), std::nullopt);
}
Task<Response> SignUpAttempt::create(std::string_view name, const Email& email, const NewPassword& password,
                                     Response welcome, Page again) {
  return answer_with(try_create(name, email, password), 201, std::move(welcome), std::move(again));
}
Task<Response> SignUpAttempt::create_quietly(std::string_view name, const Email& email, const NewPassword& password,
                                             Response same) {
  return sallyport::create_quietly(request_, std::string(name), email, detail::PasswordReader::copy(password),
                                   std::move(same));
}

}  // namespace sallyport
