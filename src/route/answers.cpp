// Turns what handlers return into answers.
#include <sallyport/handler.hpp>

#include <sallyport/detail/misuse.hpp>
#include <sallyport/flash.hpp>

#include "gate/pages.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "http/file_types.hpp"
#include "route/call.hpp"
#include "route/files.hpp"
#include "route/route_table.hpp"
#include "route/static_folder.hpp"

#include <algorithm>
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

Response& Response::header(const attachment& name) & {
  std::erase_if(fields_, [](const Field& field) { return field.name == "Content-Disposition"; });
  fields_.push_back({"Content-Disposition", name.field()});
  return *this;
}

namespace detail {

void check_frame(const Exchange& exchange, const FrameMaker& maker) {
  const void* const closure = route::call_of(exchange).route->handler.closure;
  const bool others = maker.closure && closure && maker.closure != closure;
  if (maker.refers || others)
    misused(
        "a handler that does not wait itself returned the task of a function that refers to what the handler had, "
        "which is gone: "
        "write co_return co_await helper(…), and of a stream's helper return its pieces by co_yield");
}

namespace {

void end_session(Exchange& exchange, SessionEnd how) {
  route::Call& call = route::call_of(exchange);
  if (!call.route->handler.facts.ends_session)
    misused("CurrentSession belongs to its own request: take it as a parameter of this handler");
  if (how == SessionEnd::forgotten) {
    const route::AttemptState* const tried = call.tried.get();
    if (tried && tried->counted.state == gate::Attempt::State::failed) throw Problem(gate::problems::wrong_credentials);
    if (tried && tried->grant && call.principal && tried->grant->user.id != call.principal->id)
      throw Problem(gate::problems::another_account);
  }
  call.session.end = std::max(call.session.end, how);
}

}  // namespace
}  // namespace detail

Response CurrentSession::sign_out() { return sign_out(Response::empty(204)); }

Response CurrentSession::sign_out(Response response) {
  if (detail::current_context)
    detail::end_session(static_cast<detail::Exchange&>(*detail::current_context), detail::SessionEnd::here);
  response.session_end_ = detail::SessionEnd::here;
  return response;
}

Response CurrentSession::sign_out_everywhere() { return sign_out_everywhere(Response::empty(204)); }

Response CurrentSession::sign_out_everywhere(Response response) {
  if (detail::current_context)
    detail::end_session(static_cast<detail::Exchange&>(*detail::current_context), detail::SessionEnd::everywhere);
  response.session_end_ = detail::SessionEnd::everywhere;
  return response;
}

Response CurrentSession::delete_account() { return delete_account(Response::empty(204)); }

Response CurrentSession::delete_account(Response response) {
  response.session_end_ = detail::SessionEnd::forgotten;
  return response;
}

namespace detail {

namespace {

// A proof, or an answer made with one, that was kept for another request begins no session there.
void begin_session(Exchange& exchange, const Response& response) {
  const auto grant = response.grant();
  if (!grant || !grant->request.is(&exchange))
    misused("a proof is good for its own request: this answer was made with that of another");
  if (response.status() >= 400) return;
  route::call_of(exchange).session.begin_for = grant->user;
  if (!exchange.user) exchange.user = grant->user.id;
  gate::account_event(exchange, "authn_login_success", text_of(grant->kind), route::call_of(exchange).account(),
                      ops::Severity::info);
}

}  // namespace

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
    case Response::Kind::file: {
      route::OpenFile& file = response.file();
      // Whoever opens it from the disk meets what its ending says; a browser that ignored the field would not run it.
      if (file.type.active) file.type = http::file_type("");
      answer.fields = response.fields();
      return route::send_open_file(exchange, file);
    }
    case Response::Kind::empty:
      break;
  }
  if (response.kind() == Response::Kind::json || response.kind() == Response::Kind::text)
    answer.body = std::move(response.body());
  answer.status = response.status();
  answer.location = response.location();
  answer.fields = response.fields();
  if (!response.flash_message().empty()) set_flash(exchange, response.flash_message());
  if (response.session_end() != SessionEnd::none) end_session(exchange, response.session_end());
  if (response.begins_session()) begin_session(exchange, response);
}

void answer_bytes(Exchange& exchange, std::string&& bytes, std::string_view media_type,
                  const std::string& disposition) {
  route::send_bytes(exchange, std::move(bytes), media_type, disposition);
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
