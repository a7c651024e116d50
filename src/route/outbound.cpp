// Calls of other services by handlers: what goes along with each, and who answers.
#include <sallyport/outbound.hpp>

#include "base/character_class.hpp"
#include "crypto/hex.hpp"
#include "crypto/random.hpp"
#include "http/header_fields.hpp"
#include "outbound/clients.hpp"
#include "route/call.hpp"
#include "route/service.hpp"
#include "route/this_request.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::detail {
namespace {

bool all_in(base::CharacterClass wanted, std::string_view text) noexcept {
  return base::skip(wanted, text.data(), text.data() + text.size()) == text.data() + text.size();
}

// W3C Trace Context 3.2.2: version 00 as it is written down, neither id of zeros alone.
bool is_traceparent(std::string_view text) noexcept {
  if (text.size() != 55 || !text.starts_with("00-") || text[35] != '-' || text[52] != '-') return false;
  const auto hex = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return base::is_digit(c) || (c >= 'a' && c <= 'f'); });
  };
  const auto named = [&](std::string_view part) { return hex(part) && part.find_first_not_of('0') != part.npos; };
  return named(text.substr(3, 32)) && named(text.substr(36, 16)) && hex(text.substr(53));
}

// The trace that the request belongs to goes on; one that belongs to none begins one, whose id is the request's own.
void add_trace(gate::Exchange& exchange, OutboundRequest& request) {
  const http::KnownField parent = exchange.head.known(http::KnownHeader::traceparent);
  const auto span = crypto::random_128();
  const std::string span_id = crypto::encode_hex(std::span(span).first(8));
  if (parent && !parent.repeated && is_traceparent(parent.value)) {
    std::string line(parent.value.substr(0, 36));
    request.fields.push_back({"traceparent", line.append(span_id).append(parent.value.substr(52))});
    const http::KnownField state = exchange.head.known(http::KnownHeader::tracestate);
    if (state && !state.repeated && state.value.size() <= 512) {
      request.fields.push_back({"tracestate", std::string(state.value)});
    }
    return;
  }
  std::string line = "00-";
  for (const char c : exchange.id()) {
    if (c != '-') line.push_back(c);
  }
  request.fields.push_back({"traceparent", line.append("-").append(span_id).append("-00")});
}

OutboundAnswer answer_of(OutboundReply reply, std::string_view origin) {
  if (reply.failure != OutboundFailure::none) throw OutboundError(reply.failure, reply.reason, origin, reply.status);
  return OutboundAnswer(std::move(reply), origin);
}

}  // namespace

void add_outbound_field(OutboundRequest& request, std::string_view name, std::string value) {
  if (!all_in(base::value_class, value) || base::trim_blanks(value).size() != value.size()) {
    throw std::invalid_argument("a control character, or a blank at an end, in the value of a field of a call");
  }
  request.fields.push_back({std::string(name), std::move(value)});
}

void add_bearer(OutboundRequest& request, const SecretBytes& token) {
  std::string value = "Bearer ";
  token.expose([&](std::string_view bytes) { value.append(bytes); });
  add_outbound_field(request, "Authorization", std::move(value));
}

Task<OutboundAnswer> call_outbound(std::string_view origin, OutboundRequest request) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  const route::Service& service = route::call_of(exchange).service;
  add_trace(exchange, request);
  OutboundReply reply;
  if (OutboundTransport* const instead = service.definition.outbound.get()) {
    reply = co_await instead->send(origin, std::move(request));
  } else if (service.outbound) {
    reply = co_await service.outbound->send(exchange.loop.events, origin, std::move(request));
  } else {
    reply.failure = OutboundFailure::unreachable;
    reply.reason = "the service has ended";
  }
  co_return answer_of(std::move(reply), origin);
}

Task<OutboundAnswer> call_public(PublicUrl url, OutboundRequest request) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  const route::Service& service = route::call_of(exchange).service;
  constexpr std::string_view origin =
      "a public address";  // what a client named is not repeated in the log, and gets no trace
  OutboundReply reply;
  if (OutboundTransport* const instead = service.definition.outbound.get()) {
    const std::string named = (url.https() ? "https://" : "http://") + std::string(url.authority());
    reply = co_await instead->send(named, std::move(request));
  } else if (service.outbound) {
    reply = co_await service.outbound->send_public(exchange.loop.events, std::move(url), std::move(request));
  } else {
    reply.failure = OutboundFailure::unreachable;
    reply.reason = "the service has ended";
  }
  co_return answer_of(std::move(reply), origin);
}

}  // namespace sallyport::detail
