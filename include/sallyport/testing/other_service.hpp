// Another service that the tested one calls: what it answers, and what it was asked.
#pragma once

#include <sallyport/outbound_error.hpp>
#include <sallyport/testing/answer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::test {

namespace detail {
struct Other;
}

/// A call that the service has made.
struct OutboundCall {
  std::string method;
  std::string target;
  Pairs fields;  ///< that its handler added, the `Authorization` of `bearer` among them
  std::string body;

  /// The value of a field, whose name is in any case; empty without one.
  [[nodiscard]] std::string field(std::string_view name) const;
  /// The body as JSON, or a value of it by its pointer.
  [[nodiscard]] Json json(std::string_view pointer = {}) const;
};

/// What stands for another service, so that no call leaves the test:
///
///     auto bank = service.outbound("https://api.bank.example");
///     bank.answers(200, R"({"number":"17"})");
///     ada.post("/pay", R"({"cents":500})").expect(200);
///     EXPECT_EQ(bank.calls().at(0).json("/cents"), 500);
///
/// A call of a service of which the test has not said what it answers throws `Failure` where the test asked for what led to it.
class OtherService {
 public:
  explicit OtherService(std::shared_ptr<detail::Other> other) noexcept : other_(std::move(other)) {}

  /// Every call from here on.
  OtherService& answers(int status, std::string body = {}, Pairs fields = {{"content-type", "application/json"}});
  /// The next call for which nothing else has been said in this way; then what `answers` says.
  OtherService& answers_once(int status, std::string body = {}, Pairs fields = {{"content-type", "application/json"}});
  /// Every call from here on ends so: `bank.fails(sp::OutboundFailure::timed_out)`.
  OtherService& fails(OutboundFailure failure);
  OtherService& fails_once(OutboundFailure failure);

  /// All calls so far, in their order.
  [[nodiscard]] const std::vector<OutboundCall>& calls() const noexcept;

 private:
  std::shared_ptr<detail::Other> other_;
};

}  // namespace sallyport::test
