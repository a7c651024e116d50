// Clients that ask for much that is not there, and what is logged of it.
#include "gate/not_found_flood.hpp"

#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sallyport::gate {
namespace {

using namespace std::chrono_literals;

class NotFoundFlood : public ::testing::Test {
 protected:
  void ask(int times, base::IpAddress client = base::IpAddress::v4(192, 0, 2, 1)) {
    for (int i = 0; i < times; ++i) {
      request_.get("/missing").client = client;
      count_not_found(request_.exchange);
    }
  }
  [[nodiscard]] int events() {
    const std::string log = request_.logged();
    int found = 0;
    for (std::size_t at = 0; (at = log.find("\"malicious_excess_404\"", at)) != log.npos; ++at) ++found;
    return found;
  }

  testing::GateRequest request_;
};

TEST_F(NotFoundFlood, IsLoggedBeyondThirtyAtOnce) {
  ask(30);
  EXPECT_EQ(events(), 0);
  ask(1);
  EXPECT_EQ(events(), 1);
}

TEST_F(NotFoundFlood, IsLoggedOnceAnHour) {
  ask(100);
  EXPECT_EQ(events(), 1);
  request_.clock.advance(59min);
  ask(100);
  EXPECT_EQ(events(), 1);
  request_.clock.advance(2min);
  ask(100);
  EXPECT_EQ(events(), 2);
}

TEST_F(NotFoundFlood, OneEveryTwoSecondsIsNone) {
  for (int i = 0; i < 200; ++i) {
    ask(1);
    request_.clock.advance(2s);
  }
  EXPECT_EQ(events(), 0);
}

TEST_F(NotFoundFlood, CountsClientsApart) {
  ask(30);
  ask(30, base::IpAddress::v4(198, 51, 100, 7));
  EXPECT_EQ(events(), 0);
  ask(1, base::IpAddress::v4(198, 51, 100, 7));
  EXPECT_EQ(events(), 1);
  EXPECT_NE(request_.logged().find("198.51.100.7"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::gate
