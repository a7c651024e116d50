// What becomes of the fields that an upstream has answered with, where the gate has values of its own: one row for each.
#pragma once

#include "base/character_class.hpp"
#include "gate/answer.hpp"
#include "http/http1_parser.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sallyport::gate {

enum class Merge : std::uint8_t {
  add_if_absent,  ///< the upstream's stands; ours is sent where it has none, or none that is acceptable
  keep,           ///< the upstream's stands; ours is never sent
  replace,        ///< the upstream's is dropped; ours is sent, if there is one
};

struct MergeRule {
  std::string_view name;  ///< in any case; with `*` at its end all names that begin so
  Merge merge = Merge::add_if_absent;
  bool (*acceptable)(std::string_view value) noexcept = nullptr;  ///< null: any value that is not empty
  bool list =
      false;  ///< several lines are one list (RFC 9110 5.3); two different lines of any other field count as none
};

// The checks of values that the rows name. A value that browsers would ignore must not keep ours from being sent.
namespace acceptable {
bool date(std::string_view value) noexcept;
bool hsts(std::string_view value) noexcept;
bool content_security_policy(std::string_view value) noexcept;
bool permissions_policy(std::string_view value) noexcept;
bool cache_control(std::string_view value) noexcept;
bool frame_options(std::string_view value) noexcept;
bool referrer_policy(std::string_view value) noexcept;
bool opener_policy(std::string_view value) noexcept;
bool embedder_policy(std::string_view value) noexcept;
bool resource_policy(std::string_view value) noexcept;
bool cross_domain_policies(std::string_view value) noexcept;
bool boolean(std::string_view value) noexcept;
bool zero(std::string_view value) noexcept;
}  // namespace acceptable

/// A field without a row goes on as it came. That is right also where both we and the upstream send one and the two are a list (Vary,
/// Reporting-Endpoints).
inline constexpr std::array merge_table{
    MergeRule{"Date", Merge::add_if_absent, acceptable::date},
    // What protects.
    MergeRule{"Strict-Transport-Security", Merge::add_if_absent, acceptable::hsts},
    MergeRule{"X-Content-Type-Options", Merge::replace},
    MergeRule{"Content-Security-Policy", Merge::add_if_absent, acceptable::content_security_policy, true},
    MergeRule{"Content-Security-Policy-Report-Only", Merge::add_if_absent, acceptable::content_security_policy, true},
    MergeRule{"X-Frame-Options", Merge::add_if_absent, acceptable::frame_options},
    MergeRule{"Referrer-Policy", Merge::add_if_absent, acceptable::referrer_policy, true},
    MergeRule{"Cross-Origin-Opener-Policy", Merge::add_if_absent, acceptable::opener_policy},
    MergeRule{"Cross-Origin-Resource-Policy", Merge::add_if_absent, acceptable::resource_policy},
    // With our values, pages that load from other origins would break.
    MergeRule{"Cross-Origin-Embedder-Policy", Merge::keep, acceptable::embedder_policy},
    MergeRule{"Permissions-Policy", Merge::add_if_absent, acceptable::permissions_policy, true},
    MergeRule{"Origin-Agent-Cluster", Merge::add_if_absent, acceptable::boolean},
    MergeRule{"X-Permitted-Cross-Domain-Policies", Merge::add_if_absent, acceptable::cross_domain_policies},
    MergeRule{"X-XSS-Protection", Merge::add_if_absent, acceptable::zero},
    MergeRule{"X-DNS-Prefetch-Control"},
    MergeRule{"X-Download-Options"},
    MergeRule{"Cache-Control", Merge::add_if_absent, acceptable::cache_control, true},
    MergeRule{"Clear-Site-Data", Merge::keep, nullptr, true},
    MergeRule{"WWW-Authenticate", Merge::add_if_absent, nullptr, true},
    // Whichever draft they follow: a client reads them together.
    MergeRule{"RateLimit*", Merge::add_if_absent, nullptr, true},
    MergeRule{"X-RateLimit*", Merge::add_if_absent, nullptr, true},
    // Who may read is decided in one place: the gate answers preflights, and two grants in one answer are none (Fetch, "CORS check").
    MergeRule{"Access-Control-*", Merge::replace, nullptr, true},
    // Discloses the upstream, or lets clients bypass the proxy.
    MergeRule{"Server", Merge::replace},
    MergeRule{"X-Powered-By", Merge::replace},
    MergeRule{"X-AspNet*", Merge::replace},
    MergeRule{"X-Accel-*", Merge::replace},
    MergeRule{"X-Sendfile*", Merge::replace},
    MergeRule{"X-Lighttpd-*", Merge::replace},
    MergeRule{"X-LiteSpeed-*", Merge::replace},
    MergeRule{"Via", Merge::replace},
    MergeRule{"Alt-Svc", Merge::replace},
    MergeRule{"X-Dev-Mode", Merge::replace},
    // Removed from browsers because it did harm.
    MergeRule{"Public-Key-Pins*", Merge::replace},
    MergeRule{"Expect-CT", Merge::replace},
    // Members of Answer, which decide its class and its framing.
    MergeRule{"Content-Type", Merge::replace},
    MergeRule{"Content-Encoding", Merge::replace},
    MergeRule{"Content-Length", Merge::replace},
    // Of the connection to the upstream alone (RFC 9110 7.6.1).
    MergeRule{"Connection", Merge::replace},
    MergeRule{"Keep-Alive", Merge::replace},
    MergeRule{"Proxy-*", Merge::replace},
    MergeRule{"TE", Merge::replace},
    MergeRule{"Trailer", Merge::replace},
    MergeRule{"Transfer-Encoding", Merge::replace},
    MergeRule{"Upgrade", Merge::replace},
    MergeRule{"HTTP2-Settings", Merge::replace},
};

/// A site may change what is done with a row, but can't add or remove rows.
using MergeTable = std::array<MergeRule, merge_table.size()>;

/// The row for a field as a set of one; the empty set where there is none.
[[nodiscard]] constexpr MergeRows row_of(std::string_view name) noexcept {
  static_assert(merge_table.size() <= 64, "MergeRows has one bit for each row");
  for (std::size_t row = 0; row < merge_table.size(); ++row) {
    std::string_view pattern = merge_table[row].name;
    const bool prefix = pattern.ends_with('*');
    if (prefix) pattern.remove_suffix(1);
    const std::string_view compared = prefix ? name.substr(0, pattern.size()) : name;
    if (base::equal_ignoring_case(compared, pattern)) return MergeRows{1} << row;
  }
  return 0;
}

/// The fields that are in none of our blocks and that an upstream may nevertheless replace.
inline constexpr MergeRows date_row = row_of("Date");
inline constexpr MergeRows authenticate_row = row_of("WWW-Authenticate");
inline constexpr MergeRows clear_site_data_row = row_of("Clear-Site-Data");
inline constexpr MergeRows cache_control_row = row_of("Cache-Control");
inline constexpr MergeRows cors_row = row_of("Access-Control-");
inline constexpr MergeRows rate_limit_rows = row_of("RateLimit") | row_of("X-RateLimit");

/// Takes the fields of an upstream's answer over: those that go on to the client become `answer.forwarded`, `answer.left_out` says which
/// of ours they stand in for. The bytes of `fields` must outlive the answer, and be checked already: names are tokens, values have no
/// control characters.
void merge_fields(Answer& answer, std::span<const http::HeaderField> fields, const MergeTable& table = merge_table);

}  // namespace sallyport::gate
