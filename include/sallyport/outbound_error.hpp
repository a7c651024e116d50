// OutboundError: why a call of another service has no answer.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstdint>
#include <exception>
#include <string_view>

namespace sallyport {

/// What ended a call of another service.
enum class OutboundFailure : std::uint8_t {
  none,
  no_such_host,  ///< the name can't be looked up, or has no address
  unreachable,   ///< no address takes a connection
  not_trusted,  ///< TLS: the certificate is not for that host, not of a known authority or expired, or there is no agreement
  timed_out,          ///< not whole by the deadline: it hangs, or drips
  cut_off,            ///< the connection ended before the answer did
  malformed,          ///< no HTTP, or HTTP whose end two readers could see in different places
  too_large,          ///< more bytes than the call allows
  busy,               ///< too many calls of that origin are under way
  address_refused,    ///< of a `PublicUrl`: its host has an address that is not public, or the port is not allowed
  unexpected_status,  ///< `json<T>()` of an answer that is no 2xx
  unexpected_body,    ///< `json<T>()` of an answer that is no such `T`
};

/// "timed_out": for a log.
[[nodiscard]] std::string_view failure_name(OutboundFailure failure) noexcept;

/// Thrown where another service did not answer as it should. Uncaught, the request is answered with 502, or 504 when it was too late, or 503
/// when too many such calls are under way; the log has the reason and the origin, the client neither.
class OutboundError final : public std::exception {
 public:
  OutboundError(OutboundFailure kind, std::string_view reason, std::string_view origin, int status = 0) noexcept
      : reason_(reason), origin_(origin), status_(status), kind_(kind) {}

  [[nodiscard]] OutboundFailure kind() const noexcept { return kind_; }
  /// The status of an answer that was there; 0: there was none.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// The rule that was broken, or the system's words: a static text, for a log.
  [[nodiscard]] std::string_view reason() const noexcept { return reason_; }
  /// As the handler's signature names it.
  [[nodiscard]] std::string_view origin() const noexcept { return origin_; }
  /// The same for all, so that nothing can be shown to a client by accident.
  [[nodiscard]] const char* what() const noexcept override { return "a call of another service failed"; }

 private:
  std::string_view reason_;
  std::string_view origin_;
  int status_;
  OutboundFailure kind_;
};

}  // namespace sallyport
