// Bodies in pieces, both ways: what BodyStream, Stream and EventStream ask of the exchange.
#include <sallyport/handler.hpp>

#include "route/call.hpp"

#include <stdexcept>

namespace sallyport::detail {
namespace {

gate::Exchange& exchange_of(const HeldRequest& request) { return static_cast<gate::Exchange&>(request.get()); }

void append_line(std::string& out, std::string_view field, std::string_view value) {
  out.append(field).append(value).append("\n");
}

// A line end in a one-line field would begin another field; a browser ignores a field with NUL.
void check_one_line(std::string_view value) {
  for (const char c : value) {
    if (c == '\n' || c == '\r' || c == '\0') throw std::invalid_argument("a line end in the name or id of an event");
  }
}

}  // namespace

bool BodyPieces::Next::await_suspend(std::coroutine_handle<> waiter) {
  gate::Exchange& exchange = exchange_of(pieces_.request_);
  ++*pieces_.turn_;
  if (exchange.body_ended) return false;
  exchange.want_body(gate::BodyWant::piece, waiter);
  return true;
}

Maybe<Piece> BodyPieces::Next::await_resume() const {
  const gate::Exchange& exchange = exchange_of(pieces_.request_);
  if (exchange.body_ended) return std::nullopt;
  return Piece(exchange.body, pieces_.turn_, pieces_.request_);
}

std::string BodyPieces::content_type() const {
  return std::string(exchange_of(request_).head.known(http::KnownHeader::content_type).value);
}

bool WholeBody::await_ready() const noexcept { return exchange_.body_ended; }

void WholeBody::await_suspend(std::coroutine_handle<> waiter) const noexcept {
  exchange_.want_body(gate::BodyWant::whole, waiter);
}

void answer_pieces(Exchange& exchange, Pieces pieces, std::string_view media_type, bool events) {
  route::call_of(exchange).pieces = std::move(pieces);
  route::call_of(exchange).piece_bytes = 0;
  exchange.answer.status = 200;
  exchange.answer.content_type = media_type;
  exchange.answer.events = events;
}

}  // namespace sallyport::detail

namespace sallyport {

Event::Event(std::string_view data, std::string_view name, std::string_view id) {
  detail::check_one_line(name);
  detail::check_one_line(id);
  if (!name.empty()) detail::append_line(text_, "event: ", name);
  if (!id.empty()) detail::append_line(text_, "id: ", id);
  // Each of CR LF, LF and CR ends a line for the browser: all of them become new `data` lines.
  std::string_view rest = data;
  for (;;) {
    const std::size_t end = rest.find_first_of("\r\n");
    detail::append_line(text_, "data: ", rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(rest.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  text_.append("\n");
}

}  // namespace sallyport
