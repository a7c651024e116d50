// Webhooks: their secrets, and the steps that check a delivery before a handler sees it.
#pragma once

#include <sallyport/webhook.hpp>

#include "crypto/mac.hpp"
#include "gate/exchange.hpp"
#include "gate/webhook_signature.hpp"
#include "ops/finding.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sallyport::detail {
struct AppDefinition;
}

namespace sallyport::route {

class RouteTable;

/// A scheme that some route uses, and the keys under which its deliveries may be signed.
struct Webhook {
  const WebhookScheme* scheme = nullptr;
  std::vector<crypto::HmacSha256> keys;
};

/// Of every route, each scheme once. What can't be read is a finding (CFG-006).
[[nodiscard]] std::vector<Webhook> read_webhooks(const RouteTable& table, const detail::AppDefinition& definition,
                                                 ops::Findings& findings);

/// What a request's delivery has come to.
struct DeliveryState {
  gate::SignedHead head;
  std::array<limits::Charge, 2> names{};  ///< what keeps it from being taken twice
  std::size_t name_count = 0;
  bool taken = false;  ///< these are counted: by this request, whose answer is not known yet
  std::int64_t taken_at_ns = 0;
};

/// The head: whether there is a signature that could be right, and of now. Before the body is read.
gate::Outcome check_signed_head(gate::Exchange& exchange);
/// The body: whether the signature is right, and the delivery new.
gate::Outcome check_signed_body(gate::Exchange& exchange);
/// After an error the sender may send the delivery again.
void settle_delivery(gate::Exchange& exchange);
/// Nobody waits for the answer any more: likewise.
void give_delivery_back(gate::Exchange& exchange) noexcept;

}  // namespace sallyport::route
