// Compares all members of a quota.
#pragma once

#include "limits/charge.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace sallyport::testing {

/// Times in nanoseconds.
inline void expect_quota(const limits::Quota& quota, bool admitted, std::uint32_t remaining, std::int64_t retry_after,
                         std::int64_t reset) {
  EXPECT_EQ(quota.admitted, admitted);
  EXPECT_EQ(quota.remaining, remaining);
  EXPECT_EQ(quota.retry_after_ns, retry_after);
  EXPECT_EQ(quota.reset_ns, reset);
}

}  // namespace sallyport::testing
