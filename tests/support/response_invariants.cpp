// Fails the test that runs, with every sentence about what is wrong.
#include "support/response_invariants.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::testing {

void check_response(const ResponseFields& fields, int status, const ResponseContext& context) {
  for (const std::string& broken : broken_invariants(fields, status, context)) ADD_FAILURE() << broken;
}

void check_page(const ResponseFields& fields, std::string_view body) {
  for (const std::string& broken : broken_page(fields, body)) ADD_FAILURE() << broken;
}

}  // namespace sallyport::testing
