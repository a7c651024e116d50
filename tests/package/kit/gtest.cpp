// Tests with GoogleTest.
#include "routes.hpp"

#include <gtest/gtest.h>

TEST(Mine, Answers) {
  EXPECT_EQ(asked(), "ada");
  sp::test::Service service{routes};
  EXPECT_THROW(service.visitor().get("/").expect(404), sp::test::Failure);
}
