// What clients may keep: Cache-Control, an entity-tag made of the answer's bytes, and 304 for those who have them.
#pragma once

#include "gate/exchange.hpp"
#include "http/conditional.hpp"

#include <string>
#include <string_view>

namespace sallyport::gate {

/// A strong tag, quoted: other bytes have another.
[[nodiscard]] std::string tag_of(std::string_view bytes);

/// Evaluates the conditions of the request (RFC 9110 13). False: the result, 304 or 412, is the answer.
[[nodiscard]] bool conditions_hold(Exchange& exchange, const http::Validators& current);

/// Where the route says that its answers may be kept.
void allow_caching(Exchange& exchange);

}  // namespace sallyport::gate
