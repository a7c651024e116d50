// Whom `limits.deny` refuses.
#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

namespace sallyport::gate {
namespace {

ops::Settings denying(const char* range) {
  ops::Settings settings = sallyport::testing::notes_settings();
  settings.limits.deny = {*base::IpRange::parse(range)};
  return settings;
}

TEST(DenyList, RefusesThoseInARangeAndEndsTheirConnection) {
  sallyport::testing::GateRequest request(denying("192.0.2.0/28"), {}, base::IpAddress::v4(192, 0, 2, 15));
  Exchange& exchange = request.get("/");
  EXPECT_FALSE(not_denied(exchange));
  EXPECT_EQ(exchange.answer.status, 403);
  EXPECT_TRUE(exchange.answer.close);
}

TEST(DenyList, LetsTheNextAddressBe) {
  sallyport::testing::GateRequest request(denying("192.0.2.0/28"), {}, base::IpAddress::v4(192, 0, 2, 16));
  EXPECT_TRUE(not_denied(request.get("/")));
}

TEST(DenyList, GoesByTheClientAndNotByItsProxy) {
  sallyport::testing::GateRequest request(denying("192.0.2.0/28"), {}, base::IpAddress::v4(192, 0, 2, 1));
  Exchange& exchange = request.get("/");
  exchange.client = base::IpAddress::v4(198, 51, 100, 7);
  EXPECT_TRUE(not_denied(exchange));
}

}  // namespace
}  // namespace sallyport::gate
