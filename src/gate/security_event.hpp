// Security events: log lines for operators, named as in the OWASP Logging Vocabulary.
#pragma once

#include "gate/exchange.hpp"
#include "ops/json_line.hpp"

#include <string_view>

namespace sallyport::gate {

/// One line about a request. `reason` is a literal of the source, except in browser reports, whose text is untrusted.
void security_event(Exchange& exchange, ops::EventName event, std::string_view reason,
                    ops::Severity severity = ops::Severity::warning);

/// The same about an account, which the line names by a code that is always the same for it (`Email::key` under a key of this service's):
/// the log tells which account is attacked, and not whose it is.
void account_event(Exchange& exchange, ops::EventName event, std::string_view reason, std::string_view account,
                   ops::Severity severity = ops::Severity::warning);

/// The same about what `exchange.user` did to another user.
void user_event(Exchange& exchange, ops::EventName event, std::string_view reason, Id<User> whose,
                ops::Severity severity = ops::Severity::info);

/// The cause of a 500, or what a client has run into, for the log only. `what` may be an exception's text.
void log_failure(Exchange& exchange, std::string_view what, ops::Severity severity = ops::Severity::error);

/// What `Exchange::misused` holds, which ends the request with 500.
void log_misuse(Exchange& exchange);

}  // namespace sallyport::gate
