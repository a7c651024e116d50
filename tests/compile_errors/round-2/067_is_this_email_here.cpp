// M5 sessions and proofs: Tells anyone whether an e-mail has an account. Should happen: does not compile.
// Request: POST /taken {"email":"alice@x.example"}: true?
#include "service.hpp"

struct Taken {
  sp::Email email;
};
sp::Task<sp::Response> taken(sp::Body<Taken> in, const sp::Db& db) {
  const auto n =
      co_await db.one<std::int64_t>("SELECT count(*) FROM sallyport_people WHERE email = ?", in->email.key());
  co_return sp::Response::text(n != 0 ? "taken" : "free");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/taken", sp::anyone("the sign-up form asks"), taken);
  return app.run();
}
