// M5 sessions and proofs: Answers the code to whoever asks for it, until mail works. Should happen: does not compile.
// Request: POST /ask {"email":"alice@x.example"}: the code?
#include "service.hpp"

struct Confirm {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
struct Ask {
  sp::Email email;
};
std::string kept;
sp::Response ask(sp::Body<Ask> in, sp::Codes codes) {
  const auto code = sp::OneTimeCode<6>::random();
  kept = codes.digest(code, in->email, "confirm an address", 10min);
  return sp::Response::text(code.to_send());
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/ask", sp::anyone("asks for a code"), ask);
  return app.run();
}
