// The field lines of a head: a checked list of views, with constant-time look-up of the names that are known.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>

namespace sallyport::http {

/// Field names that are recognised while parsing, so that asking for one of them later is a table look-up.
/// The parser relies on the order: the first five decide what the message is.
enum class KnownHeader : std::uint8_t {
  host,
  content_length,
  transfer_encoding,
  connection,
  expect,
  cookie,
  authorization,
  proxy_authorization,
  origin,
  referer,
  sec_fetch_site,
  sec_fetch_mode,
  sec_fetch_dest,
  sec_fetch_user,
  content_type,
  content_encoding,
  content_range,
  accept,
  accept_encoding,
  accept_language,
  access_control_request_method,
  access_control_request_headers,
  user_agent,
  if_match,
  if_none_match,
  if_modified_since,
  if_unmodified_since,
  if_range,
  range,
  cache_control,
  pragma,
  forwarded,
  via,
  x_forwarded_for,
  x_forwarded_host,
  x_forwarded_port,
  x_forwarded_proto,
  x_real_ip,
  x_request_id,
  x_csrf_token,
  x_requested_with,
  x_http_method_override,
  x_original_url,
  x_rewrite_url,
  te,
  trailer,
  upgrade,
  keep_alive,
  proxy_connection,
  http2_settings,
  upgrade_insecure_requests,
  priority,
  traceparent,
  tracestate,
  idempotency_key,
  last_event_id,
  sec_ch_ua,
  sec_ch_ua_mobile,
  sec_ch_ua_platform,
  sec_gpc,
  sec_purpose,
  dnt,
  count,
  other = count,  ///< a name that is not in this list
};

/// The name of a known header in lower case; empty for `KnownHeader::other`.
[[nodiscard]] std::string_view header_name(KnownHeader header) noexcept;

/// One field line. `name` is as received (compare it without regard to case), `value` has no whitespace around it and may
/// hold bytes >= 0x80, which are opaque (RFC 9110 5.5): never copy it into a log or a page without escaping.
struct HeaderField {
  std::string_view name;
  std::string_view value;
  KnownHeader known = KnownHeader::other;
};

/// What a known header holds: the first field of that name, and whether there were more.
struct KnownField {
  std::string_view value;
  bool present = false;
  bool repeated = false;
  explicit operator bool() const noexcept { return present; }
};

/// What heads of requests and of answers have in common. All views point into the bytes that were parsed and die with them. Large (about
/// 4 KiB) and cheap to reuse: parsing overwrites it without clearing it first.
class HeaderFields {
 public:
  static constexpr std::size_t max_fields = 100;

  /// The field lines in the order received.
  [[nodiscard]] std::span<const HeaderField> fields() const noexcept { return {slots(), count_}; }

  [[nodiscard]] bool has(KnownHeader header) const noexcept { return (present_ & bit(header)) != 0; }

  /// More than one field line of this name: for a single-valued field that someone will trust, a reason to refuse.
  [[nodiscard]] bool repeated(KnownHeader header) const noexcept { return (repeated_ & bit(header)) != 0; }

  /// The first field of this name; constant time.
  [[nodiscard]] KnownField known(KnownHeader header) const noexcept {
    if (!has(header)) return {};
    return {slots()[first_[static_cast<std::size_t>(header)]].value, true, repeated(header)};
  }

  /// The first field called `name` (any case), or null; walks the list. For names that are not in `KnownHeader`.
  [[nodiscard]] const HeaderField* find(std::string_view name) const noexcept;

 protected:
  /// User-provided on purpose: value-initialisation must not clear 4 KiB of field storage.
  HeaderFields() noexcept {}  // NOLINT(modernize-use-equals-default)
  ~HeaderFields() = default;
  HeaderFields(const HeaderFields&) = default;
  HeaderFields& operator=(const HeaderFields&) = default;

  void reset() noexcept { count_ = 0, present_ = 0, repeated_ = 0; }
  void rebase_fields(const char* from, const char* to) noexcept;

 private:
  template <class Derived, class Scan>
  friend class FieldLines;

  static_assert(static_cast<unsigned>(KnownHeader::count) <= 64, "present_ and repeated_ are one word each");
  static constexpr std::uint64_t bit(KnownHeader header) noexcept {
    return header < KnownHeader::count ? std::uint64_t{1} << static_cast<unsigned>(header) : 0;
  }
  const HeaderField* slots() const noexcept {
    return std::launder(reinterpret_cast<const HeaderField*>(storage_.data()));
  }
  void add(std::string_view name, std::string_view value, KnownHeader known) noexcept {
    std::construct_at(reinterpret_cast<HeaderField*>(storage_.data()) + count_, HeaderField{name, value, known});
    const std::size_t index = count_++;
    if (known == KnownHeader::other) return;
    const std::uint64_t flag = std::uint64_t{1} << static_cast<unsigned>(known);
    if ((present_ & flag) != 0) {
      repeated_ |= flag;
    } else {
      present_ |= flag;
      first_[static_cast<std::size_t>(known)] = static_cast<std::uint8_t>(index);
    }
  }

  std::size_t count_ = 0;
  std::uint64_t present_ = 0;
  std::uint64_t repeated_ = 0;
  std::array<std::uint8_t, static_cast<std::size_t>(KnownHeader::count)> first_;  // valid where present_ says so
  alignas(HeaderField) std::array<std::byte, sizeof(HeaderField) * max_fields> storage_;  // count_ live fields
};

}  // namespace sallyport::http
