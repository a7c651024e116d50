// M5 sessions and proofs: Keeps the proof in a map until the second step has come. Should happen: is neutralised.
// Request: POST /first as Alice (right password), then POST /second by anybody: a session of Alice?
#include "service.hpp"

std::optional<sp::Proof> waiting;
sp::Task<sp::Response> first(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  waiting.emplace(co_await attempt.try_password(in->email, in->password));
  co_return sp::Response::text("now the second step");
}
sp::Response second() {
  if (!waiting) return sp::Problem(409, "First the first step");
  return std::move(*waiting).begin_session();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/first", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, first);
  app.post("/second", sp::anyone("the sign-in form"), second);
  return app.run();
}
