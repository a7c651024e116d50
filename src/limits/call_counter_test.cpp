// No more calls at once than allowed, and a place is free again however its holder ends.
#include "limits/call_counter.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::limits {
namespace {

TEST(CallCounter, NoMoreThanTheMost) {
  CallCounter counter;
  CallCounter::Permit first, second, third;
  EXPECT_TRUE(counter.enter(first, 2));
  EXPECT_TRUE(counter.enter(second, 2));
  EXPECT_FALSE(counter.enter(third, 2));
  EXPECT_FALSE(counter.enter(third, 2));
  first.leave();
  EXPECT_TRUE(counter.enter(third, 2));
  EXPECT_FALSE(counter.enter(first, 2));
}

TEST(CallCounter, APlaceIsGivenBackOnce) {
  CallCounter counter;
  {
    CallCounter::Permit permit;
    EXPECT_TRUE(counter.enter(permit, 1));
    permit.leave();
    permit.leave();
  }
  CallCounter::Permit first, second;
  EXPECT_TRUE(counter.enter(first, 1));
  EXPECT_FALSE(counter.enter(second, 1));
}

TEST(CallCounter, APlaceGoesWithItsHolder) {
  CallCounter counter;
  std::vector<CallCounter::Permit> kept;
  {
    CallCounter::Permit permit;
    EXPECT_TRUE(counter.enter(permit, 1));
    kept.push_back(std::move(permit));
  }
  CallCounter::Permit other;
  EXPECT_FALSE(counter.enter(other, 1));
  kept.clear();
  EXPECT_TRUE(counter.enter(other, 1));
}

TEST(CallCounter, ZeroAllowsAnyNumber) {
  CallCounter counter;
  std::vector<CallCounter::Permit> permits(1000);
  for (CallCounter::Permit& permit : permits) EXPECT_TRUE(counter.enter(permit, 0));
}

}  // namespace
}  // namespace sallyport::limits
