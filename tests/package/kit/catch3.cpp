// Tests with Catch2 3.
#include "routes.hpp"

#include <catch2/catch_all.hpp>

TEST_CASE("answers") {
  REQUIRE(asked() == "ada");
  sp::test::Service service{routes};
  REQUIRE_THROWS_WITH(service.visitor().get("/").expect(404),
                      Catch::Matchers::ContainsSubstring("GET / was to be answered 404, and 200 came"));
}
