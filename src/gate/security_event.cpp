// Writes security events to the loop's log buffer.
#include "gate/security_event.hpp"

#include "crypto/bytes.hpp"
#include "crypto/hex.hpp"
#include "gate/rules.hpp"

#include <optional>
#include <string>

namespace sallyport::gate {
namespace {

// 64 bits tell any number of accounts apart that a log will ever hold.
constexpr std::size_t tag_bytes = 8;

std::string tag_of(const Exchange& exchange, std::string_view account) {
  const auto& tags = exchange.rules.account_tags;
  if (!tags || account.empty()) return {};
  const auto tag = tags->sign(crypto::bytes_of(account));
  return crypto::encode_hex(crypto::ByteView(tag).first(tag_bytes));
}

struct About {
  std::string_view account{};       // as `Email::key` has it
  std::optional<Id<User>> whose{};  // to whom something was done
  std::string_view detail{};
};

void write(Exchange& exchange, ops::EventName event, std::string_view reason, ops::Severity severity,
           const About& about = {}) {
  if (!exchange.loop.log.wants(severity)) return;
  auto line = exchange.loop.log.line(severity, event);
  line.text("req", exchange.id()).text("src", exchange.client.text()).text("method", exchange.head.method_text);
  // The route's pattern, not the path: a path holds ids and text that an attacker chose.
  if (exchange.facts) line.text("route", exchange.facts->pattern);
  if (severity == ops::Severity::error && exchange.facts && !exchange.facts->registered.empty())
    line.text("handler", exchange.facts->registered);
  if (exchange.user) line.text("user", exchange.user->text());
  if (const std::string tag = tag_of(exchange, about.account); !tag.empty()) line.plain("account", tag);
  if (about.whose) line.text("whose", about.whose->text());
  if (exchange.answer.status != 0) line.number("status", exchange.answer.status);
  if (exchange.position.observed) line.text("mode", "observe");
  line.text("reason", reason);
  if (!about.detail.empty()) line.text("detail", about.detail);
  exchange.loop.log.write(line);
}

}  // namespace

void security_event(Exchange& exchange, ops::EventName event, std::string_view reason, ops::Severity severity) {
  write(exchange, event, reason, severity);
}

void account_event(Exchange& exchange, ops::EventName event, std::string_view reason, std::string_view account,
                   ops::Severity severity) {
  write(exchange, event, reason, severity, {.account = account});
}

void user_event(Exchange& exchange, ops::EventName event, std::string_view reason, Id<User> whose,
                ops::Severity severity) {
  write(exchange, event, reason, severity, {.whose = whose});
}

void log_failure(Exchange& exchange, std::string_view what, ops::Severity severity) {
  write(exchange, "http_error", what, severity);
}

void log_misuse(Exchange& exchange) {
  write(exchange, "http_error", exchange.misused().what, ops::Severity::error, {.detail = exchange.misused().detail});
}

}  // namespace sallyport::gate
