// M5 sessions and proofs: Begins a session for the user that a link names, with a proof that it makes itself. Should happen: does not compile.
#include "service.hpp"

struct Enter {
  sp::Id<sp::User> user;
};
sp::Response enter(sp::Body<Enter>) {
  sp::Proof proof({}, sp::Problem(401, "No"), true);
  return std::move(proof).begin_session();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the link in the mail"), enter);
  return app.run();
}
