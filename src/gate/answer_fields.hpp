// The fields of an answer that its class does not decide: listed here once, written by HTTP/1.1 and HTTP/2 in their own
// formats.
#pragma once

#include "gate/exchange.hpp"
#include "gate/header_merge.hpp"
#include "gate/limit_fields.hpp"
#include "gate/rules.hpp"
#include "http/http_date.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace sallyport::gate {

/// What the answer depends on besides its address: a cache must not hand one client's to another.
[[nodiscard]] inline std::string_view vary_of(const Exchange& exchange) noexcept {
  constexpr std::array<std::string_view, 8> texts{
      "",
      "Accept-Encoding",
      "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest",
      "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, Accept-Encoding",
      "Origin",
      "Accept-Encoding, Origin",
      "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, Origin",
      "Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, Accept-Encoding, Origin"};
  const ResponseClass kind = exchange.answer.kind;
  // Files may be kept, and another site's request for one is refused (see fetch_metadata.cpp).
  const bool file =
      kind == ResponseClass::asset || kind == ResponseClass::immutable_asset || kind == ResponseClass::private_asset;
  const bool coding = file || exchange.answer.varies_by_coding;
  const bool origin = exchange.cors_path || !exchange.cors_nearby.empty() || (exchange.facts && exchange.facts->cors);
  return texts[(coding ? 1U : 0U) | (file ? 2U : 0U) | (origin ? 4U : 0U)];
}

/// The Access-Control fields of what has been granted (Fetch standard, "CORS protocol").
template <class F>
void for_each_cors_field(const CorsGrant& grant, F&& field) {
  field("Access-Control-Allow-Origin", grant.origin);
  if (grant.credentials) field("Access-Control-Allow-Credentials", "true");
  if (!grant.preflight) {
    if (!grant.expose.empty()) field("Access-Control-Expose-Headers", grant.expose);
    return;
  }
  field("Access-Control-Allow-Methods", grant.methods);
  if (!grant.headers.empty()) field("Access-Control-Allow-Headers", grant.headers);
  field("Access-Control-Max-Age", "600");
}

/// Calls `field(name, value)` for each. Values may live on the stack: use them at once.
template <class F>
void for_each_field(const Exchange& exchange, F&& field) {
  const Answer& answer = exchange.answer;
  std::array<char, 20> digits;
  const auto number = [&](std::uint64_t value) {
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  };
  if (!answer.bodiless()) {
    if (!answer.content_type.empty()) field("Content-Type", answer.content_type);
    if (!answer.open_ended()) field("Content-Length", number(answer.body_size()));
    if (!answer.content_coding.empty()) field("Content-Encoding", answer.content_coding);
  }
  const auto sends = [&](MergeRows row) { return (answer.left_out & row) == 0; };
  if (exchange.counted_limits != 0 && sends(rate_limit_rows)) for_each_limit_field(exchange, field);
  if (!answer.location.empty()) field("Location", answer.location);
  for (const std::string& cookie : answer.cookies) field("Set-Cookie", cookie);
  if (!answer.allow.empty()) field("Allow", answer.allow);
  if (!answer.etag.empty()) field("ETag", answer.etag);
  if (answer.last_modified != 0) {
    const auto date = http::http_date(answer.last_modified);
    field("Last-Modified", {date.data(), date.size()});
  }
  if (answer.accepts_ranges) field("Accept-Ranges", "bytes");
  if (!answer.content_range.empty()) field("Content-Range", answer.content_range);
  if (const std::string_view vary = vary_of(exchange); !vary.empty()) field("Vary", vary);
  if (answer.retry_after != 0) field("Retry-After", number(answer.retry_after));
  if (answer.clear_site_data && sends(clear_site_data_row)) field("Clear-Site-Data", "\"cache\", \"storage\"");
  if (answer.status == 401 && sends(authenticate_row))
    field("WWW-Authenticate", "Session");  // RFC 9110 15.5.2 asks for one
  if (!exchange.cors.origin.empty() && sends(cors_row)) for_each_cors_field(exchange.cors, field);
  for (const Response::Field& extra : answer.fields) field(extra.name, extra.value);
  for (const http::HeaderField& theirs : answer.forwarded) field(theirs.name, theirs.value);
}

}  // namespace sallyport::gate
