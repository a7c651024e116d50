// Tests with doctest.
#include "routes.hpp"

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

TEST_CASE("answers") {
  CHECK(asked() == "ada");
  sp::test::Service service{routes};
  CHECK_THROWS_AS(service.visitor().get("/").expect(404), sp::test::Failure);
}
