// Writes the line of the access log.
#include "gate/access_line.hpp"

#include "gate/site.hpp"

#include <chrono>
#include <string>

namespace sallyport::gate {

void write_access_line(Exchange& exchange) {
  if (!exchange.site.settings.log.access) return;
  const auto taken = exchange.ended - exchange.started;
  const std::string user = exchange.user ? exchange.user->text() : std::string();
  exchange.loop.log.access({.method = exchange.head.method_text,
                            .route = exchange.facts ? std::string_view(exchange.facts->pattern) : std::string_view{},
                            .status = static_cast<std::uint16_t>(exchange.answer.status),
                            .bytes = exchange.bytes_sent,
                            .micros = static_cast<std::uint64_t>(taken / std::chrono::microseconds(1)),
                            .client = exchange.client_text(),
                            .request_id = exchange.id(),
                            .user = user});
}

}  // namespace sallyport::gate
