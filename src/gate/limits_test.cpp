// The general limit as a step: counting, refusing, and giving back.
#include "gate/limits.hpp"

#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

namespace sallyport::gate {
namespace {

ops::Settings burst_of(std::uint32_t burst) {
  ops::Settings settings = sallyport::testing::notes_settings();
  settings.limits.general_per_second = 1;
  settings.limits.general_burst = burst;
  return settings;
}

TEST(GeneralLimit, RefusesBeyondTheBurstAndSaysWhenToComeAgain) {
  sallyport::testing::GateRequest request(burst_of(2));
  EXPECT_EQ(general_limit(request.get("/")), Outcome::next);
  EXPECT_EQ(general_limit(request.get("/")), Outcome::next);
  EXPECT_EQ(general_limit(request.get("/")), Outcome::answered);
  EXPECT_EQ(request.exchange.answer.status, 429);
  EXPECT_EQ(request.exchange.answer.retry_after, 1U);
  request.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(general_limit(request.get("/")), Outcome::next);
}

TEST(GeneralLimit, CountsClientsApart) {
  sallyport::testing::GateRequest request(burst_of(1));
  EXPECT_EQ(general_limit(request.get("/")), Outcome::next);
  Exchange& exchange = request.get("/");
  exchange.client = base::IpAddress::v4(198, 51, 100, 7);
  EXPECT_EQ(general_limit(exchange), Outcome::next);
}

TEST(GeneralLimit, DoesNotCountAssetsOrWhomTheSettingsAllow) {
  ops::Settings settings = burst_of(1);
  settings.limits.allow = {*base::IpRange::parse("192.0.2.0/24")};
  sallyport::testing::GateRequest allowed(settings);
  sallyport::testing::GateRequest assets(burst_of(1));
  RouteFacts asset;
  asset.is_asset = true;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(general_limit(allowed.get("/")), Outcome::next);
    assets.get("/app.css").facts = &asset;
    EXPECT_EQ(general_limit(assets.exchange), Outcome::next);
  }
}

TEST(GeneralLimit, IsGivenBackOnce) {
  sallyport::testing::GateRequest request(burst_of(2));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(general_limit(request.get("/")), Outcome::next) << i;
    give_general_limit_back(request.exchange);
    give_general_limit_back(request.exchange);
  }
  EXPECT_EQ(general_limit(request.get("/")), Outcome::next);
  EXPECT_EQ(general_limit(request.get("/")), Outcome::next);
  EXPECT_EQ(general_limit(request.get("/")), Outcome::answered);
}

}  // namespace
}  // namespace sallyport::gate
