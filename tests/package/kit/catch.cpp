// Tests with Catch2.
#include "routes.hpp"

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

TEST_CASE("answers") {
  REQUIRE(asked() == "ada");
  sp::test::Service service{routes};
  REQUIRE_THROWS_WITH(service.visitor().get("/").expect(404),
                      Catch::Contains("GET / was to be answered 404, and 200 came"));
}
