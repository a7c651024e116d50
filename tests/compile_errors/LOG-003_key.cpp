// code: LOG-003
// cases: 4
// A member of a log line has a plain literal name, and none that asks for what is never logged.
#include "ops/json_line.hpp"

using sallyport::ops::LogKey;

inline constexpr LogKey plain{"user_agent"};
#if CASE == 1
constexpr LogKey shouting{"User-Agent"};
#elif CASE == 2
constexpr LogKey secret{"password"};
#elif CASE == 3
constexpr LogKey taken{"event"};
#elif CASE == 4
constexpr LogKey empty{""};
#endif
