// code: LOG-001
// cases: 2
// A secret handed to the log does not compile.
#include "ops/json_line.hpp"

using sallyport::ops::JsonLine;
using sallyport::ops::Severity;

struct Token {
  using is_secret = void;
  operator std::string_view() const { return "hunter2"; }
};

void log_sign_in(std::string_view user, [[maybe_unused]] const Token& token) {
  JsonLine line{"2026-01-01T00:00:00.000Z", Severity::info, "authn_login_success"};
  line.text("user", user).number("status", 200);
#if CASE == 1
  line.text("reason", token);
#elif CASE == 2
  line.number("reason", token);
#endif
}
