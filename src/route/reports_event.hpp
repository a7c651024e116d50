// ReportLog: what the handler of browsers' reports may do, as a parameter of its own.
#pragma once

#include <sallyport/handler.hpp>

#include <string_view>

namespace sallyport {

namespace route {

/// What a browser says about a policy that was violated.
struct Violation {
  std::string_view directive;
  std::string_view blocked;   ///< what was not loaded: an address or a word as `inline`
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
