// What every response has to look like (testing/response_invariants.hpp), as a check of the test that runs.
#pragma once

#include "testing/response_invariants.hpp"

#include <string_view>

namespace sallyport::testing {

/// Fails the test that runs if anything is wrong.
void check_response(const ResponseFields& fields, int status, const ResponseContext& context);
void check_page(const ResponseFields& fields, std::string_view body);

}  // namespace sallyport::testing
