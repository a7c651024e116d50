// code: LOG-002
// cases: 2
// The name of an event is one of the list, and known while compiling.
#include "ops/json_line.hpp"

using sallyport::ops::EventName;

inline constexpr EventName known{"authn_login_fail"};
#if CASE == 1
constexpr EventName misspelt{"authn_login_failed"};
#elif CASE == 2
constexpr EventName made_up{"something happened"};
#endif
