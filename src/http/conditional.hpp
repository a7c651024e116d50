// Conditional requests (RFC 9110 13): whether a request is processed, given the state of the resource that the client
// knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/http1_parser.hpp"

namespace sallyport::http {

/// What is known of the representation that would be sent or replaced.
struct Validators {
  std::string_view etag{};                      ///< as sent: `"…"` or `W/"…"`; empty: none
  std::optional<std::int64_t> last_modified{};  ///< seconds since the epoch
  bool exists = true;                           ///< false: nothing is there yet, which matters to `*` only
};

/// The fields that set conditions, as `RequestHead::known` gives them, and the head with the further lines of the lists among them.
struct Preconditions {
  KnownField if_match{};
  KnownField if_none_match{};
  KnownField if_modified_since{};
  KnownField if_unmodified_since{};
  const RequestHead* head = nullptr;
};

[[nodiscard]] Preconditions preconditions_of(const RequestHead& head) noexcept;

enum class Verdict : std::uint8_t {
  proceed,
  not_modified,  ///< answer 304
  failed,        ///< answer 412
};

/// Evaluates the conditions in the order of RFC 9110 13.2.2. Ask only when the answer would otherwise be 2xx (13.2.1).
/// `now` is for the two-digit years of old dates, in seconds since the epoch.
///
/// A list in several lines is one list (RFC 9110 5.3). What is malformed is answered on the safe side: If-Match has failed, so that no update is lost; If-None-Match on GET and HEAD gets the whole representation, on
/// any other method it has failed, because there it says "only if nothing is there". Dates that are no dates or came
/// twice are ignored (13.1.3, 13.1.4).
[[nodiscard]] Verdict evaluate(Method method, const Preconditions& conditions, const Validators& current,
                               std::int64_t now) noexcept;

/// Whether Range may be answered with a part: there is no If-Range, or it names exactly the current representation
/// (RFC 9110 13.1.5). Weak entity-tags never do; a date does where there is no tag, when it equals Last-Modified and that second is over,
/// since until then a second change would have the same date (8.8.2.2).
[[nodiscard]] bool range_applies(const KnownField& if_range, const Validators& current, std::int64_t now) noexcept;

}  // namespace sallyport::http
