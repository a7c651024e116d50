// code: SEC-011
// cases: 3
// A one-time code that is guessed in an afternoon.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Typed {
  sp::Email email;
#ifndef CASE
  sp::OneTimeCode<6> code;
#elif CASE == 1
  sp::OneTimeCode<4> code;
#elif CASE == 2
  sp::OneTimeCode<1> code;
#elif CASE == 3
  sp::OneTimeCode<11> code;
#endif
};

[[maybe_unused]] static sp::Task<sp::NoContent> confirm(sp::Body<Typed> in, sp::CodeAttempt attempt, const sp::Db&) {
  const auto right = co_await attempt.matches(in->code, "", "confirm an address");
  if (!right) throw sp::Problem(403, "Wrong or old code");
  co_return {};
}

void routes(sp::Router& app) {
  app.post("/confirm", sp::anyone("the code that was sent"), sp::attempts{.max = 5, .per = 15min}, confirm);
}
