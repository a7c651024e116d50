// The lines that an application writes: its own names and values, the request's id and route.
#include <sallyport/log.hpp>

#include "base/request_secrets.hpp"
#include "gate/exchange.hpp"
#include "ops/log.hpp"

#include <cstdio>

namespace sallyport {
namespace {

// Whether the line would show what the request's code has taken out of a secret.
bool holds_secret(const detail::RequestSecrets& secrets, const LogField& field) {
  return field.kind() == LogField::Kind::text ? secrets.held_by(field.text())
                                              : field.kind() != LogField::Kind::flag && secrets.are(field.number());
}

void add(ops::JsonLine& line, const LogField& field) {
  const ops::LogKey key(field);
  switch (field.kind()) {
    case LogField::Kind::number:
      line.number(key, field.number());
      break;
    case LogField::Kind::unsigned_number:
      line.number(key, static_cast<std::uint64_t>(field.number()));
      break;
    case LogField::Kind::flag:
      line.flag(key, field.number() != 0);
      break;
    case LogField::Kind::text:
      line.text(key, field.text());
      break;
  }
}

}  // namespace

void Log::write(Level level, LogEvent event, std::initializer_list<LogField> fields, const DatabaseError* cause) {
  if (!detail::current_context) {  // a thread of the application, which no request could be ended for
    static_cast<void>(std::fputs(
        "sallyport: a line for the log was dropped: a Log& belongs to its request, and was used outside of it\n",
        stderr));
    return;
  }
  auto& exchange = static_cast<gate::Exchange&>(request_.get());
  const auto severity = static_cast<ops::Severity>(level);
  const auto put = [&](ops::LogBuffer& buffer) {
    if (!buffer.wants(severity)) return;
    auto line = buffer.line(severity, ops::EventName(event));
    line.text("by", "app").text("req", exchange.id());
    if (exchange.facts) line.text("route", exchange.facts->pattern);
    if (exchange.user) line.text("user", exchange.user->text());
    const detail::RequestSecrets* const secrets = exchange.secrets();
    bool masked = false;
    for (const LogField& field : fields) {
      if (secrets && holds_secret(*secrets, field)) [[unlikely]] {
        line.text(ops::LogKey(field), "[secret]");
        masked = true;
      } else {
        add(line, field);
      }
    }
    if (cause) line.text("reason", detail::ForTheLog::text(*cause));
    buffer.write(line);
    if (!masked) return;
    auto warning = buffer.line(ops::Severity::warning, "log_secret_masked");
    warning.text("req", exchange.id()).text("line", event.view());
    if (exchange.facts) warning.text("route", exchange.facts->pattern).text("handler", exchange.facts->registered);
    warning.text("reason",
                 "a value of this line held a code, a password or a key that the request took out: log who and what "
                 "for, not the secret");
    buffer.write(warning);
  };
  // The loop's buffer has one producer, the loop's thread; a transaction runs on another.
  if (detail::on_worker) {
    exchange.loop.log.with_shared_buffer(put);
  } else {
    put(exchange.loop.log);
  }
}

}  // namespace sallyport
