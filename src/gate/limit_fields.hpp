// The fields that tell a client the state of its limits: RateLimit fields in the draft that is asked for, X-RateLimit for old clients.
#pragma once

#include "gate/exchange.hpp"
#include "gate/rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::gate {

/// A short text put together on the stack; what does not fit is left out.
class ShortText {
 public:
  ShortText& text(std::string_view part) noexcept {
    const std::size_t size = std::min(part.size(), bytes_.size() - size_);
    part.copy(bytes_.data() + size_, size);
    size_ += size;
    return *this;
  }
  ShortText& number(std::int64_t value) noexcept {
    const auto end = std::to_chars(bytes_.data() + size_, bytes_.data() + bytes_.size(), value);
    if (end.ec == std::errc()) size_ = static_cast<std::size_t>(end.ptr - bytes_.data());
    return *this;
  }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, 96> bytes_;
  std::size_t size_ = 0;
};

/// `"general";r=99;t=1`: an item of RateLimit (draft-ietf-httpapi-ratelimit-headers-08 to -10).
[[nodiscard]] inline ShortText limit_item(const CountedLimit& limit) noexcept {
  return ShortText()
      .text("\"")
      .text(limit.policy->name)
      .text("\";r=")
      .number(limit.remaining)
      .text(";t=")
      .number(limit.reset_seconds);
}

/// The limit that a client reaches first: older drafts have room for one only.
[[nodiscard]] inline const CountedLimit& nearest_limit(const Exchange& exchange) noexcept {
  return *std::min_element(
      exchange.limits.begin(), exchange.limits.begin() + static_cast<std::ptrdiff_t>(exchange.counted_limits),
      [](const CountedLimit& a, const CountedLimit& b) {
        return a.remaining != b.remaining ? a.remaining < b.remaining : a.reset_seconds > b.reset_seconds;
      });
}

template <class F>
void for_each_limit_field(const Exchange& exchange, F&& field) {
  const LimitFields& wanted = exchange.rules.limit_fields;
  if (wanted.draft_8) {
    if (exchange.counted_limits == 1) {
      field("RateLimit-Policy", exchange.limits[0].policy->draft_8);
      field("RateLimit", limit_item(exchange.limits[0]).view());
    } else {
      std::string& policies = exchange.limit_policies_text;
      std::string& limits = exchange.limits_text;
      policies.clear();
      limits.clear();
      for (std::size_t i = 0; i < exchange.counted_limits; ++i) {
        if (i != 0) policies.append(", "), limits.append(", ");
        policies.append(exchange.limits[i].policy->draft_8);
        limits.append(limit_item(exchange.limits[i]).view());
      }
      field("RateLimit-Policy", policies);
      field("RateLimit", limits);
    }
  }
  if (!wanted.draft_7 && !wanted.draft_6 && !wanted.legacy) return;
  const CountedLimit& nearest = nearest_limit(exchange);
  const std::uint32_t limit = nearest.policy->charge.limit;
  if (wanted.draft_7 || wanted.draft_6) field("RateLimit-Policy", nearest.policy->draft_7);
  if (wanted.draft_7) {
    field("RateLimit", ShortText()
                           .text("limit=")
                           .number(limit)
                           .text(", remaining=")
                           .number(nearest.remaining)
                           .text(", reset=")
                           .number(nearest.reset_seconds)
                           .view());
  }
  if (wanted.draft_6) {
    field("RateLimit-Limit", ShortText().number(limit).view());
    field("RateLimit-Remaining", ShortText().number(nearest.remaining).view());
    field("RateLimit-Reset", ShortText().number(nearest.reset_seconds).view());
  }
  if (wanted.legacy) {
    const auto now = std::chrono::ceil<std::chrono::seconds>(exchange.loop.clock.wall().time_since_epoch());
    field("X-RateLimit-Limit", ShortText().number(limit).view());
    field("X-RateLimit-Remaining", ShortText().number(nearest.remaining).view());
    field("X-RateLimit-Reset", ShortText().number(now.count() + nearest.reset_seconds).view());
  }
}

}  // namespace sallyport::gate
