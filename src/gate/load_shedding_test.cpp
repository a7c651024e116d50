// When an event loop is late.
#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sallyport::gate {
namespace {

using std::chrono::milliseconds;

TEST(LoadShedding, AnswersBusyOnlyBeyondTheSetting) {
  ops::Settings settings = sallyport::testing::notes_settings();
  settings.limits.lag_milliseconds = 500;
  sallyport::testing::GateRequest request(settings);
  request.events.lag = milliseconds(500);
  EXPECT_TRUE(not_overloaded(request.get("/")));
  request.events.lag = milliseconds(501);
  Exchange& exchange = request.get("/");
  EXPECT_FALSE(not_overloaded(exchange));
  EXPECT_EQ(exchange.answer.status, 503);
  EXPECT_EQ(exchange.answer.retry_after, 1U);
}

}  // namespace
}  // namespace sallyport::gate
