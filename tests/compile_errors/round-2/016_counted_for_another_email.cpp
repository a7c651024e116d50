// M2 limits: Counts attempts for one e-mail and verifies the password of another. Should happen: is neutralised.
// Request: POST /enter {"email":"a1@x.example","login":"alice@x.example","password":"…"}: a session, or 500?
#include "service.hpp"

struct Enter {
  sp::Email email;
  sp::Line<6, 254> login;
  sp::Password password;
};
sp::Task<sp::Response> enter(sp::Body<Enter> in, sp::SignInAttempt attempt) {
  const auto login = sp::Email::parse(in->login.view());
  if (!login) co_return sp::Problem(400, "No e-mail");
  co_return co_await attempt.password(*login, in->password);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, enter);
  return app.run();
}
