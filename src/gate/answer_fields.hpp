// The fields of an answer that its class does not decide: said once, written by HTTP/1.1 and HTTP/2 each in its own way.
#pragma once

#include "content/http_date.hpp"
#include "gate/exchange.hpp"
#include "gate/rules.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace sallyport::gate {

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
    if (answer.source != BodySource::pieces) field("Content-Length", number(answer.body_size()));
    if (!answer.content_coding.empty()) field("Content-Encoding", answer.content_coding);
  }
  if (exchange.quota.counted) {
    // The policy's text has been made at start, the numbers follow it.
    std::array<char, 96> quota;
    char* out = quota.data();
    const std::string_view name = "\"general\";r=";
    out = name.copy(out, name.size()) + out;
    out = std::to_chars(out, out + 10, exchange.quota.remaining).ptr;
    *out++ = ';';
    *out++ = 't';
    *out++ = '=';
    out = std::to_chars(out, out + 10, exchange.quota.reset_seconds).ptr;
    field("RateLimit-Policy", exchange.rules.rate_limit_policy);
    field("RateLimit", {quota.data(), static_cast<std::size_t>(out - quota.data())});
  }
  if (!answer.location.empty()) field("Location", answer.location);
  if (!answer.set_cookie.empty()) field("Set-Cookie", answer.set_cookie);
  if (!answer.allow.empty()) field("Allow", answer.allow);
  if (!answer.etag.empty()) field("ETag", answer.etag);
  if (answer.last_modified != 0) {
    const auto date = content::http_date(answer.last_modified);
    field("Last-Modified", {date.data(), date.size()});
  }
  if (answer.accepts_ranges) field("Accept-Ranges", "bytes");
  if (!answer.content_range.empty()) field("Content-Range", answer.content_range);
  if (answer.varies_by_coding) field("Vary", "Accept-Encoding");
  if (answer.retry_after != 0) field("Retry-After", number(answer.retry_after));
  if (answer.clear_site_data) field("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
  if (answer.status == 401) field("WWW-Authenticate", "Session");  // RFC 9110 15.5.2 asks for one
  for (const Response::Field& extra : answer.fields) field(extra.name, extra.value);
}

}  // namespace sallyport::gate
