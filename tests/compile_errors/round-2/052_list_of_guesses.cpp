// M5 sessions and proofs: Takes a list of passwords, so that the app can send the old ones as well. Should happen: does not compile.
// Request: POST /enter {"email":"alice@x.example","passwords":["…","…","the right one"]}: a session?
#include "service.hpp"

struct Enter {
  sp::Email email;
  sp::List<sp::Password, 100> passwords;
};
sp::Task<sp::Response> enter(sp::Body<Enter> in, sp::SignInAttempt attempt) {
  for (const auto& password : in->passwords) {
    auto proof = co_await attempt.try_password(in->email, password);
    if (proof) co_return std::move(proof).begin_session();
  }
  co_return sp::Problem(401, "Wrong");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, enter);
  return app.run();
}
