// M5 sessions and proofs: Lets editors give any role to anybody. Should happen: does not compile.
// Request: POST /promote {"user":"…","role":"admin"} as an editor: an administrator?
#include "service.hpp"

struct Promote {
  sp::Id<sp::User> user;
  sp::Line<1, 20> role;
};
sp::Task<sp::NoContent> promote(sp::Body<Promote> in, sp::AccountsAdmin& accounts) {
  static_cast<void>(co_await accounts.set_role(in->user, std::string(in->role.view())));
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/promote", sp::role("editor"), promote);
  return app.run();
}
