// M5 sessions and proofs: Awaits whether the code is right, and forgets the if. Should happen: does not compile.
// Request: POST /confirm with a wrong code: confirmed?
#include "service.hpp"

#include <cstdio>

struct Confirm {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
struct Ask {
  sp::Email email;
};
std::string kept;
sp::NoContent ask(sp::Body<Ask> in, sp::Codes codes) {
  const auto code = sp::OneTimeCode<6>::random();
  kept = codes.digest(code, in->email, "confirm an address", 10min);
  std::fprintf(stderr, "mail: %s\n", code.to_send().c_str());
  return {};
}
sp::Task<Reply> confirm(sp::Body<Confirm> in, sp::CodeAttempt attempt) {
  const bool right = co_await attempt.matches(in->code, kept, "confirm an address");
  co_return Reply{"confirmed"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/ask", sp::anyone("asks for a code"), ask);
  app.post("/confirm", sp::anyone("the form for the code"), sp::attempts{.max = 5, .per = 15min}, confirm);
  return app.run();
}
