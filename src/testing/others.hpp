// What answers the calls of a tested service instead of other services.
#pragma once

#include <sallyport/detail/outbound_message.hpp>
#include <sallyport/testing/other_service.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::test::detail {

/// One of them.
struct Other {
  std::optional<sallyport::detail::OutboundReply> always;
  std::deque<sallyport::detail::OutboundReply> once;
  std::vector<OutboundCall> calls;
};

/// Used on the test's thread, which is its event loop's.
class Others final : public sallyport::detail::OutboundTransport {
 public:
  [[nodiscard]] Task<sallyport::detail::OutboundReply> send(std::string_view origin,
                                                            sallyport::detail::OutboundRequest request) override;
  [[nodiscard]] std::shared_ptr<Other> of(std::string_view origin);
  /// The calls for which the test has no answer, and which have not been told yet, as text.
  [[nodiscard]] std::string take_unanswered() { return std::exchange(unanswered_, {}); }

 private:
  std::map<std::string, std::shared_ptr<Other>, std::less<>> all_;
  std::string unanswered_;
};

}  // namespace sallyport::test::detail
