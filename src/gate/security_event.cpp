// Writes security events to the loop's log buffer.
#include "gate/security_event.hpp"

namespace sallyport::gate {
namespace {

void write(Exchange& exchange, ops::EventName event, std::string_view reason, ops::Severity severity) {
  if (!exchange.loop.log.wants(severity)) return;
  auto line = exchange.loop.log.line(severity, event);
  line.text("req", exchange.id()).text("src", exchange.client.text()).text("method", exchange.head.method_text);
  // The route's pattern, not the path: a path holds ids and text that an attacker chose.
  if (exchange.facts) line.text("route", exchange.facts->pattern);
  if (exchange.user) line.text("user", exchange.user->text());
  if (exchange.answer.status != 0) line.number("status", exchange.answer.status);
  if (exchange.position.observed) line.text("mode", "observe");
  line.text("reason", reason);
  exchange.loop.log.write(line);
}

}  // namespace

void security_event(Exchange& exchange, ops::EventName event, std::string_view reason, ops::Severity severity) {
  write(exchange, event, reason, severity);
}

void log_failure(Exchange& exchange, std::string_view what) {
  write(exchange, "http_error", what, ops::Severity::error);
}

}  // namespace sallyport::gate
