// ReportLog: the handler parameter that lets the handler of browser reports log them.
#pragma once

#include <sallyport/handler.hpp>

#include <string_view>

namespace sallyport {

namespace route {

/// A browser's report of a violated policy.
struct Violation {
  std::string_view directive;
  std::string_view blocked;   ///< what was not loaded: an address or a keyword such as `inline`
  std::string_view document;  ///< on which page
};

/// Writes violations as security events of the request at hand.
class ReportLog {
 public:
  void write(const Violation& violation) const;

 private:
  friend struct sallyport::detail::Admit;
  explicit ReportLog(gate::Exchange& exchange) noexcept : exchange_(&exchange) {}
  gate::Exchange* exchange_;
};

}  // namespace route

namespace detail {

template <>
struct Argument<route::ReportLog> : ArgumentDefaults {
  using Slot = EmptySlot;
  static bool fill(Exchange&, Slot&) { return true; }
  static route::ReportLog pass(Exchange& exchange, Slot&) { return Admit::make<route::ReportLog>(exchange); }
};

}  // namespace detail
}  // namespace sallyport
