// A test that fails, and says why.
#include "routes.hpp"

#include <gtest/gtest.h>

TEST(Mine, Fails) { sp::test::Service{routes}.visitor().get("/me").expect(200); }
