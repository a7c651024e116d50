// Turns what handlers return into answers.
#include <sallyport/handler.hpp>

#include "gate/pages.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "route/call.hpp"

#include <stdexcept>

namespace sallyport {

Response& Response::header(FieldName name, std::string value) & {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f)
      throw std::invalid_argument("a control character in the value of a response field");
  }
  fields_.push_back({name.view(), std::move(value)});
  return *this;
}

Response SignInAttempt::failed() {
  route::call_of(*exchange_).attempt.state = gate::Attempt::State::failed;
  gate::security_event(*exchange_, "authn_login_fail", "wrong credentials");
  return gate::problems::wrong_credentials;
}

Response SignInAttempt::failed(Page page) {
  static_cast<void>(failed());
  return Response::page(std::move(page));
}

Response SignInAttempt::succeeded(const User& user) { return succeeded(user, Response::json(user)); }

Response SignInAttempt::succeeded(const User& user, Response response) {
  route::Call& call = route::call_of(*exchange_);
  call.attempt.state = gate::Attempt::State::succeeded;
  call.session.begin_for = user;
  if (!exchange_->user) exchange_->user = user.id;
  gate::security_event(*exchange_, "authn_login_success", "password", ops::Severity::info);
  return response;
}

Response CurrentSession::sign_out() { return sign_out(Response::empty(204)); }

Response CurrentSession::sign_out(Response response) {
  route::call_of(*exchange_).session.end = true;
  return response;
}

namespace detail {

void answer(Exchange& exchange, Response&& response) {
  // A 1xx is no answer: the client would take the next one for it. Handlers can give a page or JSON any int as its
  // status.
  if (response.status() < 200 || response.status() > 599)
    throw std::out_of_range("the status of a response is 200 to 599");
  gate::Answer& answer = exchange.answer;
  switch (response.kind()) {
    case Response::Kind::problem:
      gate::refuse(exchange, response.as_problem());
      break;
    case Response::Kind::page:
      gate::answer_page(exchange, response.as_page());
      break;
    case Response::Kind::json:
      answer.content_type = "application/json; charset=utf-8";
      break;
    case Response::Kind::text:
      answer.content_type = "text/plain; charset=utf-8";
      break;
    case Response::Kind::empty:
      break;
  }
  if (response.kind() == Response::Kind::json || response.kind() == Response::Kind::text)
    answer.body = std::move(response.body());
  answer.status = response.status();
  answer.location = response.location();
  answer.fields = response.fields();
}

void answer_empty(Exchange& exchange, int status) { exchange.answer.status = status; }

void answer_not_found(Exchange& exchange) { gate::refuse(exchange, gate::problems::not_found); }

std::string& answer_json(Exchange& exchange, int status) {
  exchange.answer.status = status;
  exchange.answer.content_type = "application/json; charset=utf-8";
  return exchange.answer.body;
}

}  // namespace detail
}  // namespace sallyport
